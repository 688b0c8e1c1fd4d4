import type { Log } from '@scalpstorm/observability';
import { type OutgoingRecord, sizeOf, translate } from '../domain/translate.js';
import type { EventStream, StoredMessage } from '../ports/event-streams.js';
import { ProduceFailed, type RecordLog } from '../ports/record-log.js';
import type { BridgeSettings } from '../ports/settings.js';
import type { BridgeMetrics, BuriedCode } from './bridge-metrics.js';
import { backOff, isWorthALine } from './pause.js';

interface CarryPorts {
  readonly source: EventStream;
  readonly kafka: RecordLog;
  readonly metrics: BridgeMetrics;
  readonly log: Log;
}

interface Entry {
  readonly message: StoredMessage;
  readonly records: readonly OutgoingRecord[];
}

/**
 * One stream to its topics: take, produce, and only then acknowledge. One batch at a time, so that nothing of a key passes
 * what came before it. While Kafka is away the batch stays in hand, the server stops delivering, and nothing grows here.
 */
export class CarryStream {
  readonly #stop = new AbortController();
  #failure: ProduceFailed | null = null;
  #busy: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: BridgeSettings,
    private readonly ports: CarryPorts,
  ) {}

  /** Why the last attempt failed; null when it did not. */
  get failure(): ProduceFailed | null {
    return this.#failure;
  }

  /** Until it is stopped. */
  async run(): Promise<void> {
    const { source } = this.ports;
    for (;;) {
      const batch = await source.next(this.settings.batch);
      if (batch.length === 0) return;
      const carried = this.#carry(batch);
      this.#busy = carried.then(() => undefined);
      if (!(await carried)) return;
    }
  }

  /** Resolves when no batch is on its way. */
  idle(): Promise<void> {
    return this.#busy;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #carry(batch: readonly StoredMessage[]): Promise<boolean> {
    const entries = await this.#readable(batch);
    const carried = entries !== null && (await this.#produce(entries));
    if (carried) this.ports.source.done(batch);
    return carried;
  }

  /** What can go to Kafka, everything else being put aside; null when stopped before. */
  async #readable(batch: readonly StoredMessage[]): Promise<Entry[] | null> {
    const { routes, messageBytesMax } = this.settings;
    const entries: Entry[] = [];
    for (const message of batch) {
      const translation = translate(message, routes);
      if (translation.kind === 'unreadable') {
        if (!(await this.#bury(message, 'EVENT_UNREADABLE', translation.reason))) return null;
        continue;
      }
      const { records } = translation;
      const bytes = Math.max(0, ...records.map(sizeOf));
      if (bytes > messageBytesMax) {
        const reason = `${bytes} bytes, ${messageBytesMax} allowed`;
        if (!(await this.#bury(message, 'KAFKA_MESSAGE_TOO_LARGE', reason))) return null;
        continue;
      }
      if (records.length > 0) entries.push({ message, records });
    }
    return entries;
  }

  /** True when all of it is in Kafka or put aside; false when stopped before. */
  async #produce(entries: readonly Entry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      const failure = await this.#attempt(entries);
      if (failure === null) return true;
      if (failure.isAboutTheRecord) return this.#isolate(entries, failure);
      this.#note(failure, attempt);
      await backOff(attempt, this.settings.retry, this.#stop.signal);
    }
    return false;
  }

  async #attempt(entries: readonly Entry[]): Promise<ProduceFailed | null> {
    const { kafka, metrics, source } = this.ports;
    const records = entries.flatMap((entry) => entry.records);
    const end = metrics.produceSeconds.startTimer({ stream: source.stream });
    try {
      await kafka.produce(records);
      end();
      this.#failure = null;
      for (const { topic } of records) metrics.produced.inc({ topic });
      return null;
    } catch (error) {
      if (!(error instanceof ProduceFailed)) throw error;
      metrics.errors.inc({ code: error.code });
      return error;
    }
  }

  /** Finds, half by half, the records that Kafka does not take; the order of the others stays. */
  async #isolate(entries: readonly Entry[], failure: ProduceFailed): Promise<boolean> {
    const [only] = entries;
    if (only !== undefined && entries.length === 1) {
      const code = failure.code === 'KAFKA_MESSAGE_TOO_LARGE' ? failure.code : 'KAFKA_RECORD_REFUSED';
      return this.#bury(only.message, code, failure.message);
    }
    const half = Math.ceil(entries.length / 2);
    return (await this.#produce(entries.slice(0, half))) && (await this.#produce(entries.slice(half)));
  }

  /** True when it is stored there. */
  async #bury(message: StoredMessage, code: BuriedCode, detail: string): Promise<boolean> {
    const { source, metrics, log } = this.ports;
    const reason = detail.startsWith(code) ? detail : `${code}: ${detail}`;
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      try {
        await source.bury(message, reason);
        metrics.buried.inc({ code });
        return true;
      } catch (error) {
        const { stream } = source;
        if (isWorthALine(attempt))
          log.error({ error, stream, attempt }, 'the dead letter was not stored; trying again');
        await backOff(attempt, this.settings.retry, this.#stop.signal);
      }
    }
    return false;
  }

  #note(failure: ProduceFailed, attempt: number): void {
    this.#failure = failure;
    const { stream } = this.ports.source;
    if (isWorthALine(attempt)) {
      this.ports.log.warn({ code: failure.code, stream, attempt }, `not in Kafka yet: ${failure.message}`);
    }
  }
}

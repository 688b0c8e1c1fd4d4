import type { Log } from '@scalpstorm/observability';
import { type HeardMessage, type OutgoingRecord, sizeOf, translate } from '../domain/translate.js';
import { ProduceFailed, type RecordLog } from '../ports/record-log.js';
import type { BridgeSettings } from '../ports/settings.js';
import type { BridgeMetrics } from './bridge-metrics.js';
import { backOff, isWorthALine } from './pause.js';

/**
 * Market data to its topics, at most once: nothing keeps it for us, and the newest is worth the most. While Kafka is slow or
 * away the oldest is dropped, and every loss is counted.
 */
export class CarryMarket {
  readonly #stop = new AbortController();
  #waiting: OutgoingRecord[] = [];
  #wake: () => void = () => {};
  #failures = 0;

  constructor(
    private readonly settings: BridgeSettings,
    private readonly ports: { readonly kafka: RecordLog; readonly metrics: BridgeMetrics; readonly log: Log },
  ) {}

  hear(message: HeardMessage): void {
    const { routes, marketWaitingMax, messageBytesMax } = this.settings;
    const translation = translate(message, routes);
    if (translation.kind === 'unreadable') {
      this.#dropped(1);
      return;
    }
    const fitting = translation.records.filter((record) => sizeOf(record) <= messageBytesMax);
    this.#dropped(translation.records.length - fitting.length);
    this.#waiting.push(...fitting);
    // In one go, because moving a long list for every message would cost more than the message.
    if (this.#waiting.length > 2 * marketWaitingMax) {
      this.#dropped(this.#waiting.length - marketWaitingMax);
      this.#waiting = this.#waiting.slice(-marketWaitingMax);
    }
    this.#wake();
  }

  async run(): Promise<void> {
    const { messagesMax } = this.settings.batch;
    while (!this.#stop.signal.aborted) {
      if (this.#waiting.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      await this.#produce(this.#waiting.splice(0, messagesMax));
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#wake();
  }

  async #produce(records: readonly OutgoingRecord[]): Promise<void> {
    const { kafka, metrics, log } = this.ports;
    const end = metrics.produceSeconds.startTimer({ stream: 'MARKET' });
    try {
      await kafka.produce(records);
      end();
      this.#failures = 0;
      for (const { topic } of records) metrics.produced.inc({ topic });
    } catch (error) {
      if (!(error instanceof ProduceFailed)) throw error;
      this.#failures += 1;
      metrics.errors.inc({ code: error.code });
      this.#dropped(records.length);
      if (isWorthALine(this.#failures)) log.warn({ code: error.code }, `market data dropped: ${error.message}`);
      await backOff(this.#failures, this.settings.retry, this.#stop.signal);
    }
  }

  #dropped(count: number): void {
    if (count > 0) this.ports.metrics.marketDropped.inc(count);
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import { carriedStreams, families } from '../domain/families.js';
import { type EventStream, EventStreams } from '../ports/event-streams.js';
import { ProduceFailed, RecordLog } from '../ports/record-log.js';
import { BridgeSettings } from '../ports/settings.js';
import { BridgeMetrics } from './bridge-metrics.js';
import { CarryMarket } from './carry-market.js';
import { CarryStream } from './carry-stream.js';
import { backOff, isWorthALine } from './pause.js';

const lagEveryMs = 5_000;
/** Together under the time that a service has to stop. */
const finishMsMax = 1_500;

interface Carried {
  readonly source: EventStream;
  readonly carrying: CarryStream;
}

/** Starts one carrier a stream and stops them; tells how far behind each is. */
@Injectable()
export class Bridge implements BeforeApplicationShutdown {
  readonly #carried: Carried[] = [];
  readonly #sources: EventStream[] = [];
  readonly #stop = new AbortController();
  readonly #metrics: BridgeMetrics;
  #market: CarryMarket | null = null;
  #topics: ProduceFailed | null = null;

  constructor(
    private readonly settings: BridgeSettings,
    private readonly streams: EventStreams,
    private readonly kafka: RecordLog,
    private readonly log: Log,
    metrics: Metrics,
    health: HealthRegistry,
  ) {
    this.#metrics = new BridgeMetrics(metrics, settings.routes.topics.values());
    health.register('kafka', async () => this.#check(), { critical: true });
  }

  /** Opens every stream and returns; messages flow when this process is the one that reads them. */
  async begin(): Promise<void> {
    for (const stream of carriedStreams) this.#sources.push(await this.streams.open(stream));
    const topics = Object.fromEntries(this.settings.routes.topics);
    this.log.info({ topics, brokers: this.settings.connection.brokers }, 'carrying events to Kafka');
    this.#surely(this.#flow());
    this.#surely(this.#watchLag());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    this.#market?.stop();
    for (const { carrying } of this.#carried) carrying.stop();
    await Promise.all(this.#sources.map((source) => this.#stopOf(source)));
    await this.kafka.close();
  }

  /** A batch that is being produced may finish, so that it is not sent twice. */
  async #stopOf(source: EventStream): Promise<void> {
    const carried = this.#carried.find((known) => known.source === source);
    if (carried === undefined) return source.stop(finishMsMax);
    await Promise.race([carried.carrying.idle(), wait(finishMsMax, undefined, { ref: false })]);
    await source.stop(finishMsMax);
  }

  async #flow(): Promise<void> {
    if (!(await this.#makeTopics())) return;
    await this.#hearMarket();
    await Promise.all(this.#sources.map((source) => this.#carry(source)));
  }

  async #makeTopics(): Promise<boolean> {
    if (this.settings.newTopics === null) return true;
    const topics = [...this.settings.routes.topics.values()];
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      try {
        await this.kafka.createTopics(topics);
        this.#topics = null;
        return true;
      } catch (error) {
        if (!(error instanceof ProduceFailed)) throw error;
        this.#topics = error;
        this.#metrics.errors.inc({ code: error.code });
        if (isWorthALine(attempt)) this.log.warn({ code: error.code, attempt }, `no topics yet: ${error.message}`);
        await backOff(attempt, this.settings.retry, this.#stop.signal);
      }
    }
    return false;
  }

  async #hearMarket(): Promise<void> {
    const { topics } = this.settings.routes;
    const chosen = families.filter(({ name, contract }) => contract.stream === null && topics.has(name));
    if (chosen.length === 0) return;
    const market = new CarryMarket(this.settings, { kafka: this.kafka, metrics: this.#metrics, log: this.log });
    this.#market = market;
    await this.streams.listen(
      chosen.map(({ contract }) => contract),
      (message) => market.hear(message),
    );
    this.#surely(market.run());
  }

  async #carry(source: EventStream): Promise<void> {
    await source.begin();
    if (this.#stop.signal.aborted) return;
    const ports = { source, kafka: this.kafka, metrics: this.#metrics, log: this.log };
    const carrying = new CarryStream(this.settings, ports);
    this.#carried.push({ source, carrying });
    this.#surely(carrying.run());
  }

  async #watchLag(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await Promise.all(this.#sources.map((source) => this.#measure(source)));
      await backOff(1, { firstMs: lagEveryMs, maxMs: lagEveryMs }, this.#stop.signal);
    }
  }

  async #measure(source: EventStream): Promise<void> {
    const { stream } = source;
    const oldest = source.oldestStoredAtMs;
    this.#metrics.lagSeconds.set({ stream }, oldest === null ? 0 : Math.max(0, (Date.now() - oldest) / 1_000));
    // The server does not answer: the health check of the bus says so, and the number stays.
    const behind = await source.behind().catch(() => null);
    if (behind !== null) this.#metrics.lag.set({ stream }, behind);
  }

  #check(): void {
    if (this.#topics !== null) throw this.#topics;
    const failed = this.#carried.find(({ carrying }) => carrying.failure !== null);
    if (failed?.carrying.failure) throw failed.carrying.failure;
    const waiting = this.#sources.filter((source) => !source.reading).map(({ stream }) => stream);
    if (waiting.length > 0) throw new Error(`another process still reads ${waiting.join(', ')}`);
  }

  /** What ends a carrier is a defect: the process stops and starts anew, from the last acknowledgement. */
  #surely(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.log.fatal({ error }, 'the bridge broke');
      setImmediate(() => {
        throw error;
      });
    });
  }
}

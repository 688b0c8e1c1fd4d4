import { Metrics } from '@scalpstorm/observability';
import { carriedStreams } from '../domain/families.js';
import { produceFailedCodes } from '../ports/record-log.js';

/** Why a message went to the dead letters. */
export const buriedCodes = ['KAFKA_MESSAGE_TOO_LARGE', 'KAFKA_RECORD_REFUSED', 'EVENT_UNREADABLE'] as const;
export type BuriedCode = (typeof buriedCodes)[number];

/** What the bridge counts; everything starts at 0, so that an alert has a series from the first minute. */
export class BridgeMetrics {
  readonly produced;
  readonly produceSeconds;
  readonly errors;
  readonly buried;
  readonly lag;
  readonly lagSeconds;
  readonly marketDropped;

  constructor(metrics: Metrics, topics: Iterable<string>) {
    this.produced = metrics.counter({
      name: 'kafka_bridge_produced_total',
      help: 'Records that Kafka has acknowledged',
      labels: ['topic'],
    });
    this.produceSeconds = metrics.histogram({
      name: 'kafka_bridge_produce_seconds',
      help: 'From produce to the acknowledgement of all replicas, one batch',
      labels: ['stream'],
    });
    this.errors = metrics.counter({
      name: 'kafka_bridge_errors_total',
      help: 'Produce attempts that failed, by code',
      labels: ['code'],
    });
    this.buried = metrics.counter({
      name: 'kafka_bridge_dead_letters_total',
      help: 'Messages that cannot go to Kafka and were put aside, by code',
      labels: ['code'],
    });
    this.lag = metrics.gauge({
      name: 'kafka_bridge_lag',
      help: 'Messages of the stream that are not yet in Kafka',
      labels: ['stream'],
    });
    this.lagSeconds = metrics.gauge({
      name: 'kafka_bridge_lag_seconds',
      help: 'Age of the oldest message of the stream that is not yet in Kafka',
      labels: ['stream'],
    });
    this.marketDropped = metrics.counter({
      name: 'kafka_bridge_market_dropped_total',
      help: 'Market data that did not reach Kafka',
    });
    for (const topic of topics) this.produced.inc({ topic }, 0);
    for (const code of produceFailedCodes) this.errors.inc({ code }, 0);
    for (const code of buriedCodes) this.buried.inc({ code }, 0);
    for (const stream of carriedStreams) {
      this.lag.set({ stream }, 0);
      this.lagSeconds.set({ stream }, 0);
    }
    this.marketDropped.inc(0);
  }
}

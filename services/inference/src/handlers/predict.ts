import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { predictionMade } from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { FeatureStream, type Sample } from '@scalpstorm/learning';
import type { FeedStatus, InstrumentId, Prediction, Quote, Trade } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { maySpeakOf } from '../domain/model-card.js';
import { InferenceMetrics } from '../inference-metrics.js';
import type { RunOutcome } from './batch-queue.js';
import { Dispatcher } from './dispatcher.js';
import { Models, type ServingModel } from './models.js';

/** A market in which nothing happens is looked at this often. */
const advanceMs = 50;
/** More than any venue's list that somebody predicts; later ones are not followed. */
const instrumentsMax = 2_000;

/** Features of the live market through the code that training used, and what the models say about them, as events. */
@Injectable()
export class Predict implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly streams = new Map<InstrumentId, FeatureStream>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly models: Models,
    private readonly dispatcher: Dispatcher,
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly metrics: InferenceMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.advance(), advanceMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  onQuote(quote: Quote): void {
    const stream = this.streamOf(quote.instrumentId);
    if (stream !== null) this.tell(quote.instrumentId, stream.onQuote(quote, this.clock.now()));
  }

  onTrade(trade: Trade): void {
    const stream = this.streamOf(trade.instrumentId);
    if (stream !== null) this.tell(trade.instrumentId, stream.onTrade(trade, this.clock.now()));
  }

  /** What was heard before a feed broke is not the market after it. */
  onStatus({ instrumentId, state }: FeedStatus): void {
    if (state !== 'live') this.streams.get(instrumentId)?.forget();
  }

  private advance(): void {
    const now = this.clock.now();
    for (const [instrumentId, stream] of this.streams) this.tell(instrumentId, stream.advance(now));
  }

  private streamOf(instrumentId: InstrumentId): FeatureStream | null {
    const known = this.streams.get(instrumentId);
    if (known !== undefined) return known;
    if (this.streams.size >= instrumentsMax || !this.models.all().some(({ card }) => maySpeakOf(card, instrumentId)))
      return null;
    const stream = new FeatureStream();
    this.streams.set(instrumentId, stream);
    return stream;
  }

  private tell(instrumentId: InstrumentId, sample: Sample | null): void {
    if (sample === null) return;
    for (const serving of this.models.all()) {
      if (maySpeakOf(serving.card, instrumentId)) void this.predict(instrumentId, sample, serving);
    }
  }

  /** A prediction that would be stale when it is ready is not made. */
  private async predict(
    instrumentId: InstrumentId,
    { at, values }: Sample,
    { card, lane }: ServingModel,
  ): Promise<void> {
    const began = this.clock.now();
    const validUntil = Timestamp.plus(at, card.validForMs * millisecond);
    const outcome = await this.dispatcher.submit(lane, { count: 1, data: values }, validUntil);
    this.metrics.answered(card.name, outcomeOf(outcome.kind), this.clock.now() - began);
    if (outcome.kind !== 'ran') return;
    const [up, down] = ['up', 'down'].map((name) => outcome.data[card.outputs.indexOf(name)] ?? Number.NaN) as [
      number,
      number,
    ];
    if (!(up >= 0 && up <= 1 && down >= 0 && down <= 1)) return;
    const prediction: Prediction = {
      instrumentId,
      model: card.name,
      version: card.version,
      up: { probability: up, ...card.payoff.up },
      down: { probability: down, ...card.payoff.down },
      horizon: card.horizonMs * millisecond,
      occurredAt: at,
      validUntil,
    };
    this.bus.publish(predictionMade, { meta: newMeta(this.clock, null, at), prediction });
    this.metrics.predicted(card.name);
  }
}

/** As the refusals of questions are called. */
const outcomeOf = (kind: RunOutcome['kind']): string =>
  ({
    ran: 'ok',
    expired: 'DEADLINE_EXPIRED',
    full: 'QUEUE_FULL',
    failed: 'INFERENCE_FAILED',
    away: 'MODEL_UNAVAILABLE',
    closed: 'MODEL_VERSION_NOT_FOUND',
  })[kind];

import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Quote, Trade } from '@scalpstorm/model';
import { featureNames } from './features/feature-set.js';
import { FeatureStream, type Sample } from './features/feature-stream.js';
import { type BarrierSpec, indexAt, type QuoteSeries, touchBarriers } from './labels/triple-barrier.js';

/** What was heard of one market, in the order in which it was heard. */
export type MarketEvent =
  | { readonly kind: 'quote'; readonly at: Timestamp; readonly quote: Quote }
  | { readonly kind: 'trade'; readonly at: Timestamp; readonly trade: Trade };

/** Rows of features with what came after them; row r has its features at [r × features, (r + 1) × features). */
export interface Dataset {
  readonly rows: number;
  readonly features: Float32Array;
  readonly times: Float64Array;
  /** No label looks further than this beyond the time of its row. */
  readonly labelSpan: Micros;
  readonly up: Outcomes;
  readonly down: Outcomes;
}

export interface Outcomes {
  /** 1: the target was reached first. */
  readonly won: Uint8Array;
  /** Basis points, before fees. */
  readonly grossBps: Float64Array;
}

/** Every sample of the events, through the very code that serves. */
export function samplesOf(events: Iterable<MarketEvent>): readonly Sample[] {
  const stream = new FeatureStream();
  const samples: Sample[] = [];
  for (const event of events) {
    const sample =
      event.kind === 'quote' ? stream.onQuote(event.quote, event.at) : stream.onTrade(event.trade, event.at);
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

export function buildDataset(events: readonly MarketEvent[], spec: BarrierSpec): Dataset {
  const series = seriesOf(events);
  const labelled: { sample: Sample; touches: NonNullable<ReturnType<typeof touchBarriers>> }[] = [];
  let from = 0;
  for (const sample of samplesOf(events)) {
    from = indexAt(series.times, sample.at, from);
    const touches = touchBarriers(series, from, sample.at, spec);
    if (touches !== null) labelled.push({ sample, touches });
  }
  const width = featureNames.length;
  const features = new Float32Array(labelled.length * width);
  for (const [row, { sample }] of labelled.entries()) features.set(sample.values, row * width);
  const outcomes = (side: 'up' | 'down'): Outcomes => ({
    won: Uint8Array.from(labelled, ({ touches }) => (touches[side].won ? 1 : 0)),
    grossBps: Float64Array.from(labelled, ({ touches }) => touches[side].grossBps),
  });
  return {
    rows: labelled.length,
    features,
    times: Float64Array.from(labelled, ({ sample }) => sample.at),
    labelSpan: spec.delay + spec.horizon,
    up: outcomes('up'),
    down: outcomes('down'),
  };
}

export function seriesOf(events: readonly MarketEvent[]): QuoteSeries {
  const quotes = events.filter((event) => event.kind === 'quote');
  return {
    times: Float64Array.from(quotes, ({ at }) => at),
    bids: Float64Array.from(quotes, ({ quote }) => Number(quote.bidPrice) / 1e12),
    asks: Float64Array.from(quotes, ({ quote }) => Number(quote.askPrice) / 1e12),
  };
}

/** Half-open ranges of rows. */
export interface Split {
  readonly train: Range;
  readonly calibrate: Range;
  readonly test: Range;
}
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * In the order of time: 60 % to train, 20 % to calibrate, 20 % to judge. Rows at the end of a part whose label could reach into
 * the next one are left out (purged), so no part knows anything of a later one.
 */
export function splitByTime(dataset: Dataset): Split {
  const [first, second] = [Math.floor(dataset.rows * 0.6), Math.floor(dataset.rows * 0.8)];
  return {
    train: { from: 0, to: purged(dataset, first) },
    calibrate: { from: first, to: purged(dataset, second) },
    test: { from: second, to: dataset.rows },
  };
}

function purged({ times, labelSpan }: Dataset, boundary: number): number {
  const begin = times[boundary] ?? Number.POSITIVE_INFINITY;
  let to = boundary;
  while (to > 0 && (times[to - 1] ?? 0) + labelSpan >= begin) to -= 1;
  return to;
}

import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { type MarketEvent, samplesOf } from '../dataset.js';
import { waveMarket } from '../testing/wave-market.js';
import { featureNames, quoteAgeMax, sampleEvery, windowSamples } from './feature-set.js';
import { FeatureStream, type Sample } from './feature-stream.js';

const market = waveMarket({ seed: 5, seconds: 60, waveBps: 6 });
const through = (stream: FeatureStream, event: MarketEvent): Sample | null =>
  event.kind === 'quote' ? stream.onQuote(event.quote, event.at) : stream.onTrade(event.trade, event.at);
const at = (name: string, { values }: Sample): number => values[featureNames.indexOf(name)] ?? Number.NaN;
const last = <Value>(values: readonly Value[]): Value => {
  const value = values.at(-1);
  if (value === undefined) throw new Error('there is none');
  return value;
};

describe('the features', () => {
  it('come once in a quarter of a second, after the window is full', () => {
    const samples = samplesOf(market);
    const times = samples.map((sample) => sample.at);
    expect(times.every((time) => time % sampleEvery === 0)).toBe(true);
    for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] ?? 0)).toBe(sampleEvery);
    expect((times[0] ?? 0) - last(market.slice(0, 1)).at).toBeGreaterThanOrEqual(windowSamples * sampleEvery);
    expect(samples.every(({ values }) => values.length === featureNames.length && values.every(Number.isFinite))).toBe(
      true,
    );
  });

  it('know nothing of later events: those of a market that was cut off are the same', () => {
    const whole = new Map(samplesOf(market).map((sample) => [sample.at, sample.values]));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: market.length }), (length) => {
        const cut = samplesOf(market.slice(0, length));
        for (const { at: time, values } of cut) expect(values).toEqual(whole.get(time));
      }),
      { numRuns: 40 },
    );
  });

  it('do not change when what comes after is another market altogether', () => {
    const half = Math.floor(market.length / 2);
    const cut = market[half]?.at ?? 0;
    const other = market.map((event, index) => {
      if (index < half || event.kind !== 'quote') return event;
      const { quote } = event;
      return {
        ...event,
        quote: { ...quote, bidPrice: quote.askPrice, askPrice: (quote.askPrice * 2n) as typeof quote.askPrice },
      };
    });
    const before = (events: readonly MarketEvent[]) => samplesOf(events).filter((sample) => sample.at <= cut);
    expect(before(other)).toEqual(before(market));
    expect(samplesOf(other)).not.toEqual(samplesOf(market));
  });

  it('are what they are called', () => {
    const samples = samplesOf(market);
    const sample = last(samples);
    const second4 = samples[samples.length - 17];
    if (second4 === undefined) throw new Error('too few samples');
    const quoteAt = (time: number) =>
      last(market.filter((event) => event.kind === 'quote' && event.at < time)) as MarketEvent & { kind: 'quote' };
    const mid = (time: number) => {
      const { bidPrice, askPrice } = quoteAt(time).quote;
      return (Number(bidPrice) + Number(askPrice)) / 2;
    };
    expect(at('return_4000ms_bps', sample)).toBeCloseTo((mid(sample.at) / mid(second4.at) - 1) * 10_000, 3);
    const { bidPrice, askPrice, bidQuantity, askQuantity } = quoteAt(sample.at).quote;
    expect(at('spread_bps', sample)).toBeCloseTo((Number(askPrice - bidPrice) / mid(sample.at)) * 10_000, 5);
    const imbalance = (Number(bidQuantity) - Number(askQuantity)) / (Number(bidQuantity) + Number(askQuantity));
    expect(at('book_imbalance', sample)).toBeCloseTo(imbalance, 5);
    expect(at('range_position', sample)).toBeGreaterThanOrEqual(0);
    expect(at('range_position', sample)).toBeLessThanOrEqual(1);
    for (const name of ['flow_imbalance_1000ms', 'flow_imbalance_5000ms'])
      expect(Math.abs(at(name, sample))).toBeLessThanOrEqual(1);
  });

  it('begin anew after a quote that is too old, and when a feed broke', () => {
    const stream = new FeatureStream();
    for (const event of market) through(stream, event);
    const end = last(market).at;
    expect(stream.advance(Timestamp.plus(end, second))).not.toBeNull();
    expect(stream.advance(Timestamp.plus(end, quoteAgeMax + second))).toBeNull();
    expect(stream.advance(Timestamp.plus(end, quoteAgeMax + 2 * second))).toBeNull();
    const broken = new FeatureStream();
    for (const event of market) through(broken, event);
    broken.forget();
    expect(broken.advance(Timestamp.plus(end, second))).toBeNull();
  });

  it('take a time that goes back for the time before', () => {
    const stream = new FeatureStream();
    const [first, ...rest] = market;
    if (first === undefined) throw new Error('there is none');
    for (const event of rest) through(stream, event);
    expect(through(stream, first)).toBeNull();
    expect(stream.advance(Timestamp.plus(last(market).at, second))).not.toBeNull();
  });
});

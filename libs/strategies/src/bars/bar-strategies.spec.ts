import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { checkStrategy, play, walkingBars } from '../kit.js';
import { barStrategies } from './bar-strategies.js';
import type { BarDecider, BarStrategy, ConfiguredBarStrategy } from './bar-strategy.js';

const bars = walkingBars(7, 3_000);

/** What is wished at each bar, whatever was wished before. */
const wishesOf = (decider: BarDecider, from = 0): readonly string[] =>
  play(decider, bars, { from, warmUp: Number.POSITIVE_INFINITY }).map(({ wish }) => wish ?? '');

function configured(id: string, parameters = {}): ConfiguredBarStrategy {
  const read = barStrategies.get(id)?.configure(parameters);
  if (read?.ok !== true) throw new Error(`${id}: ${JSON.stringify(read?.error)}`);
  return read.value;
}

describe.each([...barStrategies.keys()])('the strategy %s', (id) => {
  const strategy = configured(id);

  it('wants in and out of a market that goes both ways', () => {
    const told = wishesOf(strategy.decider()).slice(strategy.warmUp);
    expect(told.filter((wish) => wish === 'enter').length).toBeGreaterThan(10);
    expect(told.filter((wish) => wish === 'exit').length).toBeGreaterThan(10);
  });

  it('keeps what every strategy must keep', () => {
    const { wishes } = checkStrategy(barStrategies.get(id) as BarStrategy, {}, bars);
    expect(wishes.some(({ held }) => held)).toBe(true);
  });

  it('has forgotten how it began when its warm-up is over', () => {
    // Recursive averages never forget wholly; what is left of the beginning decides nothing but ties.
    const late = 500;
    const whole = wishesOf(strategy.decider()).slice(late + 10 * strategy.warmUp);
    const short = wishesOf(strategy.decider(), late).slice(10 * strategy.warmUp);
    const apart = whole.filter((wish, index) => wish !== short[index]).length;
    expect(apart / whole.length).toBeLessThan(0.002);
  });

  it('has a source, and a schema with every parameter', () => {
    const { source, schema, parameters } = barStrategies.get(id) as NonNullable<ReturnType<typeof barStrategies.get>>;
    expect(source.length).toBeGreaterThan(20);
    expect(Object.keys(schema['properties'] as object)).toEqual(Object.keys(parameters));
  });
});

describe('the kernel of a strategy', () => {
  it.each<[string, JsonObject]>([
    ['ema-cross', {}],
    ['ema-cross', { fast: 3, slow: 7 }],
    ['macd-trend', {}],
    ['rsi-reversion', { stopPercent: 0 }],
    ['bollinger', { stopPercent: 0 }],
    ['volume-breakout', {}],
    ['volume-breakout', { entryBars: 50, exitBars: 5, volumeBars: 3, volumeFactor: 0 }],
    ['supertrend', {}],
  ])('says what the decider says: %s %j', (id, parameters) => {
    const { strategy } = checkStrategy(barStrategies.get(id) as BarStrategy, parameters, bars);
    expect(strategy.kernel).not.toBeNull();
  });

  it('is not there where a stop looks at what is held', () => {
    expect([configured('rsi-reversion').kernel, configured('bollinger').kernel]).toEqual([null, null]);
  });
});

describe('parameters between which something must hold', () => {
  it.each([
    ['ema-cross', { fast: 30, slow: 30 }, 'FAST_NOT_BELOW_SLOW /fast: Use 29 or less, or a longer slow average.'],
    ['macd-trend', { fastPeriod: 40 }, 'FAST_NOT_BELOW_SLOW /fastPeriod: Use 25 or less, or a longer slow average.'],
    ['rsi-reversion', { buyBelow: 60 }, 'BUYS_ABOVE_ITS_EXIT /buyBelow: Use less than 50, or a higher exit.'],
  ])('are refused: %s %j', (id, parameters, fault) => {
    const read = barStrategies.get(id)?.configure(parameters);
    expect(read?.ok === false && read.error.map(({ code, field, next }) => `${code} ${field}: ${next}`)).toEqual([
      fault,
    ]);
  });
});

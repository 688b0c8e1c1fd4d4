import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchRows, cut, firstDifference, marketOf, markets, parametersFor, rowOf, told } from '../test/series.js';
import { type Indicator, indicators, magnitudeMax, restoreStream } from './index.js';

const runs = { numRuns: 60 };
const walk = marketOf(300, { seed: 3, start: 100, step: 1, jumpEvery: 1e9, quietEvery: 1e9 });

/** What outputs may be, by their unit. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  '0 to 100': [0, 100],
  '−1 to 1': [-1, 1],
  '1 up, −1 down': [-1, 1],
};

const named = indicators.map((indicator): [string, Indicator] => [indicator.id, indicator]);

describe.each(named)('%s', (_id, indicator) => {
  const names = Object.keys(indicator.outputs);

  it('tells in a batch bit for bit what it tells row by row', () => {
    fc.assert(
      fc.property(markets(), parametersFor(indicator), (market, given) => {
        const rows = told(indicator, indicator.start(given), market);
        expect(firstDifference(batchRows(indicator, market, given), rows)).toBeNull();
      }),
      runs,
    );
  });

  it('is warm at exactly the row that it declares, with all outputs, and stays warm', () => {
    fc.assert(
      fc.property(markets(), parametersFor(indicator), (market, given) => {
        const rows = told(indicator, indicator.start(given), market);
        const warmUp = indicator.warmUp(given);
        expect(
          rows
            .slice(0, warmUp - 1)
            .flat()
            .every(Number.isNaN),
        ).toBe(true);
        expect(
          rows
            .slice(warmUp - 1)
            .flat()
            .every(Number.isFinite),
        ).toBe(true);
      }),
      runs,
    );
  });

  it('goes on from a snapshot that was written down at any row as if nothing had been', () => {
    fc.assert(
      fc.property(markets(150), parametersFor(indicator), fc.nat(150), (market, given, at) => {
        const length = Math.min(at, market.close.length);
        const stream = indicator.start(given);
        told(indicator, stream, cut(market, length));
        const written = JSON.stringify(indicator.snapshot(stream));
        const rest = told(indicator, stream, market, length);
        const restored = restoreStream(JSON.parse(written));
        expect(JSON.stringify(indicator.snapshot(restored))).toBe(written);
        expect(firstDifference(told(indicator, restored, market, length), rest)).toBeNull();
      }),
      runs,
    );
  });

  it('knows nothing of later rows', () => {
    fc.assert(
      fc.property(markets(200), parametersFor(indicator), fc.nat(200), (market, given, at) => {
        const length = Math.min(at, market.close.length);
        const whole = batchRows(indicator, market, given);
        const known = batchRows(indicator, cut(market, length), given);
        expect(firstDifference(known, whole.slice(0, length))).toBeNull();
      }),
      runs,
    );
  });

  it('refuses what is no number, also in a batch, and has not changed then', () => {
    const { length } = walk.close;
    const undisturbed = told(indicator, indicator.start(), walk);
    for (const [place, input] of indicator.inputs.entries()) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 10 * magnitudeMax]) {
        const row = rowOf(indicator, walk, length - 1);
        row[place] = bad;
        const stream = indicator.start();
        told(indicator, stream, cut(walk, length - 1));
        expect(() => stream.update(...row)).toThrow(/it takes numbers/);
        expect(told(indicator, stream, walk, length - 1)).toEqual(undisturbed.slice(-1));
        for (const rows of [1, length]) {
          const market = cut(walk, rows);
          market[input][rows - 1] = bad;
          expect(() => indicator.batch(market)).toThrow(/it takes numbers/);
        }
      }
    }
  });

  it('refuses a bad parameter with its name and what is allowed', () => {
    for (const [name, parameter] of Object.entries(indicator.parameters)) {
      const bad: unknown[] =
        parameter.kind === 'choice'
          ? ['last', 1, null]
          : [parameter.min - 1, parameter.max + 1, Number.NaN, '3', null, Number.POSITIVE_INFINITY];
      if (parameter.kind === 'whole') bad.push(parameter.min + 0.5);
      for (const value of bad) {
        const checked = indicator.check({ [name]: value as number });
        expect(checked.ok ? [] : checked.error.map((fault) => fault.parameter)).toContain(name);
        expect(() => indicator.start({ [name]: value as number })).toThrow(
          new RegExp(`${indicator.id}: ${name} must be`),
        );
        expect(() => indicator.warmUp({ [name]: value as number })).toThrow(name);
        expect(() => indicator.batch(walk, { [name]: value as number })).toThrow(name);
      }
    }
    expect(() => indicator.start({ perod: 3 })).toThrow(/there is no parameter perod/);
  });

  it('writes into the series that it is given, and into no input', () => {
    const column = (): Float64Array => new Float64Array(walk.close.length).fill(7);
    const into = Object.fromEntries(names.map((name) => [name, column()]));
    const fresh = indicator.batch(walk);
    expect(indicator.batch(walk, {}, into)).toBe(into);
    expect(into).toEqual(fresh);
    const [name = ''] = names;
    const [input = 'close'] = indicator.inputs;
    expect(() => indicator.batch(walk, {}, { ...into, [name]: walk[input] })).toThrow(/must not share memory/);
    expect(() => indicator.batch(walk, {}, { ...into, [name]: new Float64Array(3) })).toThrow(
      /must be 300 long, not 3/,
    );
  });

  it('refuses series of different lengths and one that is missing', () => {
    const [first = 'close'] = indicator.inputs;
    const { [first]: _left, ...others } = walk;
    expect(() => indicator.batch(others as typeof walk)).toThrow(`needs the series ${first}`);
    if (indicator.inputs.length === 1) return;
    expect(() => indicator.batch({ ...walk, [first]: walk[first].slice(1) })).toThrow(/series of one length/);
  });
});

const boundedOf = ({ outputs }: Indicator) => Object.entries(outputs).filter(([, unit]) => unit in ranges);

it.each(named.filter(([, indicator]) => boundedOf(indicator).length > 0))(
  '%s keeps to the ranges of its outputs',
  (_id, indicator) => {
    fc.assert(
      fc.property(markets(), parametersFor(indicator), (market, given) => {
        const columns = indicator.batch(market, given);
        for (const [name, unit] of boundedOf(indicator)) {
          const [least, most] = ranges[unit] ?? [0, 0];
          const warm = columns[name]?.subarray(indicator.warmUp(given) - 1) ?? new Float64Array();
          expect(warm.filter((value) => value < least - 1e-9 || value > most + 1e-9)).toHaveLength(0);
        }
      }),
      runs,
    );
  },
);

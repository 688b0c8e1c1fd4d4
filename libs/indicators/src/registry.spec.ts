import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { atr, ema, indicatorOf, indicators, macd, restoreStream, schemaOf, sma, volumeSma } from './index.js';
import { indicatorsDocument } from './indicators-doc.js';
import { loadState, saveState } from './stream.js';

describe('the table of indicators', () => {
  it('has each id once, and finds it', () => {
    expect(new Set(indicators.map(({ id }) => id)).size).toBe(indicators.length);
    for (const indicator of indicators) expect(indicatorOf(indicator.id)).toBe(indicator);
    expect(indicatorOf('none')).toBeUndefined();
  });

  it('tells its outputs in the order in which streams have them', () => {
    for (const indicator of indicators)
      expect(indicator.start().outputs).toHaveLength(Object.keys(indicator.outputs).length);
  });

  it('is what docs/indicators.md says', () => {
    const document = readFileSync(new URL('../../../docs/indicators.md', import.meta.url), 'utf8');
    expect(document).toBe(indicatorsDocument());
  });

  it('describes the parameters for a form', () => {
    expect(schemaOf(ema.parameters)).toEqual({
      type: 'object',
      properties: {
        period: { title: 'Period', description: 'values', type: 'integer', minimum: 1, maximum: 10_000, default: 20 },
        seed: { title: 'Start of the exponential average', enum: ['first', 'sma'], default: 'first' },
      },
      additionalProperties: false,
    });
    expect(schemaOf(indicatorOf('bollinger')?.parameters ?? {})).toMatchObject({
      properties: { deviations: { type: 'number', minimum: 0, maximum: 100, default: 2 } },
    });
  });
});

describe('parameters', () => {
  it('are told with everything that is wrong with them at once', () => {
    expect(macd.check({ fastPeriod: 0, seed: 'last', speed: 1 })).toEqual({
      ok: false,
      error: [
        {
          parameter: 'speed',
          text: 'there is no parameter speed',
          allowed: 'fastPeriod, slowPeriod, signalPeriod, seed',
        },
        {
          parameter: 'fastPeriod',
          text: 'fastPeriod must be a whole number from 1 to 10000, not 0',
          allowed: 'a whole number from 1 to 10000',
        },
        { parameter: 'seed', text: 'seed must be one of first, sma, not "last"', allowed: 'one of first, sma' },
      ],
    });
  });

  it('of MACD must differ', () => {
    expect(() => macd.start({ fastPeriod: 26 })).toThrow('fastPeriod (26) must be less than slowPeriod (26)');
  });

  it('that are left out are filled in', () => {
    expect(macd.check({ slowPeriod: 30 })).toEqual({
      ok: true,
      value: { fastPeriod: 12, slowPeriod: 30, signalPeriod: 9, seed: 'first' },
    });
  });
});

describe('an exponential average', () => {
  it('begins with the first close, unless it is to begin with a mean', () => {
    const first = ema.start({ period: 3 });
    expect([4, 8, 8].map((close) => first.update(close))).toEqual([4, 6, 7]);
    const mean = ema.start({ period: 3, seed: 'sma' });
    expect([4, 8, 9, 9].map((close) => mean.update(close))).toEqual([Number.NaN, Number.NaN, 7, 8]);
  });
});

describe('a snapshot', () => {
  const taken = sma.snapshot(sma.start({ period: 3 }));

  it('of one indicator is not taken for that of another', () => {
    expect(() => volumeSma.restore(taken)).toThrow('a snapshot of sma is not one of volume-sma');
    expect(() => restoreStream({ ...taken, indicator: 'none' })).toThrow('there is no indicator none');
  });

  it('that was not written by it is refused', () => {
    const wrong = [
      {},
      { ...taken.state, more: 1 },
      { ...taken.state, outputs: [1, 2] },
      { ...taken.state, outputs: ['one'] },
      { ...taken.state, window: null },
      { ...taken.state, window: [] },
    ];
    for (const state of wrong) expect(() => sma.restore({ ...taken, state })).toThrow(/saved/);
    expect(() => sma.restore({ ...taken, parameters: { period: 0 } })).toThrow('period must be');
  });

  it('keeps every number as it is, also those that JSON does not know', () => {
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 0.1];
    const part = { one: -0, all: Float64Array.from(numbers), inner: { two: Number.NaN } };
    const fresh = { one: 1, all: new Float64Array(numbers.length), inner: { two: 2 } };
    loadState(fresh, JSON.parse(JSON.stringify(saveState(part))));
    expect(fresh).toEqual(part);
  });

  it('holds nothing that JSON does not know', () => {
    const stream = atr.start({ period: 2 });
    const snapshot = atr.snapshot(stream);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.state['previousClose']).toBe('NaN');
  });
});

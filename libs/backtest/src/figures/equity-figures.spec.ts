import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { equityFigures } from './equity-figures.js';

const curve = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('figures of a curve of equity', () => {
  it('are those that can be reckoned by hand', () => {
    const figures = equityFigures(curve(100, 120, 90, 99, 130), 100, 365);
    expect(figures.returnPct).toBeCloseTo(30, 12);
    expect(figures.maxDrawdownPct).toBeCloseTo(25, 12);
    expect([figures.drawdownFrom, figures.drawdownTo, figures.drawdownUntil]).toEqual([1, 2, 4]);
    // Returns 0, 0.2, −0.25, 0.1, 0.3131…; n − 1.
    const returns = [0, 0.2, -0.25, 0.1, 130 / 99 - 1];
    const mean = returns.reduce((sum, one) => sum + one, 0) / 5;
    const deviation = Math.sqrt(returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 4);
    expect(figures.sharpe).toBeCloseTo((mean / deviation) * Math.sqrt(365), 10);
    expect(figures.sortino).toBeCloseTo((mean / Math.sqrt(0.0625 / 5)) * Math.sqrt(365), 10);
    expect(figures.annualReturnPct).toBeCloseTo(100 * (1.3 ** 73 - 1), 0);
    expect(figures.calmar).toBeCloseTo((1.3 ** 73 - 1) / 0.25, 0);
  });

  it('are nothing where nothing moves', () => {
    const figures = equityFigures(curve(100, 100, 100), 100, 365);
    expect(figures).toMatchObject({
      returnPct: 0,
      maxDrawdownPct: 0,
      sharpe: 0,
      sortino: null,
      calmar: null,
      drawdownUntil: null,
    });
  });

  it('count a fall below the cash at the start, and say when it never came back', () => {
    const figures = equityFigures(curve(90, 95), 100, 365);
    expect(figures.maxDrawdownPct).toBeCloseTo(10, 12);
    expect(figures.drawdownUntil).toBeNull();
    expect(equityFigures(curve(90, 100), 100, 365).drawdownUntil).toBe(1);
  });

  it('do not depend on the unit of money', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 50, max: 150, noNaN: true }), { minLength: 2, maxLength: 200 }),
        (values) => {
          const one = equityFigures(curve(...values), 100, 525_600);
          const other = equityFigures(curve(...values.map((value) => value * 1_000)), 100_000, 525_600);
          expect(other.maxDrawdownPct).toBeCloseTo(one.maxDrawdownPct, 8);
          expect(Math.abs(other.sharpe - one.sharpe)).toBeLessThan(1e-6 * (1 + Math.abs(one.sharpe)));
        },
      ),
    );
  });

  // Sums that lose nothing that shows, over returns that were made once: what one pass in blocks is held against.
  it.each([0, 1, 500, 1_023, 1_024, 1_025, 5_000])(
    'have the moments of the returns to ten digits: flat for %d closes',
    (flat) => {
      const rng = seededRng(flat);
      const values = new Float64Array(flat + 6_000).fill(100);
      let price = 100;
      for (let at = flat; at < values.length; at += 1) {
        // Nothing is held for a while, again and again.
        values[at] = price;
        if (at % 700 < 300) continue;
        // Calm and wild by turns, with a drift and a tail.
        const wild = at % 2_000 < 1_000 ? 0.0005 : 0.01;
        price *= 1 + 0.0002 + wild * (rng.next() - 0.5) + (rng.next() < 0.01 ? -0.03 : 0);
        values[at] = price;
      }
      const gains = Array.from(values, (now, at) => now / (at === 0 ? 100 : (values[at - 1] ?? 0)) - 1);
      const mean = exactSum(gains) / gains.length;
      const power = (exponent: number) => exactSum(gains.map((gain) => (gain - mean) ** exponent));
      const variance = power(2) / gains.length;
      const { returns, sortino } = equityFigures(values, 100, 365);
      const isNear = (value: number, wanted: number) => expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-10);
      isNear(returns.mean, mean);
      isNear(returns.deviation, Math.sqrt(power(2) / (gains.length - 1)));
      isNear(returns.skew, power(3) / gains.length / variance ** 1.5);
      isNear(returns.kurtosis, power(4) / gains.length / variance ** 2);
      const losses = exactSum(gains.map((gain) => Math.min(gain, 0) ** 2));
      isNear(sortino ?? 0, (mean / Math.sqrt(losses / gains.length)) * Math.sqrt(365));
      expect(returns.count).toBe(values.length);
    },
  );

  it('have a deviation of nothing where the curve grows evenly, and none where it stands still', () => {
    const even = equityFigures(
      Float64Array.from({ length: 3_000 }, (_, at) => 100 * 1.0001 ** (at + 1)),
      100,
      365,
    ).returns;
    expect(even.deviation / even.mean).toBeLessThan(1e-6);
    expect(equityFigures(new Float64Array(3_000).fill(100), 100, 365).returns).toEqual({
      ...{ count: 3_000, mean: 0, deviation: 0 },
      ...{ skew: 0, kurtosis: 3 },
    });
  });
});

/** Neumaier's sum. */
function exactSum(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

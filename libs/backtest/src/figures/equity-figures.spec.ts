import { describe, expect, it } from '@jest/globals';
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
});

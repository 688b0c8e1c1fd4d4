import { describe, expect, it } from '@jest/globals';
import { monteCarlo, quantile } from './monte-carlo.js';

const spec = { runs: 4_000, seed: 1, ruinShare: 0.5 };

describe('the same trades in another order', () => {
  it('come to the same money, on another way', () => {
    const nets = [100, -50, 200, -120, 80, -30];
    const found = monteCarlo({ cash: 1_000, nets, compounds: false }, spec);
    expect(found?.shuffled.finalEquity).toEqual({ p5: 1_180, p50: 1_180, p95: 1_180 });
    expect(found?.shuffled.maxDrawdownPct.p5).toBeLessThan(found?.shuffled.maxDrawdownPct.p95 ?? 0);
    expect(found?.trades).toBe(6);
  });

  it('multiply where an entry is a share of what there is', () => {
    // Doubled, then halved: ×2 and ×0.5, in either order.
    const found = monteCarlo({ cash: 100, nets: [100, -100], compounds: true }, spec);
    expect(found?.shuffled.finalEquity).toEqual({ p5: 100, p50: 100, p95: 100 });
    expect(found?.shuffled.maxDrawdownPct).toEqual({ p5: 50, p50: 50, p95: 50 });
  });
});

describe('trades drawn with replacement', () => {
  it('come to what the binomial says', () => {
    // Two draws of ×2 or ×0.5: 25, 100, 100, 400, each a quarter of the time; below half: one of the four, or halved first.
    const found = monteCarlo({ cash: 100, nets: [100, -100], compounds: true }, { ...spec, ruinShare: 0.5 });
    expect(found?.drawn.finalEquity).toEqual({ p5: 25, p50: 100, p95: 400 });
    expect(Math.abs((found?.drawn.ruinProbability ?? 0) - 0.25)).toBeLessThan(0.02);
  });

  it('are ruined as often as was reckoned for a fair game', () => {
    // ±10 from 100, ten times, ruin below 75, i.e. at −30: P(a walk of 10 steps reaches −3) = 352 ÷ 1024.
    const nets = [10, -10, 10, -10, 10, -10, 10, -10, 10, -10];
    const found = monteCarlo({ cash: 100, nets, compounds: false }, { runs: 40_000, seed: 3, ruinShare: 0.75 });
    expect(Math.abs((found?.drawn.ruinProbability ?? 0) - 352 / 1_024)).toBeLessThan(0.01);
  });
});

describe('Monte Carlo', () => {
  it('is the same for the same seed, and another for another', () => {
    const outcomes = { cash: 1_000, nets: [10, -25, 40, -5, 12, -31, 22], compounds: true };
    const once = monteCarlo(outcomes, spec);
    expect(monteCarlo(outcomes, spec)).toEqual(once);
    expect(monteCarlo(outcomes, { ...spec, seed: 2 })).not.toEqual(once);
  });

  it('has nothing to say without a trade', () => {
    expect(monteCarlo({ cash: 1_000, nets: [], compounds: true }, spec)).toBeNull();
  });
});

describe('a quantile', () => {
  it.each([
    [0, 1],
    [0.5, 2.5],
    [0.95, 3.85],
    [1, 4],
  ])('lies between the nearest two: %d', (share, value) => {
    expect(quantile(Float64Array.of(1, 2, 3, 4), share)).toBeCloseTo(value, 12);
  });
});

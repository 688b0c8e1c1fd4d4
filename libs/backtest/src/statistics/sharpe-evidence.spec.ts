import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { normalCdf } from './normal.js';
import { deflatedSharpe, expectedBestSharpe, minimumTrackRecord, probabilisticSharpe } from './sharpe-evidence.js';

/** Five years of days at a Sharpe ratio of 2.5 a year: the example of Bailey and López de Prado (2014), whose year has 250 days. */
const published = { sharpePerBar: 2.5 / Math.sqrt(250), skew: -3, kurtosis: 10, observations: 1_250 };
const variance = 0.5 / 250;

describe('the Sharpe ratio that chance gives the best of many', () => {
  it.each([
    [40, 2.19],
    [100, 2.53],
    [1_000, 3.26],
  ])('is so many deviations among %d trials: %d', (count, deviations) => {
    expect(expectedBestSharpe({ count, variance: 1 })).toBeCloseTo(deviations, 2);
  });

  it('is what the best of many seeded draws shows on average', () => {
    const rng = seededRng(11);
    const [rounds, count] = [4_000, 100];
    let sum = 0;
    for (let round = 0; round < rounds; round += 1) {
      let best = -Infinity;
      for (let draw = 0; draw < count; draw += 1) best = Math.max(best, 0.3 * rng.gaussian());
      sum += best;
    }
    expect(expectedBestSharpe({ count, variance: 0.09 }) / (sum / rounds)).toBeCloseTo(1, 1);
  });

  it('is nothing where nothing was chosen', () => {
    expect(expectedBestSharpe({ count: 1, variance: 1 })).toBe(0);
    expect(deflatedSharpe(published, { count: 1, variance: 0 })).toBe(probabilisticSharpe(published));
  });
});

describe('the deflated Sharpe ratio', () => {
  it('is as published', () => {
    expect(expectedBestSharpe({ count: 100, variance })).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(published, { count: 100, variance })).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe(published, { count: 46, variance })).toBeCloseTo(0.9505, 3);
    expect(deflatedSharpe({ ...published, skew: 0, kurtosis: 3 }, { count: 88, variance })).toBeCloseTo(0.9505, 3);
  });

  it('falls with every further trial', () => {
    const counts = [2, 3, 10, 100, 10_000];
    const told = counts.map((count) => deflatedSharpe(published, { count, variance }));
    expect(told).toEqual(told.toSorted((a, b) => b - a));
    expect(told[0]).not.toBe(told[4]);
  });
});

describe('the probabilistic Sharpe ratio', () => {
  it('is the share of seeded records that a worthless strategy would have kept below this one', () => {
    const rng = seededRng(5);
    const [rounds, observations] = [20_000, 100];
    const record = { sharpePerBar: 0.12, skew: 0, kurtosis: 3, observations };
    let below = 0;
    for (let round = 0; round < rounds; round += 1) {
      let [sum, squares] = [0, 0];
      for (let bar = 0; bar < observations; bar += 1) {
        const gain = rng.gaussian();
        sum += gain;
        squares += gain * gain;
      }
      const mean = sum / observations;
      const deviation = Math.sqrt((squares - observations * mean * mean) / (observations - 1));
      if (mean / deviation < record.sharpePerBar) below += 1;
    }
    expect(Math.abs(probabilisticSharpe(record) - below / rounds)).toBeLessThan(0.01);
  });

  it('takes the raw kurtosis, 3 for a normal: the variance of the estimate is 1 + SR² ÷ 2', () => {
    const record = { sharpePerBar: 1, skew: 0, kurtosis: 3, observations: 5 };
    expect(probabilisticSharpe(record)).toBeCloseTo(normalCdf(2 / Math.sqrt(1.5)), 12);
  });

  it('says nothing of a single return', () => {
    expect(probabilisticSharpe({ ...published, observations: 1 })).toBeNaN();
  });
});

describe('the minimum track record', () => {
  it('is as published: 2.73 years of days for a ratio of 2 to be above 1', () => {
    const record = { sharpePerBar: 2 / Math.sqrt(250), skew: 0, kurtosis: 3, observations: 500 };
    expect((minimumTrackRecord(record, 1 / Math.sqrt(250)) ?? 0) / 250).toBeCloseTo(2.73, 2);
  });

  it('is the length at which the probabilistic ratio reaches the confidence', () => {
    const observations = minimumTrackRecord(published, 0.05, 0.99) ?? 0;
    expect(probabilisticSharpe({ ...published, observations }, 0.05)).toBeCloseTo(0.99, 10);
  });

  it('is not there for a ratio that is not above the benchmark', () => {
    expect(minimumTrackRecord(published, published.sharpePerBar)).toBeNull();
  });
});

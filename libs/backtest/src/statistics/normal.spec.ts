import { describe, expect, it } from '@jest/globals';
import { normalCdf, normalQuantile } from './normal.js';

const relativeError = (told: number, exact: number): number => Math.abs(told - exact) / Math.abs(exact);

describe('the standard normal', () => {
  // From mpmath 1.3 with 40 digits.
  it.each([
    [-37, 5.725571222524577e-300],
    [-20, 2.7536241186062337e-89],
    [-10, 7.619853024160525e-24],
    [-5, 2.866515718791939e-7],
    [-3, 0.0013498980316300946],
    [-2.0001, 0.022744733391410546],
    [-2, 0.02275013194817921],
    [-1.5, 0.06680720126885807],
    [-1, 0.15865525393145705],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.3, 0.6179114221889527],
    [1.96, 0.9750021048517795],
    [2.5, 0.9937903346742238],
    [4, 0.9999683287581669],
  ])('lies below %d with probability %d', (x, probability) => {
    expect(relativeError(normalCdf(x), probability)).toBeLessThan(1e-13);
  });

  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-10, -6.361340902404057],
    [1e-5, -4.264890793922825],
    [0.001, -3.0902323061678136],
    [0.05, -1.6448536269514726],
    [0.2, -0.8416212335729142],
    [0.3, -0.5244005127080408],
    [0.4999, -0.00025066283008800747],
    [0.9, 1.2815515655446006],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
  ])('lies with probability %d below %d', (probability, x) => {
    expect(relativeError(normalQuantile(probability), x)).toBeLessThan(1e-12);
  });

  it('is what adding up its density gives', () => {
    const steps = 4_000;
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    for (const to of [-1.7, 0.4, 2.2]) {
      const width = (to + 12) / steps;
      let sum = density(-12) + density(to);
      for (let at = 1; at < steps; at += 1) sum += (at % 2 === 1 ? 4 : 2) * density(-12 + at * width);
      expect(normalCdf(to)).toBeCloseTo((sum * width) / 3, 11);
    }
  });

  it('has ends, and nothing outside of them', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1), normalCdf(-60), normalCdf(60)]).toEqual([
      -Infinity,
      0,
      Infinity,
      0,
      1,
    ]);
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalCdf(Number.NaN)]).toEqual([NaN, NaN, NaN]);
  });
});

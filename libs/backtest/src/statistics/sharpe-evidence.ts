import { normalCdf, normalQuantile } from './normal.js';

/** What a track record says about its Sharpe ratio; nothing in it is annualised. */
export interface SharpeRecord {
  /** Mean ÷ standard deviation of the returns from bar to bar. */
  readonly sharpePerBar: number;
  readonly skew: number;
  /** Raw: 3 for a normal. The excess kurtosis in these formulae is a common mistake. */
  readonly kurtosis: number;
  /** Returns. */
  readonly observations: number;
}

/** How often, and how unlike each other, it was tried before this one was chosen. */
export interface TrialsMade {
  readonly count: number;
  /** Of the trials' Sharpe ratios from bar to bar. */
  readonly variance: number;
}

const eulerGamma = 0.5772156649015329;

/**
 * Probability that the true Sharpe ratio is above the benchmark: Φ((SR − SR*)·√(T − 1) ÷ √(1 − γ₃SR + (γ₄ − 1)/4·SR²)).
 * Bailey, López de Prado (2012), "The Sharpe ratio efficient frontier". NaN below two returns.
 */
export function probabilisticSharpe(record: SharpeRecord, benchmark = 0): number {
  const { sharpePerBar, observations } = record;
  if (observations < 2) return Number.NaN;
  return normalCdf(((sharpePerBar - benchmark) * Math.sqrt(observations - 1)) / Math.sqrt(spread(record)));
}

/** Variance of the estimate, times T − 1. */
function spread({ sharpePerBar: ratio, skew, kurtosis }: SharpeRecord): number {
  // Moments of a sample never make it negative (kurtosis ≥ 1 + skew²); rounding can.
  return Math.max(Number.EPSILON, 1 - skew * ratio + ((kurtosis - 1) / 4) * ratio * ratio);
}

/**
 * The Sharpe ratio that the best of so many worthless trials is expected to show: √V·((1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))).
 * Bailey, López de Prado (2014), "The deflated Sharpe ratio". 0 for a single trial: nothing was chosen.
 */
export function expectedBestSharpe({ count, variance }: TrialsMade): number {
  if (count <= 1) return 0;
  const upper = (probability: number) => -normalQuantile(probability);
  return Math.sqrt(variance) * ((1 - eulerGamma) * upper(1 / count) + eulerGamma * upper(1 / (count * Math.E)));
}

/** Probability that the true Sharpe ratio is above what chance alone gives the best of all trials. */
export const deflatedSharpe = (record: SharpeRecord, trials: TrialsMade): number =>
  probabilisticSharpe(record, expectedBestSharpe(trials));

/**
 * Returns that a record like this one needs before its Sharpe ratio is above the benchmark with this confidence:
 * 1 + (1 − γ₃SR + (γ₄ − 1)/4·SR²)·(Φ⁻¹(confidence) ÷ (SR − SR*))². Null: no length is enough, because it is not above it.
 * Bailey, López de Prado (2012).
 */
export function minimumTrackRecord(record: SharpeRecord, benchmark = 0, confidence = 0.95): number | null {
  const above = record.sharpePerBar - benchmark;
  return above > 0 ? 1 + spread(record) * (normalQuantile(confidence) / above) ** 2 : null;
}

export interface AverageRule {
  /** The share of the newest value, above 0 and at most 1. */
  readonly alpha: number;
  /** So many values are summed to begin with … */
  readonly seedLength: number;
  /** … and the sum is divided by this. */
  readonly seedDivisor: number;
}

/**
 * average + alpha × (value − average): a series that stands still has exactly its value as the average. Errors decay as fast as values do,
 * so nothing drifts.
 */
export class ExponentialAverage {
  /** The sum of the seed until it is complete; the average from then on. */
  value = 0;
  // A field that begins as undefined is one of any kind for ever, and is looked at before every use.
  readonly alpha: number = Number.NaN;
  private readonly seedDivisor: number = Number.NaN;
  private missing = 0;

  constructor({ alpha, seedLength, seedDivisor }: AverageRule) {
    this.alpha = alpha;
    this.seedDivisor = seedDivisor;
    this.missing = seedLength;
  }

  /** NaN until the seed is complete. */
  push(value: number): number {
    if (this.missing > 0) {
      this.seed(value);
      // Read from the field: what a call gives back would have to be boxed on the way of every value.
      return this.missing > 0 ? Number.NaN : this.value;
    }
    const average = this.value + this.alpha * (value - this.value);
    this.value = average;
    return average;
  }

  private seed(value: number): void {
    this.value += value;
    this.missing -= 1;
    if (this.missing === 0) this.value /= this.seedDivisor;
  }
}

/** α = 2 / (period + 1), from the first value or from the mean of the first `period`. */
export const exponential = (period: number, seed: 'first' | 'sma'): AverageRule => {
  const seedLength = seed === 'first' ? 1 : period;
  return { alpha: 2 / (period + 1), seedLength, seedDivisor: seedLength };
};

/** Wilder's smoothing: α = 1 / period, from the mean of the first `period` values. */
export const wilder = (period: number): AverageRule => ({
  alpha: 1 / period,
  seedLength: period,
  seedDivisor: period,
});

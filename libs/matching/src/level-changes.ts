import type { Side } from '@scalpstorm/model';
import type { Lots, Ticks } from './book-order.js';
import type { DepthChanges, DepthLevel } from './matching-book.js';

/** Remembers which prices changed; bounded by the number of prices, not of changes. */
export class LevelChanges {
  updateId = 1;
  private readonly prices: Record<Side, Set<Ticks>> = { buy: new Set(), sell: new Set() };

  touch(side: Side, price: Ticks): void {
    this.updateId += 1;
    this.prices[side].add(price);
  }

  drain(quantityAt: (side: Side, price: Ticks) => Lots): DepthChanges {
    const take = (side: Side): DepthLevel[] => {
      const levels = [...this.prices[side]].map((price): DepthLevel => [price, quantityAt(side, price)]);
      this.prices[side].clear();
      return levels;
    };
    return { bids: take('buy'), asks: take('sell') };
  }
}

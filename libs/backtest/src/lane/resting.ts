import type { VenueOrder } from './lane-market.js';

export interface Resting {
  readonly order: VenueOrder & { readonly limit: number };
  /** Lots of others that go first at its price. */
  ahead: number;
}

/** Our resting orders of one side, the best price first and of one price the oldest. */
export class RestingOrders {
  readonly list: Resting[] = [];
  private readonly direction: 1 | -1;

  constructor(side: 'buy' | 'sell') {
    this.direction = side === 'buy' ? 1 : -1;
  }

  add(resting: Resting): void {
    const place = this.list.findIndex(({ order }) => (order.limit - resting.order.limit) * this.direction < 0);
    if (place < 0) this.list.push(resting);
    else this.list.splice(place, 0, resting);
  }

  remove(order: VenueOrder): boolean {
    const place = this.list.findIndex((one) => one.order === order);
    if (place >= 0) this.list.splice(place, 1);
    return place >= 0;
  }

  /** How far a price is beyond an order, in ticks: above 0 it went through, 0 it touched. */
  depth = (resting: Resting, ticks: number): number => (resting.order.limit - ticks) * this.direction;
}

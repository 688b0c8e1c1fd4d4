import type { InstrumentId, VenueOrderId } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/** Longer than any answer is late. */
const endedMax = 5_000;

/** How many orders of the account are open in each instrument, as far as the venue has told. */
export class OpenOrderCount {
  private readonly open = new Map<InstrumentId, Set<VenueOrderId>>();
  /** An answer that says open may arrive after the event that the order has ended. */
  private readonly ended = new Set<VenueOrderId>();

  of(instrumentId: InstrumentId): number {
    return this.open.get(instrumentId)?.size ?? 0;
  }

  /** The venue listed them all: those of one instrument, or (null) of the whole account. */
  listed(orders: readonly VenueOrderView[], instrumentId: InstrumentId | null): void {
    if (instrumentId === null) this.open.clear();
    else this.open.delete(instrumentId);
    for (const order of orders) this.told(order);
  }

  told({ instrumentId, venueOrderId, status }: VenueOrderView): void {
    const orders = this.open.get(instrumentId) ?? new Set();
    if (status === 'open' || status === 'partially-filled') {
      if (!this.ended.has(venueOrderId)) orders.add(venueOrderId);
    } else {
      orders.delete(venueOrderId);
      this.end(venueOrderId);
    }
    if (orders.size === 0) this.open.delete(instrumentId);
    else this.open.set(instrumentId, orders);
  }

  private end(venueOrderId: VenueOrderId): void {
    this.ended.add(venueOrderId);
    const [oldest] = this.ended;
    if (this.ended.size > endedMax && oldest !== undefined) this.ended.delete(oldest);
  }
}

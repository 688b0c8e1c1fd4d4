import { type InstrumentId, Quantity, type VenueOrderId } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/** Longer than any answer is late. */
const endedMax = 5_000;

/** How many orders of the account are open in each instrument, and how much they would still buy, as far as the venue has told. */
export class OpenOrderCount {
  /** By order, what is left of a buy; zero of a sell. */
  private readonly open = new Map<InstrumentId, Map<VenueOrderId, Quantity>>();
  /** An answer that says open may arrive after the event that the order has ended. */
  private readonly ended = new Set<VenueOrderId>();

  of(instrumentId: InstrumentId): number {
    return this.open.get(instrumentId)?.size ?? 0;
  }

  get ofAccount(): number {
    let count = 0;
    for (const orders of this.open.values()) count += orders.size;
    return count;
  }

  buying(instrumentId: InstrumentId): Quantity {
    let sum = Quantity.zero;
    for (const left of this.open.get(instrumentId)?.values() ?? []) sum = Quantity.plus(sum, left);
    return sum;
  }

  /** The venue listed them all: those of one instrument, or (null) of the whole account. */
  listed(orders: readonly VenueOrderView[], instrumentId: InstrumentId | null): void {
    if (instrumentId === null) this.open.clear();
    else this.open.delete(instrumentId);
    for (const order of orders) this.told(order);
  }

  told({ instrumentId, venueOrderId, status, side, quantity, filledQuantity }: VenueOrderView): void {
    const orders = this.open.get(instrumentId) ?? new Map<VenueOrderId, Quantity>();
    if (status === 'open' || status === 'partially-filled') {
      const left = side === 'buy' ? Quantity.fromUnits(quantity - filledQuantity) : Quantity.zero;
      if (!this.ended.has(venueOrderId)) orders.set(venueOrderId, smaller(left, orders.get(venueOrderId)));
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

/** What is left only shrinks: a late event does not make it more. */
const smaller = (left: Quantity, known: Quantity | undefined): Quantity =>
  known !== undefined && known < left ? known : left;

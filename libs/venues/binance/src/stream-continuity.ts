import type { Timestamp } from '@scalpstorm/kernel';
import { type Balance, Quantity } from '@scalpstorm/model';
import type { OrderReport, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';

interface Heard {
  /** What had been filled before the first fill that we heard. */
  before: Quantity;
  /** What the fills that we heard add up to. */
  filled: Quantity;
  /** The most that the venue ever said to be filled. */
  told: Quantity;
  readonly trades: Set<string>;
  readonly reports: Set<OrderReport['kind']>;
}

const ordersMax = 5_000;
const tradesMax = 5_000;

/**
 * Judges what one connection of the user stream says. It has no counter of its own, but every event of an order tells how much
 * is filled altogether: when the fills that came do not add up to it, one is missing. Pure: knows no clock.
 */
export class StreamContinuity {
  private readonly orders = new Map<string, Heard>();
  private readonly short = new Set<string>();
  private readonly balancesAt = new Map<string, Timestamp>();

  /** False: it was told before. */
  isNewFill(fill: VenueFill, order: VenueOrderView): boolean {
    const heard = this.heardOf(order, Quantity.fromUnits(order.filledQuantity - fill.quantity));
    if (heard.trades.has(fill.tradeId)) return false;
    const [oldest] = heard.trades;
    if (heard.trades.size === tradesMax && oldest !== undefined) heard.trades.delete(oldest);
    heard.trades.add(fill.tradeId);
    heard.filled = Quantity.plus(heard.filled, fill.quantity);
    this.judge(order, heard);
    return true;
  }

  /** False: it was told before. */
  isNewReport({ kind, order }: OrderReport): boolean {
    const heard = this.heardOf(order, order.filledQuantity);
    const fresh = !heard.reports.has(kind);
    heard.reports.add(kind);
    this.judge(order, heard);
    return fresh;
  }

  /** Those that are not older than what was told of the same asset. */
  newBalances(balances: readonly Balance[], occurredAt: Timestamp): readonly Balance[] {
    const fresh = balances.filter(({ currency }) => occurredAt >= (this.balancesAt.get(currency) ?? occurredAt));
    for (const { currency } of fresh) this.balancesAt.set(currency, occurredAt);
    return fresh;
  }

  /** Orders of which a fill has not come, although a later event counts it. */
  get ordersShort(): number {
    return this.short.size;
  }

  /** A new connection: what came between is reconciled. */
  reset(): void {
    this.orders.clear();
    this.short.clear();
    this.balancesAt.clear();
  }

  /** An event that comes late lowers what was there before the first one. */
  private heardOf({ venueOrderId, filledQuantity }: VenueOrderView, before: Quantity): Heard {
    const known = this.orders.get(venueOrderId);
    const heard: Heard = known ?? {
      before,
      filled: Quantity.zero,
      told: filledQuantity,
      trades: new Set(),
      reports: new Set(),
    };
    if (before < heard.before) heard.before = before;
    if (filledQuantity > heard.told) heard.told = filledQuantity;
    this.orders.delete(venueOrderId);
    this.orders.set(venueOrderId, heard);
    const [oldest] = this.orders.keys();
    if (this.orders.size > ordersMax && oldest !== undefined) {
      this.orders.delete(oldest);
      this.short.delete(oldest);
    }
    return heard;
  }

  private judge({ venueOrderId }: VenueOrderView, { before, filled, told }: Heard): void {
    if (before + filled < told) this.short.add(venueOrderId);
    else this.short.delete(venueOrderId);
  }
}

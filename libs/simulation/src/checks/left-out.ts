import { second } from '@scalpstorm/kernel';
import type { TradeId } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import type { VirtualTime } from '../time/virtual-time.js';
import { type VenueOrder } from '../venue/venue-order.js';

/** A trade that the venue did not count in the end of its order. */
export interface LeftOutTrade {
  readonly order: VenueOrder;
  readonly fill: VenueFill;
}

/** From the books to the gate, over streams that lose and delay what they carry. */
const heardWithin = 4 * second;

/**
 * Whoever decides goes by what the venue has told. Where it left a trade out of an end, what the trade added is known to nobody until it is
 * booked, however long that takes: the stream may be down, execution stand still and Postgres be away, all at once. Only such a trade is
 * left out of account, and only of orders that were judged before the gate can have heard of it; that it is booked in the end is I3.
 */
export class LeftOut {
  private readonly trades: (LeftOutTrade & { bookedAt: number | null })[] = [];

  constructor(private readonly time: VirtualTime) {}

  add(order: VenueOrder, fill: VenueFill): void {
    this.trades.push({ order, fill, bookedAt: null });
  }

  booked(tradeId: TradeId): void {
    const trade = this.trades.find(({ fill }) => fill.tradeId === tradeId);
    if (trade !== undefined) trade.bookedAt ??= this.time.elapsed;
  }

  /** What whoever judged at that time could not know. */
  untoldAt(judgedAt: number): readonly LeftOutTrade[] {
    return this.trades.filter(({ bookedAt }) => bookedAt === null || judgedAt < bookedAt + heardWithin);
  }
}

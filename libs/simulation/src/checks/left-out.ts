import type { OrderChanged } from '@scalpstorm/contracts';
import { second } from '@scalpstorm/kernel';
import type { TradeId } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import type { Message } from '../lane/broker.js';
import type { VirtualTime } from '../time/virtual-time.js';
import { type VenueOrder } from '../venue/venue-order.js';

/** A trade that the venue did not count in the end of its order. */
export interface LeftOutTrade {
  readonly order: VenueOrder;
  readonly fill: VenueFill;
}

/** From the books to whoever decides, over streams that delay what they carry. */
const toldWithin = 4 * second;
/** They give again after fifteen seconds what was lost on its way. */
const toldAgainWithin = 20 * second;

interface Known {
  bookedAt: number | null;
  /** When the gate had done with the news of it. */
  heardAt: number | null;
}

/**
 * Whoever decides goes by what the venue has told. Where it left a trade out of an end, what the trade added is known to nobody until it is
 * booked, however long that takes: the stream may be down, execution stand still and Postgres be away, all at once. Only such a trade is
 * left out of account, and only of orders that were judged before the gate had heard of it, or should have; that it is booked in the end is I3.
 */
export class LeftOut {
  private readonly trades: (LeftOutTrade & Known)[] = [];

  constructor(private readonly time: VirtualTime) {}

  add(order: VenueOrder, fill: VenueFill): void {
    this.trades.push({ order, fill, bookedAt: null, heardAt: null });
  }

  booked(tradeId: TradeId): void {
    const trade = this.tradeOf(tradeId);
    if (trade !== undefined) trade.bookedAt ??= this.time.elapsed;
  }

  /** The gate has acknowledged it. */
  heard({ contract, event: told }: Message): void {
    if (contract.name !== 'OrderChanged') return;
    const { event } = told as OrderChanged;
    const trade = event.kind === 'filled' ? this.tradeOf(event.fill.tradeId) : undefined;
    if (trade !== undefined) trade.heardAt ??= this.time.elapsed;
  }

  /** What whoever judged at that time could not know. */
  untoldAt(judgedAt: number): readonly LeftOutTrade[] {
    return this.trades.filter((trade) => judgedAt < knowableAt(trade));
  }

  private tradeOf(tradeId: TradeId) {
    return this.trades.find(({ fill }) => fill.tradeId === tradeId);
  }
}

function knowableAt({ bookedAt, heardAt }: Known): number {
  if (bookedAt === null) return Number.POSITIVE_INFINITY;
  return Math.max(bookedAt + toldWithin, Math.min(heardAt ?? Number.POSITIVE_INFINITY, bookedAt + toldAgainWithin));
}

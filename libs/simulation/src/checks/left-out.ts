import type { OrderChanged, Speaker } from '@scalpstorm/contracts';
import { millisecond, second } from '@scalpstorm/kernel';
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

/** Who decides: the gate about limits, a bot about what it holds, execution about plans and about what is held. */
export type Decider = 'risk-gate' | 'strategy' | 'execution';

/** From a commit or an answer to whoever waits for it, and from what was decided to the commit of it. */
const answeredWithin = 100 * millisecond;
/** A stream gives again after fifteen seconds what was lost on its way. */
const toldAgainWithin = 20 * second;

interface Known {
  bookedAt: number | null;
  /** When the gate has read the books with it. */
  readAt: number | null;
  /** When whoever hears of orders had done with the news of it. */
  readonly heardAt: Map<Speaker, number>;
}

/**
 * Whoever decides goes by what the venue has told. Where it left a trade out of an end, what the trade added is known to nobody until it is
 * booked, however long that takes: the stream may be down, execution stand still and Postgres be away, all at once. Only such a trade is
 * left out of account, and only until whoever decides knows of it, or should; that it is booked in the end is I3.
 */
export class LeftOut {
  private readonly trades: (LeftOutTrade & Known)[] = [];

  constructor(private readonly time: VirtualTime) {}

  add(order: VenueOrder, fill: VenueFill): void {
    this.trades.push({ order, fill, bookedAt: null, readAt: null, heardAt: new Map() });
  }

  booked(tradeId: TradeId): void {
    const trade = this.tradeOf(tradeId);
    if (trade !== undefined) trade.bookedAt ??= this.time.elapsed;
  }

  /** The gate is given all that is booked; one that dies over it reads again before it judges. */
  read(): void {
    for (const trade of this.trades) if (trade.bookedAt !== null) trade.readAt ??= this.time.elapsed + answeredWithin;
  }

  /** Somebody has acknowledged it. */
  heard({ contract, event: told }: Message, speaker: Speaker): void {
    if (contract.name !== 'OrderChanged') return;
    const { event } = told as OrderChanged;
    const trade = event.kind === 'filled' ? this.tradeOf(event.fill.tradeId) : undefined;
    if (trade !== undefined && !trade.heardAt.has(speaker)) trade.heardAt.set(speaker, this.time.elapsed);
  }

  /** What whoever decided at that time could not know. */
  untoldTo(decider: Decider, decidedAt: number): readonly LeftOutTrade[] {
    return this.trades.filter((trade) => decidedAt < knowableAt(trade, decider));
  }

  private tradeOf(tradeId: TradeId) {
    return this.trades.find(({ fill }) => fill.tradeId === tradeId);
  }
}

function knowableAt({ bookedAt, readAt, heardAt }: Known, decider: Decider): number {
  const never = Number.POSITIVE_INFINITY;
  if (bookedAt === null) return never;
  if (decider === 'execution') return bookedAt + answeredWithin;
  const read = decider === 'risk-gate' ? readAt : null;
  return Math.min(heardAt.get(decider) ?? never, read ?? never, bookedAt + toldAgainWithin);
}

import type { Timestamp } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  type InstrumentId,
  type Price,
  type Purpose,
  Quantity,
  type Side,
  type Trigger,
  type UserId,
} from '@scalpstorm/model';

/** An order that is approved and not over: on its way, at the venue, or in doubt. All of it counts against the limits. */
export interface WorkingOrder {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly left: Quantity;
  /** The limit price; for a market order where its trigger is, else the reference price at its approval. */
  readonly price: Price;
  /** It has a limit price. */
  readonly limited: boolean;
  /** In the book, or about to be: neither a market order, nor one that waits for its trigger. Somebody can trade with it. */
  readonly rests: boolean;
  /** What it waits for, or waited; null: nothing. */
  readonly trigger: Trigger | null;
  /** Of the newest order seen; `reserved` before the first. */
  readonly version: number;
  /** What its fills have done to the position. */
  readonly booked: Quantity;
}

export const reserved = -1;

export interface FinishedOrder {
  readonly version: number;
  readonly booked: Quantity;
  readonly createdAt: Timestamp;
}

export interface BotStanding {
  /** Signed, base held from the bot's own fills. */
  readonly positions: ReadonlyMap<InstrumentId, Quantity>;
  readonly orders: ReadonlyMap<ClientOrderId, WorkingOrder>;
  /** The newest finished orders, so that a late fill counts once and a repeated event not at all. */
  readonly finished: ReadonlyMap<ClientOrderId, FinishedOrder>;
  /** The latest beginning of a finished order that was forgotten; null while none was. */
  readonly forgottenUntil: Timestamp | null;
  readonly approvals: readonly Timestamp[];
  /** Whose it is; null until an order tells, and for manual orders, which several users may share. */
  readonly userId: UserId | null;
}

export const emptyBot: BotStanding = {
  positions: new Map(),
  orders: new Map(),
  finished: new Map(),
  forgottenUntil: null,
  approvals: [],
  userId: null,
};

/**
 * The largest absolute position that a bot can reach when its working orders fill: position, open, in doubt and
 * reserved together. `extra` is an order under judgement.
 */
export function worstPosition(
  bot: BotStanding,
  instrumentId: InstrumentId,
  extra?: { readonly side: Side; readonly left: Quantity },
): Quantity {
  const position = bot.positions.get(instrumentId) ?? Quantity.zero;
  let long: bigint = position + (extra?.side === 'buy' ? extra.left : 0n);
  let short: bigint = position - (extra?.side === 'sell' ? extra.left : 0n);
  for (const order of bot.orders.values()) {
    if (order.instrumentId !== instrumentId) continue;
    if (order.side === 'buy') long += order.left;
    else short -= order.left;
  }
  return Quantity.fromUnits(long > -short ? long : -short);
}

/**
 * What a bot may close on this side: what its own fills hold, less everything that already works on the same side.
 * Not rounded: the venue's step is the filters' business.
 */
export function closable(bot: BotStanding, instrumentId: InstrumentId, side: Side): Quantity {
  const position = bot.positions.get(instrumentId) ?? Quantity.zero;
  let left: bigint = side === 'sell' ? position : -position;
  for (const order of bot.orders.values()) {
    if (order.instrumentId === instrumentId && order.side === side) left -= order.left;
  }
  return Quantity.max(Quantity.fromUnits(left), Quantity.zero);
}

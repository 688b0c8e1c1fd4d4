import { type ClientOrderId, type Instrument, type InstrumentId, Price, Quantity, type Side } from '@scalpstorm/model';
import { type BotStanding, type WorkingOrder, worstPosition } from './bot-standing.js';

export interface RestingOrder {
  readonly clientOrderId: ClientOrderId;
  readonly price: Price;
}

/** Sums over all bots of an account, kept up to date so that a decision does not walk through ten thousand bots. */
export interface InstrumentTotals {
  readonly instrumentId: InstrumentId;
  readonly base: Instrument['base'];
  readonly quote: Instrument['quote'];
  readonly venue: Instrument['venue'];
  /** The least that the venue takes in one order. */
  readonly quantityMin: Quantity;
  /** Σ over bots of the largest position that fills could still lead to. */
  readonly worst: Quantity;
  /** Σ over bots of what they hold long: base that belongs to somebody. */
  readonly held: Quantity;
  /** Σ quantity × price of working buys, in units of 10^-24 quote. */
  readonly buying: bigint;
  /** Σ of working opening sells, in base: sold out of the account's own balance. */
  readonly selling: Quantity;
  /** Σ of working closing sells, in base: sold out of what bots hold. */
  readonly closing: Quantity;
  /** Own resting orders, best first. */
  readonly buys: readonly RestingOrder[];
  readonly sells: readonly RestingOrder[];
}

export function emptyTotals(instrument: Instrument): InstrumentTotals {
  const { id: instrumentId, base, quote, venue, quantityMin } = instrument;
  const zero = Quantity.zero;
  const sums = { worst: zero, held: zero, buying: 0n, selling: zero, closing: zero };
  return { instrumentId, base, quote, venue, quantityMin, ...sums, buys: [], sells: [] };
}

export function changeTotals(totals: InstrumentTotals, before: BotStanding, after: BotStanding): InstrumentTotals {
  const { instrumentId: id } = totals;
  const held = (bot: BotStanding): bigint => Quantity.max(bot.positions.get(id) ?? Quantity.zero, Quantity.zero);
  const gone = ordersOf(before, id).filter((order) => after.orders.get(order.clientOrderId) !== order);
  const came = ordersOf(after, id).filter((order) => before.orders.get(order.clientOrderId) !== order);
  return {
    ...totals,
    worst: Quantity.fromUnits(totals.worst + worstPosition(after, id) - worstPosition(before, id)),
    held: Quantity.fromUnits(totals.held + held(after) - held(before)),
    buying: totals.buying + sum(came, buying) - sum(gone, buying),
    selling: Quantity.fromUnits(totals.selling + sum(came, selling) - sum(gone, selling)),
    closing: Quantity.fromUnits(totals.closing + sum(came, closing) - sum(gone, closing)),
    buys: changeResting(totals.buys, gone, came, 'buy'),
    sells: changeResting(totals.sells, gone, came, 'sell'),
  };
}

function ordersOf(bot: BotStanding, instrumentId: InstrumentId): WorkingOrder[] {
  return [...bot.orders.values()].filter((order) => order.instrumentId === instrumentId);
}

const sum = (orders: readonly WorkingOrder[], of: (order: WorkingOrder) => bigint): bigint =>
  orders.reduce((total, order) => total + of(order), 0n);
const buying = (order: WorkingOrder): bigint => (order.side === 'buy' ? order.left * order.price : 0n);
const selling = (order: WorkingOrder): bigint => (order.side === 'sell' && order.purpose === 'open' ? order.left : 0n);

const closing = (order: WorkingOrder): bigint => (order.side === 'sell' && order.purpose === 'close' ? order.left : 0n);

function changeResting(
  resting: readonly RestingOrder[],
  gone: readonly WorkingOrder[],
  came: readonly WorkingOrder[],
  side: Side,
): readonly RestingOrder[] {
  const leaving = gone.filter((order) => order.side === side && order.rests);
  const coming = came.filter((order) => order.side === side && order.rests);
  const kept = coming.filter((order) => leaving.some((old) => samePlace(old, order)));
  let next = resting;
  for (const order of leaving) if (!kept.some((same) => samePlace(same, order))) next = removed(next, order);
  for (const order of coming) if (!kept.includes(order)) next = inserted(next, order, side);
  return next;
}

const samePlace = (left: RestingOrder, right: RestingOrder): boolean =>
  left.clientOrderId === right.clientOrderId && left.price === right.price;

function removed(resting: readonly RestingOrder[], order: WorkingOrder): readonly RestingOrder[] {
  const index = resting.findIndex((other) => other.clientOrderId === order.clientOrderId);
  return index < 0 ? resting : resting.toSpliced(index, 1);
}

function inserted(resting: readonly RestingOrder[], order: WorkingOrder, side: Side): readonly RestingOrder[] {
  const better = (price: Price): boolean => (side === 'buy' ? price >= order.price : price <= order.price);
  let low = 0;
  let high = resting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = resting[middle];
    if (other !== undefined && better(other.price)) low = middle + 1;
    else high = middle;
  }
  return resting.toSpliced(low, 0, { clientOrderId: order.clientOrderId, price: Price.fromUnits(order.price) });
}

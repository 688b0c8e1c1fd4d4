import { assert, type Micros, type Timestamp } from '@scalpstorm/kernel';
import {
  type BotId,
  type ClientOrderId,
  type Instrument,
  type InstrumentId,
  isFinal,
  type Order,
  type OrderRequest,
  type Position,
  Price,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { netBase } from '../portfolio/position.js';
import { type BotStanding, emptyBot, type FinishedOrder, reserved, type WorkingOrder } from './bot-standing.js';
import { changeTotals, emptyTotals, type InstrumentTotals } from './instrument-totals.js';
import { ShardedMap } from './sharded-map.js';
import { changeUserWorst, type UserWorst } from './user-worst.js';

/** Everything that an account's next order is judged by. Immutable; one writer replaces it. */
export interface Standing {
  readonly rateWindow: Micros;
  readonly bots: ShardedMap<string, BotStanding>;
  readonly instruments: ReadonlyMap<InstrumentId, InstrumentTotals>;
  readonly users: UserWorst;
  readonly openOrders: number;
  readonly approvals: readonly Timestamp[];
}

/** Bounds of what a standing remembers. A late event about an order older than this is not recognised as old. */
export const finishedKept = 64;
export const approvalsKept = 10_000;

export function emptyStanding(rateWindow: Micros): Standing {
  return {
    rateWindow,
    bots: ShardedMap.empty(),
    instruments: new Map(),
    users: new Map(),
    openOrders: 0,
    approvals: [],
  };
}

/** Manual orders of an account share one standing. */
const keyOf = (botId: BotId | null): string => botId ?? 'manual';

export function botStanding(standing: Standing, botId: BotId | null): BotStanding {
  return standing.bots.get(keyOf(botId)) ?? emptyBot;
}

export interface Reservation {
  readonly request: OrderRequest;
  readonly instrument: Instrument;
  /** Values a market order; not used for a limit order. */
  readonly referencePrice: Price | null;
  readonly approvedAt: Timestamp;
}

/** Takes an approved order into account, before the approval is published. Reserving an id twice changes nothing. */
export function reserve(standing: Standing, reservation: Reservation): Standing {
  const { request, approvedAt } = reservation;
  const bot = botStanding(standing, request.botId);
  if (bot.orders.has(request.clientOrderId) || bot.finished.has(request.clientOrderId)) return standing;
  const order: WorkingOrder = {
    clientOrderId: request.clientOrderId,
    instrumentId: request.instrumentId,
    side: request.side,
    purpose: request.purpose,
    left: request.quantity,
    price: request.price ?? reservation.referencePrice ?? Price.zero,
    rests: request.type === 'limit',
    version: reserved,
    booked: Quantity.zero,
  };
  const next = replaceBot(standing, request, reservation.instrument, {
    ...bot,
    orders: new Map(bot.orders).set(order.clientOrderId, order),
    approvals: withApproval(bot.approvals, approvedAt, standing.rateWindow),
  });
  return { ...next, approvals: withApproval(standing.approvals, approvedAt, standing.rateWindow) };
}

/** The approval expired and nothing was ever heard of the order. An order that was heard of stays. */
export function releaseReservation(standing: Standing, request: OrderRequest, instrument: Instrument): Standing {
  const bot = botStanding(standing, request.botId);
  if (bot.orders.get(request.clientOrderId)?.version !== reserved) return standing;
  return replaceBot(standing, request, instrument, { ...bot, orders: without(bot.orders, request.clientOrderId) });
}

/**
 * Takes an order's newest state into account. A version that was seen before changes nothing. Fills move the position by
 * the order's own running sums, so that a missed event is made good by the next one. A final order gives its reservation
 * back; an unknown one keeps it.
 */
export function applyOrder(standing: Standing, order: Order, instrument: Instrument): Standing {
  return takeOrder(standing, order, instrument, true);
}

/**
 * Rebuilds a standing after a start, from one consistent picture: positions that contain the fills of the orders.
 * `orders` are the working ones and those that ended not long ago, so that their repeated events are recognised.
 */
export function restoreStanding(
  rateWindow: Micros,
  picture: { readonly positions: readonly Position[]; readonly orders: readonly Order[] },
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): Standing {
  const known = (id: InstrumentId): Instrument => {
    const instrument = instruments.get(id);
    assert(instrument !== undefined, `a standing needs the instrument ${id}`);
    return instrument;
  };
  const held = picture.positions.reduce((standing, position) => {
    const bot = botStanding(standing, position.botId);
    const positions = new Map(bot.positions).set(position.instrumentId, position.quantity);
    return replaceBot(standing, position, known(position.instrumentId), { ...bot, positions });
  }, emptyStanding(rateWindow));
  return picture.orders.reduce(
    (standing, order) => takeOrder(standing, order, known(order.request.instrumentId), false),
    held,
  );
}

function takeOrder(standing: Standing, order: Order, instrument: Instrument, bookFills: boolean): Standing {
  const { request } = order;
  const id = request.clientOrderId;
  const bot = botStanding(standing, request.botId);
  const working = bot.orders.get(id);
  const seen = working ?? bot.finished.get(id);
  if (seen && order.version <= seen.version) return standing;
  const baseFee = order.fees.find((fee) => fee.currency === instrument.base)?.amount ?? 0n;
  const booked = netBase(request.side, order.filledQuantity, baseFee);
  const change = bookFills ? booked - (seen?.booked ?? 0n) : 0n;
  const position = Quantity.fromUnits((bot.positions.get(instrument.id) ?? 0n) + change);
  const positions = change === 0n ? bot.positions : new Map(bot.positions).set(instrument.id, position);
  const ended = isFinal(order.status);
  const orders = ended ? without(bot.orders, id) : new Map(bot.orders).set(id, workingOrder(order, booked, working));
  const finished = ended ? withFinished(bot.finished, id, { version: order.version, booked }) : bot.finished;
  return replaceBot(standing, request, instrument, { ...bot, positions, orders, finished });
}

function workingOrder(order: Order, booked: Quantity, known: WorkingOrder | undefined): WorkingOrder {
  const { request } = order;
  return {
    clientOrderId: request.clientOrderId,
    instrumentId: request.instrumentId,
    side: request.side,
    purpose: request.purpose,
    left: Quantity.minus(request.quantity, order.filledQuantity),
    price: request.price ?? known?.price ?? Price.zero,
    rests: request.type === 'limit',
    version: order.version,
    booked,
  };
}

function replaceBot(
  standing: Standing,
  owner: { readonly botId: BotId | null; readonly userId?: UserId },
  instrument: Instrument,
  changed: BotStanding,
): Standing {
  const before = botStanding(standing, owner.botId);
  const userId = owner.botId === null ? null : (before.userId ?? owner.userId ?? null);
  const after = userId === changed.userId ? changed : { ...changed, userId };
  const totals = standing.instruments.get(instrument.id) ?? emptyTotals(instrument);
  return {
    ...standing,
    bots: standing.bots.with(keyOf(owner.botId), after),
    instruments: new Map(standing.instruments).set(instrument.id, changeTotals(totals, before, after)),
    users: changeUserWorst(standing.users, before, after, instrument.id),
    openOrders: standing.openOrders + after.orders.size - before.orders.size,
  };
}

function withApproval(approvals: readonly Timestamp[], now: Timestamp, window: Micros): readonly Timestamp[] {
  const recent = approvals.filter((time) => time > now - window);
  return [...recent.slice(-(approvalsKept - 1)), now];
}

function withFinished(
  finished: ReadonlyMap<ClientOrderId, FinishedOrder>,
  id: ClientOrderId,
  entry: FinishedOrder,
): ReadonlyMap<ClientOrderId, FinishedOrder> {
  const next = new Map(finished).set(id, entry);
  const oldest = next.keys().next();
  if (next.size > finishedKept && !oldest.done) next.delete(oldest.value);
  return next;
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const next = new Map(map);
  next.delete(key);
  return next;
}

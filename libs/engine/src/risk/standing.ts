import type { Micros, Timestamp } from '@scalpstorm/kernel';
import {
  type BotId,
  type ClientOrderId,
  type Instrument,
  type InstrumentId,
  isFinal,
  type Order,
  type OrderRequest,
  Price,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { triggerLevel } from '../orders/trigger.js';
import { netBase } from '../portfolio/position.js';
import { type BotStanding, emptyBot, type FinishedOrder, reserved, type WorkingOrder } from './bot-standing.js';
import { changeTotals, emptyTotals, type InstrumentTotals } from './instrument-totals.js';
import { ShardedMap } from './sharded-map.js';
import { changeUserWorst, type UserWorst } from './user-worst.js';

/** Everything that an account's next order is judged by. Immutable; one writer replaces it. */
export interface Standing {
  readonly rateWindow: Micros;
  /** Orders that began before it and are not remembered had ended when the books were read; null: no books were read. */
  readonly knownSince: Timestamp | null;
  readonly bots: ShardedMap<string, BotStanding>;
  readonly instruments: ReadonlyMap<InstrumentId, InstrumentTotals>;
  readonly users: UserWorst;
  readonly openOrders: number;
  readonly approvals: readonly Timestamp[];
}

/** Bounds of what a standing remembers. Of an order older than this it knows only that it can not tell: {@link mayBeForgotten}. */
export const finishedKept = 64;
export const approvalsKept = 10_000;

export function emptyStanding(rateWindow: Micros, knownSince: Timestamp | null = null): Standing {
  return {
    rateWindow,
    knownSince,
    bots: ShardedMap.empty(),
    instruments: new Map(),
    users: new Map(),
    openOrders: 0,
    approvals: [],
  };
}

/** Manual orders of an account share one standing. */
export const keyOf = (botId: BotId | null): string => botId ?? 'manual';

export function botStanding(standing: Standing, botId: BotId | null): BotStanding {
  return standing.bots.get(keyOf(botId)) ?? emptyBot;
}

export interface Reservation {
  readonly request: OrderRequest;
  readonly instrument: Instrument;
  /** Values a market order that has no trigger; not used for a limit order. */
  readonly referencePrice: Price | null;
  readonly approvedAt: Timestamp;
}

/** Takes an approved order into account, before the approval is published. Reserving an id twice changes nothing. */
export function reserve(standing: Standing, reservation: Reservation): Standing {
  const { request, approvedAt, referencePrice } = reservation;
  const bot = botStanding(standing, request.botId);
  if (bot.orders.has(request.clientOrderId) || bot.finished.has(request.clientOrderId)) return standing;
  const order: WorkingOrder = {
    clientOrderId: request.clientOrderId,
    instrumentId: request.instrumentId,
    side: request.side,
    purpose: request.purpose,
    left: request.quantity,
    price: request.price ?? triggerLevel(request, referencePrice) ?? referencePrice ?? Price.zero,
    limited: request.price !== null,
    rests: request.price !== null && request.trigger === undefined,
    trigger: request.trigger ?? null,
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
 * Takes an order's newest state into account. A version that was seen before changes nothing, and neither does an order of
 * which it is not certain what was seen. Fills move the position by the order's own running sums, so that a missed event is
 * made good by the next one. A final order gives its reservation back; an unknown one keeps it.
 */
export function applyOrder(standing: Standing, order: Order, instrument: Instrument): Standing {
  if (mayBeForgotten(standing, order)) return standing;
  const after = botAfter(botStanding(standing, order.request.botId), order, instrument, true);
  return after === null ? standing : replaceBot(standing, order.request, instrument, after);
}

/**
 * True for an order that may have been taken into account and forgotten since: what its running sums add to the position can
 * not be told then, only read from the books. An order that is new began after everything that was forgotten. When in
 * doubt it is true: for a new one that costs a look at the books, and a fill that is booked twice costs money.
 */
export function mayBeForgotten(standing: Standing, { request, createdAt }: Order): boolean {
  const bot = botStanding(standing, request.botId);
  const known = bot.orders.get(request.clientOrderId)?.version ?? reserved;
  if (known !== reserved || bot.finished.has(request.clientOrderId)) return false;
  const { knownSince } = standing;
  return isUntil(createdAt, bot.forgottenUntil) || isUntil(createdAt, knownSince);
}

const isUntil = (time: Timestamp, end: Timestamp | null): boolean => end !== null && time <= end;

/** Null when this version was seen before. With `bookFills`, what it adds to its fills moves the position. */
export function botAfter(
  bot: BotStanding,
  order: Order,
  instrument: Instrument,
  bookFills: boolean,
): BotStanding | null {
  const { request, version, createdAt } = order;
  const id = request.clientOrderId;
  const working = bot.orders.get(id);
  const seen = working ?? bot.finished.get(id);
  if (seen && version <= seen.version) return null;
  const baseFee = order.fees.find((fee) => fee.currency === instrument.base)?.amount ?? 0n;
  const booked = netBase(request.side, order.filledQuantity, baseFee);
  const change = bookFills ? booked - (seen?.booked ?? 0n) : 0n;
  const position = Quantity.fromUnits((bot.positions.get(instrument.id) ?? 0n) + change);
  const positions = change === 0n ? bot.positions : new Map(bot.positions).set(instrument.id, position);
  const ended = isFinal(order.status);
  const orders = ended ? without(bot.orders, id) : new Map(bot.orders).set(id, workingOrder(order, booked, working));
  const memory = ended ? withFinished(bot, id, { version, booked, createdAt }) : {};
  return { ...bot, positions, orders, ...memory };
}

function workingOrder(order: Order, booked: Quantity, known: WorkingOrder | undefined): WorkingOrder {
  const { request } = order;
  return {
    clientOrderId: request.clientOrderId,
    instrumentId: request.instrumentId,
    side: request.side,
    purpose: request.purpose,
    left: Quantity.minus(request.quantity, order.filledQuantity),
    price: request.price ?? known?.price ?? triggerLevel(request, null) ?? Price.zero,
    limited: request.price !== null,
    rests: request.price !== null && !isWaiting(order),
    trigger: request.trigger ?? null,
    version: order.version,
    booked,
  };
}

/** It has a trigger, and nothing was heard yet that it was reached. */
function isWaiting({ request, status, statusBefore, filledQuantity }: Order): boolean {
  return request.trigger !== undefined && (statusBefore ?? status) !== 'triggered' && filledQuantity === 0n;
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
  bot: BotStanding,
  id: ClientOrderId,
  entry: FinishedOrder,
): Pick<BotStanding, 'finished' | 'forgottenUntil'> {
  const finished = new Map(bot.finished).set(id, entry);
  const [oldest] = finished;
  if (finished.size <= finishedKept || oldest === undefined) return { finished, forgottenUntil: bot.forgottenUntil };
  const [oldestId, { createdAt }] = oldest;
  finished.delete(oldestId);
  return { finished, forgottenUntil: isUntil(createdAt, bot.forgottenUntil) ? bot.forgottenUntil : createdAt };
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const next = new Map(map);
  next.delete(key);
  return next;
}

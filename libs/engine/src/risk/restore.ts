import { assert, type Micros, type Timestamp } from '@scalpstorm/kernel';
import type { Instrument, InstrumentId, Order, Position, Quantity } from '@scalpstorm/model';
import { type BotStanding, emptyBot, reserved } from './bot-standing.js';
import { changeTotals, emptyTotals } from './instrument-totals.js';
import { botAfter, emptyStanding, keyOf, type Standing } from './standing.js';
import { changeUserWorst } from './user-worst.js';

/** What execution's books say of an account at one moment: positions that contain the fills of the orders. */
export interface Picture {
  readonly positions: readonly Position[];
  /** The working ones and those that changed not long ago, so that their repeated events are recognised. */
  readonly orders: readonly Order[];
  /** All orders that began after it are in the picture, or not in its positions; null: nothing is known of others. */
  readonly knownSince: Timestamp | null;
}

/** What a standing knew that no books tell. */
export interface Recollection {
  /** As it was when the books began to be read: what it had seen by then is in them. */
  readonly atReading: Standing;
  /** As it is now: approvals, and reservations of which nothing was heard yet. */
  readonly now: Standing;
}

type Known = (id: InstrumentId) => Instrument;

interface Told {
  readonly positions: Position[];
  readonly orders: Order[];
}

/**
 * Rebuilds a standing from one consistent picture. Bots of which it tells nothing new cost next to nothing.
 *
 * @throws when the instrument of a position or of an order is not given; positions of nothing need none
 */
export function restoreStanding(
  rateWindow: Micros,
  picture: Picture,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  recollection?: Recollection,
): Standing {
  const known: Known = (id) => {
    const instrument = instruments.get(id);
    assert(instrument !== undefined, `a standing needs the instrument ${id}`);
    return instrument;
  };
  const empty = emptyStanding(rateWindow);
  const { atReading, now } = recollection ?? { atReading: empty, now: empty };
  const told = toldOf(picture);
  let standing: Standing = { ...atReading, knownSince: picture.knownSince, approvals: now.approvals };
  for (const key of new Set([...told.keys(), ...[...now.bots.entries()].map(([bot]) => bot)])) {
    const before = atReading.bots.get(key) ?? emptyBot;
    const after = rebuilt(before, now.bots.get(key) ?? emptyBot, told.get(key), known);
    if (!isSame(before, after)) standing = withBot(standing, key, { before, after }, known);
  }
  return standing;
}

/** By bot. */
function toldOf({ positions, orders }: Picture): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  const of = (key: string): Told => {
    const one = told.get(key) ?? { positions: [], orders: [] };
    told.set(key, one);
    return one;
  };
  for (const position of positions) if (position.quantity !== 0n) of(keyOf(position.botId)).positions.push(position);
  for (const order of orders) of(keyOf(order.request.botId)).orders.push(order);
  return told;
}

function rebuilt(before: BotStanding, now: BotStanding, told: Told | undefined, known: Known): BotStanding {
  const { positions = [], orders = [] } = told ?? {};
  const [first] = orders;
  const owner = first === undefined || first.request.botId === null ? null : first.request.userId;
  const waiting = [...now.orders].filter(([, { version }]) => version === reserved);
  let bot: BotStanding = {
    ...before,
    approvals: now.approvals,
    userId: now.userId ?? owner,
    positions: new Map(positions.map(({ instrumentId, quantity }) => [instrumentId, quantity])),
    orders: new Map(waiting),
  };
  for (const order of orders) {
    const id = order.request.clientOrderId;
    const old = before.orders.get(id);
    // What is as it was stays, and so does the price of a market order, which it does not tell itself.
    if (old !== undefined && !bot.orders.has(id)) bot = { ...bot, orders: new Map(bot.orders).set(id, old) };
    bot = botAfter(bot, order, known(order.request.instrumentId), false) ?? bot;
  }
  return bot;
}

function withBot(
  standing: Standing,
  key: string,
  { before, after }: { readonly before: BotStanding; readonly after: BotStanding },
  known: Known,
): Standing {
  const instruments = new Map(standing.instruments);
  const owned = { ...before, userId: after.userId };
  let { users } = standing;
  for (const [index, id] of instrumentsOf(before, after).entries()) {
    // Whose it is changes once, and takes all that it stands in along.
    if (index === 0) users = changeUserWorst(users, before, owned, id);
    users = changeUserWorst(users, owned, after, id);
    instruments.set(id, changeTotals(instruments.get(id) ?? emptyTotals(known(id)), before, after));
  }
  const openOrders = standing.openOrders + after.orders.size - before.orders.size;
  return { ...standing, bots: standing.bots.with(key, after), instruments, users, openOrders };
}

const instrumentsOf = (...bots: readonly BotStanding[]): readonly InstrumentId[] => [
  ...new Set(
    bots.flatMap(({ positions, orders }) => [
      ...positions.keys(),
      ...[...orders.values()].map(({ instrumentId }) => instrumentId),
    ]),
  ),
];

function isSame(before: BotStanding, after: BotStanding): boolean {
  const { finished, approvals, userId, orders } = before;
  return (
    finished === after.finished &&
    approvals === after.approvals &&
    userId === after.userId &&
    orders.size === after.orders.size &&
    [...orders].every(([id, order]) => after.orders.get(id) === order) &&
    holdsWhat(before.positions, after.positions) &&
    holdsWhat(after.positions, before.positions)
  );
}

type Positions = ReadonlyMap<InstrumentId, Quantity>;

const holdsWhat = (positions: Positions, others: Positions): boolean =>
  [...others].every(([id, quantity]) => (positions.get(id) ?? 0n) === quantity);

// What must be true of a platform after any number of deaths, judged by the venue's own account of what happened.
import { addTo, exact, text } from './decimals.mjs';

// A bot's order names its slot: bot, leg, cycle; the last four letters are the attempt (libs/model/src/ids.ts).
const botOrder = /^s([0-9a-z]{8})[NXF][0-9a-z]{5}[0-9a-z]{4}$/;
const legLetter = 9;
const cycleLetters = [10, 15];

const cycleOf = ({ clientOrderId }) => Number.parseInt(clientOrderId.slice(...cycleLetters), 36);

/** The bot whose order that is; undefined for an order that no bot placed. */
export function botOf(clientOrderId) {
  const bot = botOrder.exec(clientOrderId)?.[1];
  return bot === undefined ? undefined : `bot_${bot}`;
}

/**
 * @typedef {object} Facts
 * @property {readonly object[]} venueOrders rows of GET allOrders
 * @property {readonly object[]} venueTrades rows of GET myTrades
 * @property {ReadonlyMap<string, readonly string[]>} opening balances before the first order: free and locked
 * @property {ReadonlyMap<string, readonly string[]>} closing
 * @property {readonly object[]} orders our rows: client_order_id, bot_id, status, reason_code, filled_quantity
 * @property {readonly object[]} fills our rows: symbol (the venue's), trade_id, venue_order_id, client_order_id, price, quantity, fee, fee_currency
 * @property {readonly object[]} positions our rows: bot_id, symbol (the venue's), base, quantity, fills
 * @property {readonly object[]} bots strategy's rows: id, observed, reason_code, reason_text, held, fills, cycles, pairs, pnl, net and other_fees (of all pairs) and the books of its strategy
 * @property {number} deadLetters
 */

/** Why a bot stops when the run asked it to; with any other reason it has stopped by itself, and nothing in a run is one. */
const askedToStop = 'STOPPED';

const key = (symbol, id) => `${symbol}:${id}`;

/** At most one venue order an intent, every one of them ours. */
function* orderViolations({ venueOrders, orders }) {
  const ours = new Map(orders.map((order) => [order.client_order_id, order]));
  const seen = new Map();
  for (const order of venueOrders) {
    const id = order.clientOrderId;
    if (seen.has(id)) yield `${id}: the venue has two orders, ${seen.get(id)} and ${order.orderId}`;
    seen.set(id, order.orderId);
    const known = ours.get(id);
    if (known === undefined) yield `${id}: our books do not know the venue's order ${order.orderId}`;
    else if (sameAs[order.status] !== known.status) yield `${id}: ${known.status} here, ${order.status} at the venue`;
    else if (exact(known.filled_quantity) !== exact(order.executedQty))
      yield `${id}: ${known.filled_quantity} filled here, ${order.executedQty} at the venue`;
  }
  for (const { client_order_id: id, status, reason_code: reason } of orders) {
    if (!seen.has(id) && !neverSent(status, reason)) yield `${id}: ${status} (${reason}) here, never at the venue`;
  }
}

const sameAs = {
  NEW: 'accepted',
  PARTIALLY_FILLED: 'partially-filled',
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
  REJECTED: 'rejected',
};

/** Withheld after the mark was durable, or proved to have gone nowhere. */
const endedBeforeVenue = ['APPROVAL_EXPIRED', 'TRADING_HALTED', 'CYCLE_IS_OVER', 'NOT_FOUND_AFTER_EXPIRY'];

const neverSent = (status, reason) =>
  status === 'denied' ||
  status === 'rejected' ||
  (status === 'expired' && endedBeforeVenue.includes(reason)) ||
  (status === 'canceled' && reason === 'CANCELED_BEFORE_SENT');

/** Our fills are the venue's fills, to the last decimal. */
function* fillViolations({ venueTrades, fills }) {
  const ours = new Map(fills.map((fill) => [key(fill.symbol, fill.trade_id), fill]));
  for (const trade of venueTrades) {
    const id = key(trade.symbol, trade.id);
    const fill = ours.get(id);
    if (fill === undefined) {
      yield `fill ${id} of order ${trade.orderId} is lost`;
      continue;
    }
    ours.delete(id);
    const same =
      String(fill.venue_order_id) === String(trade.orderId) &&
      exact(fill.price) === exact(trade.price) &&
      exact(fill.quantity) === exact(trade.qty) &&
      exact(fill.fee) === exact(trade.commission) &&
      fill.fee_currency === trade.commissionAsset;
    if (!same) yield `fill ${id} differs: ${JSON.stringify(fill)} here, ${JSON.stringify(trade)} at the venue`;
  }
  for (const id of ours.keys()) yield `fill ${id} is in our books, and not at the venue`;
}

/** The venue's balances move by its trades alone, and nothing stays locked without an open order. */
function* balanceViolations({ opening, closing, venueTrades, venueOrders, assetsOf }) {
  const expected = new Map(
    [...opening].map(([asset, parts]) => [asset, parts.reduce((sum, part) => sum + exact(part), 0n)]),
  );
  for (const trade of venueTrades) {
    const { base, quote } = assetsOf(trade.symbol);
    const sign = trade.isBuyer ? 1n : -1n;
    addTo(expected, base, sign * exact(trade.qty));
    addTo(expected, quote, -sign * exact(trade.quoteQty));
    addTo(expected, trade.commissionAsset, -exact(trade.commission));
  }
  for (const [asset, [free, locked]] of closing) {
    const held = exact(free) + exact(locked);
    const wanted = expected.get(asset) ?? 0n;
    if (held !== wanted) yield `${asset}: the venue holds ${text(held)}, its trades leave ${text(wanted)}`;
  }
  const open = venueOrders.filter(({ status }) => status === 'NEW' || status === 'PARTIALLY_FILLED');
  for (const { clientOrderId } of open) yield `${clientOrderId} is still open after every bot was stopped`;
}

/** What a bot's fills leave is what execution and the strategy say that it holds. */
function* positionViolations({ fills, orders, positions, bots, assetsOf }) {
  const botOf = new Map(orders.map((order) => [order.client_order_id, order.bot_id]));
  const sideOf = new Map(orders.map((order) => [order.client_order_id, order.side]));
  const held = new Map();
  const counts = new Map();
  for (const fill of fills) {
    const bot = botOf.get(fill.client_order_id);
    const { base } = assetsOf(fill.symbol);
    const sign = sideOf.get(fill.client_order_id) === 'buy' ? 1n : -1n;
    addTo(held, bot, sign * exact(fill.quantity) - (fill.fee_currency === base ? exact(fill.fee) : 0n));
    counts.set(bot, (counts.get(bot) ?? 0) + 1);
  }
  for (const { bot_id: bot, quantity } of positions) {
    if (exact(quantity) !== (held.get(bot) ?? 0n))
      yield `${bot}: the position says ${quantity}, the fills ${text(held.get(bot) ?? 0n)}`;
  }
  for (const bot of bots) {
    const wanted = held.get(bot.id) ?? 0n;
    if (exact(bot.held) !== wanted) yield `${bot.id}: the strategy holds ${bot.held}, its fills leave ${text(wanted)}`;
    if (bot.fills !== (counts.get(bot.id) ?? 0))
      yield `${bot.id}: counts ${bot.fills} fills of ${counts.get(bot.id) ?? 0}`;
    if (wanted < 0n) yield `${bot.id}: sold ${text(-wanted)} more than it bought`;
    if (bot.cycles !== bot.pairs) yield `${bot.id}: ${bot.cycles} cycles, but ${bot.pairs} stored pairs`;
  }
}

/**
 * A bot has at most one order alive, whatever its leg and cycle; its cycles follow one another without a gap; and no entry is
 * filled beyond what it was for.
 */
function* sequenceViolations({ venueOrders }) {
  const placed = venueOrders.filter(({ clientOrderId }) => botOrder.test(clientOrderId));
  for (const [bot, orders] of Object.entries(Object.groupBy(placed, ({ clientOrderId }) => botOf(clientOrderId)))) {
    const inOrder = orders.toSorted((left, right) => left.orderId - right.orderId);
    for (const [index, order] of inOrder.entries()) {
      const next = inOrder[index + 1];
      if (next === undefined) continue;
      if (next.time < order.updateTime)
        yield `${bot}: ${next.clientOrderId} was placed while ${order.clientOrderId} still worked`;
      const step = cycleOf(next) - cycleOf(order);
      if (step < 0 || step > 1)
        yield `${bot}: ${next.clientOrderId} of cycle ${cycleOf(next)} follows cycle ${cycleOf(order)}`;
    }
    const entries = inOrder.filter(({ clientOrderId }) => clientOrderId[legLetter] === 'N');
    for (const [cycle, attempts] of Object.entries(Object.groupBy(entries, cycleOf))) {
      const filled = attempts.reduce((sum, { executedQty }) => sum + exact(executedQty), 0n);
      const wanted = exact(attempts[0].origQty);
      if (filled > wanted) yield `${bot}: the entry of cycle ${cycle} filled ${text(filled)} of ${text(wanted)}`;
    }
  }
}

/** A bot that buys first never sells what it has not bought, not for a moment: neither an exit nor a flatten may count a fill twice. */
function* overSellingViolations({ venueTrades, venueOrders, bots, assetsOf }) {
  const idOf = new Map(venueOrders.map(({ symbol, orderId, clientOrderId }) => [key(symbol, orderId), clientOrderId]));
  const orderOf = (trade) => idOf.get(key(trade.symbol, trade.orderId)) ?? '';
  const start = new Map(bots.map((bot) => [bot.id, exact(bot.start ?? '0')]));
  const placed = venueTrades.filter((trade) => botOf(orderOf(trade)) !== undefined);
  for (const [bot, trades] of Object.entries(Object.groupBy(placed, (trade) => botOf(orderOf(trade))))) {
    if (trades.some((trade) => orderOf(trade)[legLetter] === 'N' && !trade.isBuyer)) continue;
    let left = start.get(bot) ?? 0n;
    for (const trade of trades.toSorted((one, other) => one.id - other.id)) {
      const fee = trade.commissionAsset === assetsOf(trade.symbol).base ? exact(trade.commission) : 0n;
      left += (trade.isBuyer ? exact(trade.qty) : -exact(trade.qty)) - fee;
      if (left >= 0n) continue;
      yield `${bot}: ${orderOf(trade)} sold ${text(-left)} more than there was, with trade ${trade.id}`;
      break;
    }
  }
}

/** Every bot has stopped in the end, and none but by the run's own word. */
function* endViolations({ bots }) {
  for (const { id, observed, reason_code: code, reason_text: words } of bots) {
    if (observed !== 'stopped') yield `${id} is ${observed} after every bot was stopped: ${code} ${words}`;
    else if (code !== askedToStop) yield `${id} stopped by itself: ${code} ${words}`;
  }
}

/**
 * Σ net of a bot's pairs, and of the cycle that runs, is its cash at the venue and the cost of what it holds, less what its fees in
 * third currencies were valued at; and those fees are the venue's.
 */
function* profitViolations({ venueTrades, venueOrders, bots, assetsOf }) {
  const botOfOrder = new Map(
    venueOrders.map(({ symbol, orderId, clientOrderId }) => [key(symbol, orderId), botOf(clientOrderId)]),
  );
  const cash = new Map();
  const charged = new Map();
  for (const trade of venueTrades) {
    const bot = botOfOrder.get(key(trade.symbol, trade.orderId));
    const { base, quote } = assetsOf(trade.symbol);
    if (trade.commissionAsset !== base && trade.commissionAsset !== quote)
      addTo(charged, key(bot, trade.commissionAsset), exact(trade.commission));
    const paid = trade.commissionAsset === quote ? exact(trade.commission) : 0n;
    addTo(cash, bot, (trade.isBuyer ? -1n : 1n) * exact(trade.quoteQty) - paid);
  }
  for (const { id, pnl, net, books, other_fees: otherFees } of bots) {
    if (exact(pnl) !== exact(net)) yield `${id}: shows a profit of ${pnl}, its pairs add up to ${net}`;
    const cost = (books.poolSide === 'buy' ? 1n : -1n) * exact(books.poolValue);
    const earned = exact(net) + exact(books.gross) - exact(books.fees);
    const valued = otherFees.reduce((sum, { value }) => sum + exact(value ?? '0'), 0n);
    const wanted = (cash.get(id) ?? 0n) + cost - valued;
    if (earned !== wanted)
      yield `${id}: booked ${text(earned)}, its cash and what it holds at cost are ${text(wanted)}`;
    const booked = new Map(
      Object.entries(books.otherFees ?? {}).map(([currency, fee]) => [key(id, currency), exact(fee)]),
    );
    for (const { currency, amount } of otherFees) addTo(booked, key(id, currency), exact(amount));
    for (const name of charged.keys()) if (name.startsWith(`${id}:`)) addTo(booked, name, 0n);
    for (const [name, fee] of booked)
      if (fee !== (charged.get(name) ?? 0n))
        yield `${name}: fees of ${text(fee)} are booked, the venue charged ${text(charged.get(name) ?? 0n)}`;
  }
}

/**
 * @param {Facts} facts
 * @returns {readonly string[]} each thing that must never be; empty when all is well
 */
export function violationsOf(facts) {
  const found = [
    ...orderViolations(facts),
    ...fillViolations(facts),
    ...balanceViolations(facts),
    ...positionViolations(facts),
    ...sequenceViolations(facts),
    ...overSellingViolations(facts),
    ...endViolations(facts),
    ...profitViolations(facts),
  ];
  if (facts.deadLetters > 0) found.push(`${facts.deadLetters} messages ended as dead letters`);
  return found;
}

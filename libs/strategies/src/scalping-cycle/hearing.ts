import { Timestamp } from '@scalpstorm/kernel';
import {
  atMarket,
  ClientOrderId,
  Currency,
  isFinal,
  type Leg,
  Money,
  notional,
  type Order,
  Price,
  prospectOf,
  Quantity,
  type Reason,
} from '@scalpstorm/model';
import { noAmount, quantityScale, read } from './amounts.js';
import { averagePrice, book, held } from './books.js';
import type { Draft } from './draft.js';
import { openQuantity } from './exiting.js';
import { canBeHalved } from './parts.js';
import { markOf } from './pricing.js';
import { noFills, type OrderFact, unheard } from './state.js';

/** Denials of our own gate that no waiting heals: no limit covers the order. All its others are tried for ever. */
const permanentDenials: ReadonlySet<string> = new Set(['CURRENCY_NOT_COVERED', 'ORDER_NOTIONAL_ABOVE_MAXIMUM']);
const retryFirst = 250_000;
const retryMax = 30_000_000;
/** The venue's refusals in a row after which a bot that holds nothing gives up. */
const rejectionsMax = 6;
/** Shows as the reason of a bot that cannot close. */
const cannotCloseCode = 'WAITS_TO_CLOSE';
/** Of one whose order was refused more than once, and is tried again. */
const refusedCode = 'WAITS_ORDER_REFUSED';
/** The gate's, while nothing new may be opened. */
const haltedCodes: ReadonlySet<string> = new Set(['TRADING_HALTED', 'TRADING_REDUCING']);

/** Takes an order's newest state in. True when there is anything new. */
export function hearOrder(draft: Draft, order: Order): boolean {
  const id = order.request.clientOrderId;
  const known = draft.fact(id) ?? unexpected(draft, order);
  if (known === null || order.version <= known.version) return false;
  const next: OrderFact = {
    ...known,
    // Whoever asked under this id first, in a life that we have forgotten, had the say.
    ...wordingOf(order),
    status: order.status,
    version: order.version,
    filled: Quantity.format(order.filledQuantity),
    notional: Money.format(order.filledNotional),
    fees: Object.fromEntries(order.fees.map((fee) => [fee.currency, Money.format(fee)])),
    cancelReason: cancelReasonOf(order, known),
    reasonCode: order.reason?.code ?? '',
    reasonText: order.reason?.text ?? '',
  };
  draft.remember(next);
  bookIfBegun(draft, next, known);
  if (isTaken(next) && draft.state.failures > 0) tellTaken(draft, next);
  return true;
}

/** An order that does not rest may be filled before anything else is heard of it. */
const isTaken = ({ status, filled }: OrderFact): boolean => status === 'accepted' || read(filled) > 0n;

/** An exit is taken during a halt, too: of a halt only an entry tells. */
function tellTaken(draft: Draft, { leg }: OrderFact): void {
  if (leg === 'entry') draft.reach('released', 'TRADING_RELEASED', 'Trading goes on.');
  draft.reach('goes-on', 'ORDER_ACCEPTED', 'The venue takes its orders again.');
}

/**
 * What we asked for stands until it is heard of: an order that waited for its cancel and has no reason any more is one whose cancel
 * was refused, and whoever cancels it now is somebody else. So is whoever ended one without a reason, whatever we meanwhile wish: ours
 * is on record before the cancel leaves.
 */
const cancelReasonOf = ({ cancelReason, status }: Order, known: OrderFact): OrderFact['cancelReason'] =>
  known.status === 'pending-cancel' || isFinal(status) ? cancelReason : (cancelReason ?? known.cancelReason);

/** The gate refused. It counts only for an order of which nothing else was heard. */
export function hearDenial(draft: Draft, id: ClientOrderId, reason: Reason): boolean {
  const known = draft.fact(id) ?? earlyFact(draft, id);
  if (known === null || known.version !== unheard || isFinal(known.status)) return false;
  draft.remember({ ...known, status: 'denied', reasonCode: reason.code, reasonText: reason.text });
  return true;
}

/** Books what an order has filled since `before`, unless its cycle is still to come: money never waits for its turn. */
export function bookIfBegun(draft: Draft, fact: OrderFact, before: OrderFact): void {
  if (!before.booked && (ClientOrderId.slotOf(fact.id)?.cycle ?? 0) > draft.state.cycle) return;
  draft.remember({ ...fact, booked: true });
  takeFills(draft, before.booked ? before : { ...before, ...noFills }, fact);
}

function unexpected(draft: Draft, order: Order): OrderFact | null {
  const early = earlyFact(draft, order.request.clientOrderId);
  if (early === null) return null;
  return { ...early, ...wordingOf(order) };
}

function wordingOf({ request: { side, type, quantity, price, timeInForce } }: Order) {
  return {
    side,
    type,
    quantity: Quantity.format(quantity),
    price: price === null ? null : Price.format(price),
    timeInForce,
  };
}

/** For an order that we have not asked for, as far as we know; null for another bot's and for one that we may have forgotten. */
function earlyFact(draft: Draft, id: ClientOrderId): OrderFact | null {
  const slot = ClientOrderId.slotOf(id);
  const { botId, now } = draft.context;
  if (slot === null || slot.botId !== botId || slot.cycle <= draft.state.forgottenCycle) return null;
  return {
    id,
    leg: slot.leg,
    side: 'buy',
    type: 'limit',
    quantity: noAmount,
    price: null,
    timeInForce: 'GTC',
    status: 'initialized',
    version: unheard,
    adopted: false,
    booked: false,
    ...noFills,
    cancelReason: null,
    cancelAskedAt: null,
    asks: 1,
    askedAt: now,
    placedAt: now,
    outdated: false,
    reasonCode: '',
    reasonText: '',
  };
}

/** Books what an order has filled since we last looked, by its running sums: a missed event is made good by the next. */
function takeFills(draft: Draft, before: OrderFact, after: OrderFact): void {
  const fees = Object.entries(after.fees).flatMap(([currency, amount]) => {
    const grown = read(amount) - read(before.fees[currency] ?? noAmount);
    return grown === 0n ? [] : [{ amount: grown, currency: Currency.of(currency) }];
  });
  const base = read(after.filled) - read(before.filled);
  if (base === 0n && fees.length === 0) return;
  const quote = read(after.notional) - read(before.notional);
  const traded = { side: after.side, base, quote, fees };
  draft.set({ books: book(draft.state.books, traded, draft.context.instrument) });
  const late = draft.state.live !== after.id;
  const price = Price.format(Price.fromUnits(base === 0n ? 0n : (quote * 10n ** 12n) / base));
  const quantity = Quantity.format(Quantity.fromUnits(base / quantityScale));
  draft.log(
    late ? 'WARNING' : 'SUCCESS',
    {
      code: late ? 'LATE_FILL' : 'ORDER_FILLED',
      text: `${after.side === 'buy' ? 'Bought' : 'Sold'} ${quantity} at ${price}${late ? ' by an order that it does not wait for any more' : ''}.`,
    },
    { clientOrderId: after.id, leg: after.leg, side: after.side, quantity, price, status: after.status },
  );
}

/** After an order that came to nothing: back off, or give up. A bot that holds something never gives up: who would close it? */
export function fallBack(draft: Draft, fact: OrderFact): void {
  const code = fact.reasonCode === '' ? `ORDER_${fact.status.toUpperCase()}` : fact.reasonCode;
  if (fact.leg !== 'entry' && prospectOf(code) === 'too-little' && isDust(draft, fact)) {
    keepAsDust(draft, fact.leg, code, fact.id);
    return;
  }
  const failures = draft.state.failures + 1;
  const failure = { code, text: `The ${fact.leg} order was ${fact.status}: ${fact.reasonText || code}`, failures };
  const smaller = isCutSmaller(draft, fact, code);
  const hopeless = !smaller && (isPermanent(code) || rejectionsInARow(draft) >= rejectionsMax);
  const holds = openQuantity(draft) > 0n;
  if (hopeless && !holds) {
    const { text } = failure;
    draft.set({ mode: 'failed', failures, retryAt: null, endCode: code, endText: text });
    tellFailure(draft, 'ERROR', fact, failure);
    draft.reach('failed', code, text);
    return;
  }
  if (hopeless) tellCannotClose(draft, fact, failure);
  else {
    // The gate may hear of our entry's fill a moment after we do; and an order that does not rest is meant to end.
    const everyday = (code === 'EXCEEDS_POSITION' && failures === 1) || endsByItself(fact);
    // A wait of hours is told in a dozen lines.
    if (isTold(failures)) tellFailure(draft, everyday ? 'INFO' : 'WARNING', fact, failure);
    if (!endsByItself(fact)) tellStanding(draft, fact, failure);
  }
  draft.set({ failures });
  waitAgain(draft, smaller ? retryFirst : Math.min(retryFirst * 2 ** Math.min(failures - 1, 10), retryMax));
}

/** A close that was too much goes on by half: another order, which need not wait for anything to change. */
const isCutSmaller = ({ context }: Draft, { leg, type, quantity }: OrderFact, code: string): boolean =>
  leg !== 'entry' && prospectOf(code) === 'too-much' && canBeHalved(Quantity.of(quantity), type, context.instrument);

/** Nobody must take a bot for one that trades while its orders are refused; once may be chance, a halt is none. */
function tellStanding(draft: Draft, { leg, status, reasonText }: OrderFact, { code, failures }: Failure): void {
  if (haltedCodes.has(code)) draft.reach('halted', code, reasonText);
  else if (failures > 1) {
    const why = reasonText === '' ? '' : ` (${reasonText.replace(/[.!?]$/, '')})`;
    draft.reach('waits', refusedCode, `Its ${leg} order was ${status}: ${code}${why}. It is tried again.`);
  }
}

interface Failure extends Reason {
  /** How many in a row, with this one. */
  readonly failures: number;
}

/** No waiting heals it: the order itself is wrong. It ends a bot that holds nothing. */
const isPermanent = (code: string): boolean =>
  permanentDenials.has(code) || ['never', 'too-little', 'too-much'].includes(prospectOf(code));

/** Every doubling. */
const isTold = (failures: number): boolean => (failures & (failures - 1)) === 0;

function tellFailure(draft: Draft, level: 'INFO' | 'WARNING' | 'ERROR', fact: OrderFact, failure: Failure): void {
  const { code, text, failures } = failure;
  draft.log(level, { code, text }, { clientOrderId: fact.id, leg: fact.leg, attempt: failures });
}

/** It is tried again and again, a stop-loss stays armed, and somebody must hear of it. */
function tellCannotClose(draft: Draft, fact: OrderFact, { code, text, failures }: Failure): void {
  const quantity = Quantity.format(held(draft.state.books));
  const consequence = `The bot still holds ${quantity} ${draft.context.instrument.base} and goes on trying to close.`;
  const whole = `${text}${/[.!?]$/.test(text) ? '' : '.'} ${consequence}`;
  const first = failures === 1 || (!isPermanent(code) && rejectionsInARow(draft) === rejectionsMax);
  if (first || isTold(failures)) tellFailure(draft, 'ERROR', fact, { code, text: whole, failures });
  draft.reach('waits', cannotCloseCode, whole);
}

/** IOC and FOK: what the venue did not fill at once it has canceled, as it was asked to. */
export const endsByItself = ({ timeInForce, status }: OrderFact): boolean =>
  (timeInForce === 'IOC' || timeInForce === 'FOK') && (status === 'canceled' || status === 'expired');

/**
 * Whether an order that the venue called too little is. A venue may name its rule for the value without saying which bound was broken;
 * what is plainly worth enough must not be forgotten as dust.
 */
function isDust({ context, state }: Draft, { side, type }: OrderFact): boolean {
  const { notionalMin, quote, stepSize } = type === 'market' ? atMarket(context.instrument) : context.instrument;
  const { books } = state;
  // Without a market, what it has cost tells best.
  const mark = markOf(context, side) ?? averagePrice({ base: books.poolBase, quote: books.poolValue });
  const most = Quantity.floorTo(Quantity.fromUnits(read(books.poolBase) / quantityScale), stepSize);
  return mark === null || notional(mark, most, quote).amount < 2n * notionalMin.amount;
}

/** What is left of a close can not go at the market, in whose steps and from whose minimum on an order goes there. */
export const keepRest = (draft: Draft, leg: Leg): void =>
  keepAsDust(draft, leg, 'MARKET_QUANTITY_BELOW_MINIMUM', draft.state.orders.at(-1)?.id ?? null);

/** The rest of an exit is too little to trade: it is no failure, it stays for a later exit. */
function keepAsDust(draft: Draft, leg: Leg, code: string, id: ClientOrderId | null): void {
  const { base } = draft.context.instrument;
  const quantity = Quantity.format(held(draft.state.books));
  draft.set({ dust: draft.state.books.poolBase, failures: 0, retryAt: null });
  const text = `${quantity} ${base} are too little to trade now (${code}); they stay for a later exit.`;
  draft.log('WARNING', { code: 'DUST_KEPT', text }, { clientOrderId: id, leg, quantity });
}

/** The venue's refusals of the newest orders, as far as they are about the orders. */
function rejectionsInARow({ state }: Draft): number {
  const judged = state.orders.filter(({ reasonCode }) => prospectOf(reasonCode) !== 'again');
  const other = judged.findLastIndex(({ status }) => status !== 'rejected');
  return judged.length - 1 - other;
}

/** After somebody else's cancel through the platform: no hurry to be back. */
export function restAfterCancel(draft: Draft): void {
  waitAgain(draft, 20 * retryFirst);
}

function waitAgain(draft: Draft, micros: number): void {
  const retryAt = Timestamp.plus(draft.context.now, micros);
  draft.set({ retryAt });
  draft.emit({ kind: 'wait-until', at: retryAt });
}

import { Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, type CycleExit, isFinal, opposite, Price, Quantity } from '@scalpstorm/model';
import { noAmount, read } from './amounts.js';
import { entryPrice, tradable } from './books.js';
import type { Draft } from './draft.js';
import { firstEntry, holdingOf } from './holding.js';
import { oncePer } from './once.js';
import type { Priced, Unpriced } from './priced.js';
import { highestAverage, isAsGood, markOf, moved, onTick, priceFor } from './pricing.js';
import { goOn, lieDormant, standBlind, standStill, standTooSmall } from './standing.js';
import type { ScalpingState } from './state.js';

// Where the running cycle is closed. For a bot that bought first, with E = average price of the entry and X = its sell price
// (mirrored for one that sold first):
//
//   take-profit T = E × (1 + takeProfitPercent)      on the tick above
//   resting exit  = min(X, T); with a trailing percentage T alone, or none
//   stop-loss     at the market when the bid <= E × (1 − stopLossPercent)
//   trailing      armed when the bid >= X; then at the market when the bid <= best × (1 − trailingPercent)
//   signal, time  at the market when the strategy's signal says so; decided without a price, because it is not about one
//
// A stop is decided by what the market would pay now (bid or ask), and never by old data: without a price nothing is decided.

/** How finely the best price is followed: in steps of this part of the trailing distance, so that not every tick is written. */
const trailingSteps = 20n;

export interface Exit {
  readonly kind: CycleExit;
  /** Null: at the market. */
  readonly price: Price | null;
}

/** What may be sold (or bought back) where it is to be closed: nothing of what the venue or the gate called too little. */
export const openQuantity = (draft: Draft): Quantity => quantityAt(draft, closingPrice(draft));

/** Whether an order at this price would be worth enough. */
export const closesAt = (draft: Draft, price: Price): boolean => quantityAt(draft, () => price) > 0n;

function quantityAt({ state: { books, dust }, context }: Draft, price: () => Price | null): Quantity {
  return read(books.poolBase) <= read(dust) ? Quantity.zero : tradable(books, context.instrument, price());
}

/**
 * By what it is judged whether something is held at all: for a close at the market by what the market pays (null: not known); else by the
 * better of the exit's price and the entry's, so that a target that wanders with the market makes no position of nothing, nor nothing of a
 * position.
 */
const closingPrice = (draft: Draft) => (): Price | null => {
  const { state, context } = draft;
  const mark = markOf(context, sideOf(draft));
  if (state.closing !== null || state.mode === 'flattening') return highestAverage(mark);
  return highest([exitPrice(draft) ?? mark, entryPrice(state.books)]);
};

/** Where the exit would be; null while that is not known, and for a bot that leaves at a signal: its target is no place to be. */
function exitPrice(draft: Draft): Price | null {
  const { state, parameters } = draft;
  if (parameters.signal !== undefined) return null;
  if (state.target !== null) return priceOf(state.target);
  const exit = exitDue(draft);
  if (exit.kind === 'due') return exit.exit.price;
  const target = exit.kind === 'watched' ? targetPrice(draft) : exit;
  return target.kind === 'price' ? target.price : null;
}

const highest = (prices: readonly (Price | null)[]): Price | null =>
  prices.reduce((most, price) => (most === null || (price !== null && price > most) ? price : most), null);

/**
 * Something was sold by an exit that, as far as we have heard, was never bought: the news of the entry comes behind that of the exit, as
 * after a restart. What there seems to be held is none, and nothing is decided about it.
 */
export const isAheadOfEntry = ({ state }: Pick<Draft, 'state'>): boolean => soldAhead(state);

const soldAhead = oncePer(({ books, orders, cycle }: ScalpingState): boolean => {
  if (books.poolBase === noAmount) return false;
  const filled = orders.filter(({ id, filled }) => filled !== noAmount && ClientOrderId.slotOf(id)?.cycle === cycle);
  // An entry that was heard to its end: what is beyond it was sold in truth, and has to be bought back.
  if (filled.some(({ leg, status }) => leg === 'entry' && isFinal(status))) return false;
  const turned = filled.filter(({ side }) => side === books.poolSide);
  return turned.length > 0 && turned.every(({ leg }) => leg !== 'entry');
});

export type ExitDue =
  | { readonly kind: 'due'; readonly exit: Exit }
  /** None rests: the market is watched until one is due there. */
  | { readonly kind: 'watched' }
  | Unpriced;

/** The exit to place now, or why there is none. */
export function exitDue(draft: Draft): ExitDue {
  const { state, parameters } = draft;
  if (state.closing !== null) return due(state.closing, null);
  const profit = takeProfitPrice(draft);
  if (parameters.trailing !== null) return profit === null ? { kind: 'watched' } : due('take-profit', profit);
  const target = targetPrice(draft);
  if (target.kind === 'waits') return target;
  const wanted = target.kind === 'price' ? target.price : target.value;
  if (profit !== null && wanted !== profit && isAsGood(wanted, profit, sideOf(draft)))
    return due('take-profit', profit);
  if (target.kind === 'price') return due('target', target.price);
  // A signal closes what it has opened, wherever the target lies.
  return parameters.signal === undefined ? target : { kind: 'watched' };
}

const due = (kind: CycleExit, price: Price | null): ExitDue => ({ kind: 'due', exit: { kind, price } });

/** Looks at the market while something is held; true when an exit at the market became due. */
export function watchMarket(draft: Draft): boolean {
  const { state, parameters, context } = draft;
  if (state.closing !== null || !isAtWork(draft) || isAheadOfEntry(draft)) return false;
  if (!isIn(draft)) {
    lieDormant(draft);
    return false;
  }
  if (leaves(draft)) {
    goOn(draft, 'market');
    return true;
  }
  const mark = markOf(context, sideOf(draft));
  if (mark === null) {
    if (parameters.stopLoss !== null || parameters.trailing !== null) standBlind(draft);
    return false;
  }
  const found = stopAt(draft, mark);
  if (found === 'closes') goOn(draft, 'market');
  else if (found === 'nothing' && draft.state.waits !== null) turnRound(draft, mark);
  return found === 'closes';
}

/** A stop that stands has said why; it does not go on where the price turns round its level and no order is possible yet. */
function turnRound(draft: Draft, mark: Price): void {
  if (isTooSmallAt(draft, mark)) lieDormant(draft);
  else goOn(draft, 'market');
}

/** What a stop makes of the market: an exit at once, nothing, or nothing although it is reached. */
type Found = 'closes' | 'stands' | 'nothing';

function stopAt(draft: Draft, mark: Price): Found {
  const { trailing } = draft.parameters;
  const stop = stopLossPrice(draft);
  if (stop !== null && isAsGood(stop, mark, sideOf(draft))) return closeNow(draft, 'stop-loss', { mark, limit: stop });
  return trailing === null ? 'nothing' : trail(draft, mark, trailing);
}

/** Whether the market has to be looked at at all. */
export const watches = ({ state, parameters }: Pick<Draft, 'state' | 'parameters'>): boolean =>
  (parameters.stopLoss !== null || parameters.trailing !== null || parameters.signal !== undefined) &&
  state.books.poolBase !== noAmount &&
  state.closing === null;

/** Something was bought that can be sold, or is just being bought; dust of earlier cycles alone has nothing to lose. */
const isIn = (draft: Draft): boolean =>
  openQuantity(draft) > 0n || (draft.live?.leg === 'entry' && draft.live.filled !== noAmount);

const isAtWork = ({ state: { mode } }: Draft): boolean => mode === 'running' || mode === 'paused' || mode === 'pausing';

const sideOf = ({ state }: Draft) => opposite(state.books.poolSide);

/** X: by the rule of the leg that closes, at the time when it is asked for. */
function targetPrice({ state, context, parameters }: Draft): Priced {
  const side = opposite(state.books.poolSide);
  const planned = side === 'sell' ? parameters.plan?.exit?.(holdingOf(state), context) : undefined;
  if (planned !== undefined) return planned;
  const source = side === 'buy' ? parameters.buyPrice : parameters.sellPrice;
  return priceFor(source, side, context, entryPrice(state.books));
}

/** Null: none is wanted, or it lies where no order can. */
function takeProfitPrice({ state, context, parameters }: Draft): Price | null {
  const entry = entryPrice(state.books);
  if (parameters.takeProfit === null || entry === null) return null;
  const side = opposite(state.books.poolSide);
  const profit = onTick(moved(entry, parameters.takeProfit, true, side), side, context);
  return profit.kind === 'price' ? profit.price : null;
}

function stopLossPrice({ state, parameters }: Draft): Price | null {
  const entry = entryPrice(state.books);
  if (parameters.stopLoss === null || entry === null) return null;
  return moved(entry, parameters.stopLoss, false, opposite(state.books.poolSide));
}

function trail(draft: Draft, mark: Price, percent: bigint): Found {
  const { state } = draft;
  const side = sideOf(draft);
  if (openQuantity(draft) === 0n || draft.live?.leg === 'entry') return 'nothing';
  const target = state.target === null ? beginOfTrail(draft) : priceOf(state.target);
  if (target === null) return 'nothing';
  if (state.best === null) {
    if (isAsGood(mark, target, side)) arm(draft, mark);
    return 'nothing';
  }
  const best = priceOf(state.best);
  const limit = moved(best, percent, false, side);
  if (isAsGood(limit, mark, side)) return closeNow(draft, 'trailing', { mark, limit });
  if (isAsGood(mark, moved(best, percent / trailingSteps, true, side), side) && mark !== best) {
    draft.set({ best: Price.format(mark) });
  }
  return 'nothing';
}

/** Where the exit begins to trail; kept once it is known. */
function beginOfTrail(draft: Draft): Price | null {
  const target = targetPrice(draft);
  if (target.kind !== 'price') {
    standStill(draft, 'exit', target);
    return null;
  }
  goOn(draft, 'order');
  draft.set({ target: Price.format(target.price) });
  return target.price;
}

/** What is held is as old as the order that brought it, however many before that found no market. */
const firstFilledAt = oncePer(({ orders, cycle }: ScalpingState) => firstEntry(orders, cycle)?.placedAt ?? null);

function leaves(draft: Draft): boolean {
  const { state, context, parameters } = draft;
  const openedAt = Timestamp.fromMicros(firstFilledAt(state) ?? state.cycleStartedAt ?? context.now);
  const leaving = parameters.signal?.leaves(context, openedAt) ?? null;
  if (leaving === null) return false;
  draft.set({ closing: leaving.kind, retryAt: null });
  draft.log('INFO', leaving.reason);
  return true;
}

function arm(draft: Draft, mark: Price): void {
  const price = Price.format(mark);
  draft.set({ best: price });
  const text = `The price ${price} has reached the target; the exit follows it from here.`;
  draft.log('INFO', { code: 'TRAILING_ARMED', text }, { price });
}

/** Stands where what is held is worth too little there for any order: what rests stays, and the entry goes on. */
function closeNow(draft: Draft, kind: 'stop-loss' | 'trailing', { mark, limit }: { mark: Price; limit: Price }): Found {
  if (isTooSmallAt(draft, mark)) {
    standTooSmall(draft, kind === 'stop-loss' ? kind : 'trailing stop', mark);
    return 'stands';
  }
  draft.set({ closing: kind, retryAt: null });
  const [price, bound] = [Price.format(mark), Price.format(limit)];
  const level = kind === 'stop-loss' ? 'WARNING' : 'INFO';
  const code = kind === 'stop-loss' ? 'STOP_LOSS' : 'TRAILING_STOP';
  const word = kind === 'stop-loss' ? 'stop-loss' : 'trailing stop';
  draft.log(
    level,
    { code, text: `The price ${price} reached the ${word} at ${bound}; closing at the market.` },
    { price, limit: bound },
  );
  return 'closes';
}

/** Whether what is held is worth too little for an order at the market. */
function isTooSmallAt(draft: Draft, mark: Price): boolean {
  const average = highestAverage(mark);
  return average !== null && !closesAt(draft, average);
}

const priceOf = (amount: string): Price => Price.fromUnits(read(amount) / 10n ** 6n);

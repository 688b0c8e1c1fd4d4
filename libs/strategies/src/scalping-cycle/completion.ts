import { Timestamp } from '@scalpstorm/kernel';
import {
  ClientOrderId,
  Currency,
  type Cycle,
  countedCycle,
  Money,
  moneyDecimals,
  Price,
  Quantity,
  type Reason,
  type Side,
} from '@scalpstorm/model';
import { quantityScale, read } from './amounts.js';
import { averagePrice, type Books, held, nextCycleBooks } from './books.js';
import type { Draft } from './draft.js';
import { openQuantity } from './exiting.js';
import { keepRest } from './hearing.js';
import { noteReturn } from './sizing.js';
import { goOn } from './standing.js';
import type { ScalpingState } from './state.js';

/** Bought and sold, nothing alive, and what is left is too small to trade. */
export function cycleIsComplete(draft: Draft): boolean {
  const { books, live } = draft.state;
  if (live !== null || read(books.buys.base) === 0n || read(books.sells.base) === 0n) return false;
  return openQuantity(draft) === 0n;
}

/** Stores the pair with what it earned, and begins the next cycle unless this was the last. */
export function completeCycle(draft: Draft): void {
  const { state, context, parameters } = draft;
  const cycle = pairOf(draft);
  draft.emit({ kind: 'cycle-completed', cycle });
  noteReturn(draft, cycle);
  goOn(draft, 'market');
  tellCompleted(draft, cycle);
  const cyclesDone = state.cyclesDone + 1;
  const { coolDown } = parameters;
  draft.set({
    cycle: state.cycle + (parameters.stride ?? 1),
    cycleStartedAt: null,
    cyclesDone,
    attempts: { entry: 0, exit: 0, flatten: 0 },
    books: nextCycleBooks(state.books),
    restUntil: coolDown === 0 ? null : context.now + coolDown,
    closing: null,
    target: null,
    best: null,
    exitKind: 'target',
  });
  if (coolDown > 0) draft.emit({ kind: 'wait-until', at: Timestamp.plus(context.now, coolDown) });
  finishIfLast(draft, state.closing === 'stop-loss');
}

function pairOf({ state, context }: Draft): Cycle {
  const { books, cycle: number } = state;
  const { quote, id: instrumentId } = context.instrument;
  const gross: Money = { amount: read(books.gross), currency: quote };
  const fees: Money = { amount: read(books.fees), currency: quote };
  const [bought, sold] = [quantityOf(books.buys), quantityOf(books.sells)];
  return {
    botId: context.botId,
    number,
    instrumentId,
    mode: context.mode,
    quantity: closingSide(state) === 'sell' ? sold : bought,
    buyPrice: averagePrice(books.buys) ?? Price.zero,
    sellPrice: averagePrice(books.sells) ?? Price.zero,
    buyQuantity: bought,
    sellQuantity: sold,
    gross,
    fees,
    net: Money.minus(gross, fees),
    feesPaid: moneys(books.paid),
    otherFees: moneys(books.otherFees).map((fee) => ({ fee, value: null, priced: null })),
    dust: held(books),
    exit: state.exitKind,
    startedAt: Timestamp.fromMicros(state.cycleStartedAt ?? context.now),
    completedAt: context.now,
  };
}

/** The side that closed: an edit may have turned the first side round meanwhile. */
function closingSide({ orders, cycle }: ScalpingState): Side {
  const entry = orders.find(({ id, leg }) => leg === 'entry' && ClientOrderId.slotOf(id)?.cycle === cycle);
  return entry?.side === 'sell' ? 'buy' : 'sell';
}

const quantityOf = ({ base }: Books['buys']): Quantity => Quantity.fromUnits(read(base) / quantityScale);

const moneys = (amounts: Books['paid']): readonly Money[] =>
  Object.entries(amounts).map(([currency, amount]) => ({ amount: read(amount), currency: Currency.of(currency) }));

function tellCompleted(draft: Draft, { number, net, fees, dust, exit, otherFees }: Cycle): void {
  const won = net.amount >= 0n;
  const amount = `${readable(won ? net : Money.negate(net))} ${net.currency}`;
  const besides = otherFees.map(({ fee }) => `${Money.format(fee)} ${fee.currency}`).join(' and ');
  const counted = countedCycle(number);
  const text = `Cycle ${counted} ${won ? 'earned' : 'lost'} ${amount} after fees${besides && `, besides ${besides} of fees`}.`;
  const data = { cycle: counted, net: Money.format(net), fees: Money.format(fees), dust: Quantity.format(dust), exit };
  draft.log(won ? 'SUCCESS' : 'INFO', { code: 'CYCLE_COMPLETED', text }, data);
}

/** For people: cut to as many decimals as venues show. The exact amount is in the data. */
function readable(money: Money): string {
  const shown = 10n ** BigInt(moneyDecimals - 8);
  return Money.format({ ...money, amount: money.amount - (money.amount % shown) });
}

/**
 * An exit at the market was due, and what is left is too little for it: nothing was closed, yet the cycle counts as one that was, and
 * what follows it follows: its end, or the cool-down. True when the bot is finished by it.
 */
export function endUnclosed(draft: Draft): boolean {
  const { state, context, parameters } = draft;
  const { coolDown } = parameters;
  if (read(state.dust) < read(state.books.poolBase)) keepRest(draft, 'exit');
  goOn(draft, 'market');
  draft.set({
    closing: null,
    target: null,
    best: null,
    cyclesDone: state.cyclesDone + 1,
    restUntil: coolDown === 0 ? null : context.now + coolDown,
  });
  if (coolDown > 0) draft.emit({ kind: 'wait-until', at: Timestamp.plus(context.now, coolDown) });
  return finishIfLast(draft, state.closing === 'stop-loss');
}

/** Between cycles: an edit may have made the one before the last. True when the bot is finished by it. */
export function finishIfLast(draft: Draft, stoppedOut = false): boolean {
  const { mode } = draft.state;
  if (mode !== 'running' && mode !== 'paused' && mode !== 'pausing') return false;
  const end = endOf(draft, stoppedOut);
  if (end === null) return false;
  const { code, text } = end;
  draft.set({ mode: 'finished', endCode: code, endText: text, retryAt: null, restUntil: null });
  draft.reach('finished', code, text);
  return true;
}

/** Why no cycle follows the ones that are done; null when one may. */
export function endOf({ parameters, state: { cyclesDone } }: Draft, stoppedOut = false): Reason | null {
  const { loop, maxCycles, afterStopLoss } = parameters;
  if (cyclesDone === 0) return null;
  if (!loop) return { code: 'CYCLE_DONE', text: 'The one cycle is done.' };
  if (maxCycles !== null && cyclesDone >= maxCycles) {
    return { code: 'MAX_CYCLES_REACHED', text: `All ${cyclesDone} cycles are done.` };
  }
  const ends = stoppedOut && afterStopLoss === 'stop';
  return ends ? { code: 'STOPPED_BY_STOP_LOSS', text: 'A stop-loss has ended the bot, as it was asked to.' } : null;
}

import { Timestamp } from '@scalpstorm/kernel';
import { Currency, Money, moneyDecimals, Price, Quantity, type Reason } from '@scalpstorm/model';
import { quantityScale, read } from './amounts.js';
import { averagePrice, held, nextCycleBooks } from './books.js';
import type { Draft } from './draft.js';
import { openQuantity } from './exiting.js';
import type { ScalpingParameters } from './parameters.js';

/** Bought and sold, nothing alive, and what is left is too small to trade. */
export function cycleIsComplete(draft: Draft): boolean {
  const { books, live } = draft.state;
  if (live !== null || read(books.buys.base) === 0n || read(books.sells.base) === 0n) return false;
  return openQuantity(draft) === 0n;
}

/** Stores the pair with what it earned, and begins the next cycle unless this was the last. */
export function completeCycle(draft: Draft): void {
  const { state, context, parameters } = draft;
  const { books, cycle: number } = state;
  const { quote } = context.instrument;
  const gross: Money = { amount: read(books.gross), currency: quote };
  const fees: Money = { amount: read(books.fees), currency: quote };
  const net = Money.minus(gross, fees);
  const closed = read((parameters.firstSide === 'buy' ? books.sells : books.buys).base);
  draft.emit({
    kind: 'cycle-completed',
    cycle: {
      botId: context.botId,
      number,
      instrumentId: context.instrument.id,
      mode: context.mode,
      quantity: Quantity.fromUnits(closed / quantityScale),
      buyPrice: averagePrice(books.buys) ?? Price.zero,
      sellPrice: averagePrice(books.sells) ?? Price.zero,
      gross,
      fees,
      net,
      startedAt: Timestamp.fromMicros(state.cycleStartedAt ?? context.now),
      completedAt: context.now,
    },
    otherFees: Object.entries(books.otherFees).map(([currency, amount]) => ({
      amount: read(amount),
      currency: Currency.of(currency),
    })),
    dust: held(books),
  });
  const dust = Quantity.format(held(books));
  const won = net.amount >= 0n;
  const amount = `${readable(won ? net : Money.negate(net))} ${quote}`;
  draft.log(
    won ? 'SUCCESS' : 'INFO',
    { code: 'CYCLE_COMPLETED', text: `Cycle ${number + 1} ${won ? 'earned' : 'lost'} ${amount} after fees.` },
    { cycle: number, net: Money.format(net), fees: Money.format(fees), dust },
  );
  const cyclesDone = state.cyclesDone + 1;
  const { coolDown } = draft.parameters;
  const stoppedOut = state.closing === 'stop-loss';
  draft.set({
    cycle: number + 1,
    cycleStartedAt: null,
    cyclesDone,
    attempts: { entry: 0, exit: 0, flatten: 0 },
    books: nextCycleBooks(books),
    restUntil: coolDown === 0 ? null : context.now + coolDown,
    closing: null,
    target: null,
    best: null,
    exitKind: 'target',
  });
  if (coolDown > 0) draft.emit({ kind: 'wait-until', at: Timestamp.plus(context.now, coolDown) });
  finishIfLast(draft, cyclesDone, stoppedOut);
}

/** For people: cut to as many decimals as venues show. The exact amount is in the data. */
function readable(money: Money): string {
  const shown = 10n ** BigInt(moneyDecimals - 8);
  return Money.format({ ...money, amount: money.amount - (money.amount % shown) });
}

function finishIfLast(draft: Draft, cyclesDone: number, stoppedOut: boolean): void {
  const { mode } = draft.state;
  if (mode !== 'running' && mode !== 'paused' && mode !== 'pausing') return;
  const end = endOf(draft.parameters, cyclesDone, stoppedOut);
  if (end === null) return;
  const { code, text } = end;
  draft.set({ mode: 'finished', endCode: code, endText: text, retryAt: null, restUntil: null });
  draft.reach('finished', code, text);
}

function endOf(parameters: ScalpingParameters, cyclesDone: number, stoppedOut: boolean): Reason | null {
  const { loop, maxCycles, afterStopLoss } = parameters;
  if (!loop) return { code: 'CYCLE_DONE', text: 'The one cycle is done.' };
  if (maxCycles !== null && cyclesDone >= maxCycles) {
    return { code: 'MAX_CYCLES_REACHED', text: `All ${cyclesDone} cycles are done.` };
  }
  const ends = stoppedOut && afterStopLoss === 'stop';
  return ends ? { code: 'STOPPED_BY_STOP_LOSS', text: 'A stop-loss has ended the bot, as it was asked to.' } : null;
}

import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import {
  AsksForTomorrow,
  type BarColumns,
  type BarDecider,
  type ConfiguredBarStrategy,
  NotAPrice,
  WrongTimeframe,
} from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { BarCursor } from './bar-cursor.js';
import { BarDesk } from './bar-desk.js';
import { asksForVolume, type BarMarket, checkMarket, volumeMissing } from './bar-market.js';
import { Fills } from './fills.js';

/** What a run came to. */
export interface BarRun {
  readonly fills: Fills;
  /** Cash + held × close, at each close, in the quote asset. */
  readonly equity: Float64Array;
  readonly cash: number;
  readonly held: number;
  readonly totalFees: number;
}

/** What a run is written into. */
export interface RunRoom {
  /** As long as the bars. */
  readonly equity: Float64Array;
  readonly fills: Fills;
}

/**
 * Runs a strategy over bars, one after another: what begins with a bar is filled in it, then the strategy hears its close. The same
 * input gives the same bytes. Time is linear in the bars; nothing is allocated for one.
 * @param room what the run is written into; an earlier one that was is gone
 */
export function runBars(
  bars: BarColumns,
  strategy: ConfiguredBarStrategy,
  market: BarMarket,
  { equity, fills }: RunRoom = { equity: new Float64Array(bars.length), fills: new Fills() },
): Result<BarRun, BacktestFault> {
  const checked = checkRun(bars, strategy, market);
  if (checked !== null) return fail(checked);
  const desk = new BarDesk(bars, market, fills);
  const cursor = new BarCursor(bars);
  try {
    play(strategy.decider(), desk, cursor, equity, strategy.warmUp, bars);
  } catch (error) {
    return fail(strategyFault(error, strategy, cursor));
  }
  const { cash, held, totalFees } = desk.purse;
  return ok({ fills, equity, cash, held, totalFees });
}

function play(
  decider: BarDecider,
  desk: BarDesk,
  cursor: BarCursor,
  equity: Float64Array,
  warmUp: number,
  { close, length }: BarColumns,
): void {
  const { purse } = desk;
  for (let bar = 0; bar < length; bar += 1) {
    if (desk.busy) desk.play(bar);
    cursor.moveTo(bar);
    if (bar === warmUp) desk.open = true;
    const answer: unknown = decider.onClose(cursor, desk);
    if (typeof answer === 'object' && answer !== null) refuseLater(answer);
    equity[bar] = purse.cash + purse.held * (close[bar] as number);
  }
}

/** What an asynchronous strategy wants comes when the run is over, and would be lost without a word. */
function refuseLater(answer: object): void {
  if (!(answer instanceof Promise)) return;
  answer.catch(() => undefined);
  throw new Error('onClose is asynchronous, and what it wants comes too late: it must decide at once');
}

export const tooFewBars = 'TOO_FEW_BARS';

/** Null: it can begin. */
export function checkRun(
  bars: BarColumns,
  { warmUp, id }: ConfiguredBarStrategy,
  market: BarMarket,
): BacktestFault | null {
  const checked = checkMarket(market);
  if (!checked.ok) return checked.error;
  if (bars.length <= warmUp + 1) {
    return {
      code: tooFewBars,
      text: `${id} needs ${warmUp} bars to warm up and two to trade; there are ${bars.length}.`,
      next: 'Give more bars, or shorter periods.',
    };
  }
  return asksForVolume(market) && !bars.volume.some((one) => one > 0) ? volumeMissing : null;
}

/** What a strategy that threw is to blame for, and at which bar. */
export function strategyFault(error: unknown, { id }: ConfiguredBarStrategy, cursor: BarCursor): BacktestFault {
  const where = `${id}, bar ${cursor.index} of ${Timestamp.toIso(Timestamp.fromMicros(cursor.openedAt))}`;
  if (error instanceof AsksForTomorrow) {
    return {
      code: error.code,
      text: `${where}: ${error.message}.`,
      next: 'Use what is known at the close of the bar: closeAgo(0) is the newest.',
    };
  }
  if (error instanceof WrongTimeframe) {
    return {
      code: error.code,
      text: `${where}: ${error.message}.`,
      next: 'Give data of the bars that it was made for.',
    };
  }
  if (error instanceof NotAPrice) {
    return {
      code: error.code,
      text: `${where}: ${error.message}.`,
      next: 'Give a price above 0, e.g. bar.close * 0.97, and only where there is one.',
    };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'STRATEGY_THREW', text: `${where}: ${text}`, next: 'Mend the strategy; nothing was made of the run.' };
}

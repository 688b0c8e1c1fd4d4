import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import { AsksForTomorrow, type BarColumns, type BarDecider, type ConfiguredBarStrategy } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { BarCursor } from './bar-cursor.js';
import { BarDesk } from './bar-desk.js';
import { type BarMarket, checkMarket } from './bar-market.js';
import type { Fills } from './fills.js';

/** What a run came to. */
export interface BarRun {
  readonly fills: Fills;
  /** Cash + held × close, at each close, in the quote asset. */
  readonly equity: Float64Array;
  readonly cash: number;
  readonly held: number;
  readonly totalFees: number;
}

/**
 * Runs a strategy over bars, one after another: what begins with a bar is filled in it, then the strategy hears its close. The same
 * input gives the same bytes. Time is linear in the bars; nothing is allocated for one.
 */
export function runBars(
  bars: BarColumns,
  strategy: ConfiguredBarStrategy,
  market: BarMarket,
): Result<BarRun, BacktestFault> {
  const checked = checkRun(bars, strategy, market);
  if (checked !== null) return fail(checked);
  const desk = new BarDesk(bars, market);
  const cursor = new BarCursor(bars);
  const equity = new Float64Array(bars.length);
  try {
    play(strategy.decider(), desk, cursor, equity, strategy.warmUp, bars);
  } catch (error) {
    return fail(strategyFault(error, strategy, cursor));
  }
  const { cash, held, totalFees, fills } = desk.purse;
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
    decider.onClose(cursor, desk);
    equity[bar] = purse.cash + purse.held * (close[bar] as number);
  }
}

/** Null: it can begin. */
export function checkRun(
  bars: BarColumns,
  { warmUp, id }: ConfiguredBarStrategy,
  market: BarMarket,
): BacktestFault | null {
  const checked = checkMarket(market);
  if (!checked.ok) return checked.error;
  if (bars.length > warmUp + 1) return null;
  return {
    code: 'TOO_FEW_BARS',
    text: `${id} needs ${warmUp} bars to warm up and two to trade; there are ${bars.length}.`,
    next: 'Give more bars, or shorter periods.',
  };
}

function strategyFault(error: unknown, { id }: ConfiguredBarStrategy, cursor: BarCursor): BacktestFault {
  const where = `${id}, bar ${cursor.index} of ${Timestamp.toIso(Timestamp.fromMicros(cursor.openedAt))}`;
  if (error instanceof AsksForTomorrow) {
    return {
      code: error.code,
      text: `${where}: ${error.message}.`,
      next: 'Use what is known at the close of the bar: closeAgo(0) is the newest.',
    };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'STRATEGY_THREW', text: `${where}: ${text}`, next: 'Mend the strategy; nothing was made of the run.' };
}

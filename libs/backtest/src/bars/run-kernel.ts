import { fail, ok, type Result } from '@scalpstorm/kernel';
import { type BarColumns, type BarKernel, type ConfiguredBarStrategy, wishes } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { BarDesk } from './bar-desk.js';
import type { BarMarket } from './bar-market.js';
import { type BarRun, checkRun } from './run-bars.js';

/**
 * The same as `runBars` by the strategy's kernel, which writes the wishes of all bars at once: for sweeps. Only the bars at which
 * something is filled are played; between them cash and what is held stay as they are. The fills are the same to the last bit, and a
 * spec holds the two against each other.
 */
export function runKernel(
  bars: BarColumns,
  strategy: ConfiguredBarStrategy,
  kernel: BarKernel,
  market: BarMarket,
): Result<BarRun, BacktestFault> {
  const fault = checkRun(bars, strategy, market);
  if (fault !== null) return fail(fault);
  const wanted = new Int8Array(bars.length);
  kernel(bars, wanted);
  const desk = new BarDesk(bars, market);
  desk.open = true;
  const equity = new Float64Array(bars.length);
  let from = 0;
  while (from < bars.length) from = playNext(desk, bars, wanted, equity, from, strategy.warmUp);
  const { cash, held, totalFees, fills } = desk.purse;
  return ok({ fills, equity, cash, held, totalFees });
}

/** Goes on to the next wish and plays it to its end. Gives back the bar after that. */
function playNext(
  desk: BarDesk,
  { close, length }: BarColumns,
  wanted: Int8Array,
  equity: Float64Array,
  from: number,
  warmUp: number,
): number {
  const { purse } = desk;
  const found = wanted.indexOf(purse.held > 0 ? wishes.exit : wishes.enter, Math.max(from, warmUp));
  const wish = found < 0 ? length - 1 : found;
  value(equity, close, purse.cash, purse.held, from, wish + 1);
  hear(desk, wanted[wish]);
  let bar = wish + 1;
  // What a thin market fills in parts goes on, and may be called off meanwhile.
  for (; desk.isPending && bar < length; bar += 1) {
    desk.play(bar);
    equity[bar] = purse.cash + purse.held * (close[bar] as number);
    hear(desk, wanted[bar]);
  }
  return bar;
}

function hear(desk: BarDesk, wish: number | undefined): void {
  if (wish === wishes.enter) desk.enter();
  else if (wish === wishes.exit) desk.exit();
}

function value(into: Float64Array, close: Float64Array, cash: number, held: number, from: number, to: number): void {
  if (held === 0) into.fill(cash, from, to);
  else for (let bar = from; bar < to; bar += 1) into[bar] = cash + held * (close[bar] as number);
}

import { fail, ok, type Result } from '@scalpstorm/kernel';
import {
  type BarColumns,
  type BarKernel,
  type ConfiguredBarStrategy,
  type SeriesOf,
  wishes,
} from '@scalpstorm/strategies';
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
  const desk = new BarDesk(bars, market);
  const curve = new Curve(bars.length);
  playKernel(bars, { warmUp: strategy.warmUp, kernel }, desk, { wanted: new Int8Array(bars.length), stretches: curve });
  const { fills, cash, held, totalFees } = desk.purse;
  return ok({ fills, equity: curve.equity, cash, held, totalFees });
}

/** What hears of a run as the stretches over which cash and what is held stay the same; the first begins with the first bar. */
export interface Stretches {
  /** Up to the bar `end`; equity is cash + held × close there. */
  take(close: Float64Array, end: number, cash: number, held: number): void;
}

interface KernelRoom {
  /** Of the kernel; as long as the bars. */
  readonly wanted: Int8Array;
  readonly stretches: Stretches;
  /** Undefined: this run has nothing in common with another. */
  readonly series?: SeriesOf;
}

/** {@link runKernel} of what was checked already, without a curve: most of its bars are as the one before. */
export function playKernel(
  bars: BarColumns,
  { warmUp, kernel }: { readonly warmUp: number; readonly kernel: BarKernel },
  desk: BarDesk,
  { wanted, stretches, series }: KernelRoom,
): void {
  const { close, length } = bars;
  const { purse } = desk;
  kernel(bars, wanted, series);
  const fours = foursOf(wanted);
  desk.open = true;
  let bar = 0;
  while (bar < length) {
    const wish = nextOf(wanted, fours, purse.held > 0 ? wishes.exit : wishes.enter, Math.max(bar, warmUp));
    bar = Math.min(wish + 1, length);
    stretches.take(close, bar, purse.cash, purse.held);
    hear(desk, wanted[wish]);
    // What a thin market fills in parts goes on, and may be called off meanwhile.
    for (; desk.isPending && bar < length; bar += 1) {
      desk.play(bar);
      // Filled: what is wanted at the close of this bar is the first that the next stretch looks at.
      if (!desk.isPending) break;
      stretches.take(close, bar + 1, purse.cash, purse.held);
      hear(desk, wanted[bar]);
    }
  }
}

/** Four wishes in a number, as far as there are four. */
const foursOf = ({ buffer, byteOffset, length }: Int8Array): Int32Array =>
  new Int32Array(buffer, byteOffset, length >> 2);

/**
 * `indexOf`, but for its call, which wishes are too near to each other for, and four at a time: some byte of `apart` is zero exactly
 * where its look does not come to zero (Mycroft's). Their number where there is none.
 */
function nextOf(wanted: Int8Array, fours: Int32Array, wish: number, from: number): number {
  let bar = from;
  while (bar % 4 !== 0 && bar < wanted.length && wanted[bar] !== wish) bar += 1;
  if (bar % 4 === 0) {
    const wished = (wish & 0xff) * 0x01010101;
    let four = bar / 4;
    for (; four < fours.length; four += 1) {
      const apart = (fours[four] as number) ^ wished;
      if (((apart - 0x01010101) & ~apart & 0x80808080) !== 0) break;
    }
    bar = four * 4;
  }
  while (bar < wanted.length && wanted[bar] !== wish) bar += 1;
  return bar;
}

function hear(desk: BarDesk, wish: number | undefined): void {
  if (wish === wishes.enter) desk.enter();
  else if (wish === wishes.exit) desk.exit();
}

/** Writes every close down. */
class Curve implements Stretches {
  readonly equity: Float64Array;
  private taken = 0;

  constructor(length: number) {
    this.equity = new Float64Array(length);
  }

  take(close: Float64Array, end: number, cash: number, held: number): void {
    const { equity } = this;
    for (let bar = this.taken; bar < end; bar += 1) equity[bar] = cash + held * (close[bar] as number);
    this.taken = end;
  }
}

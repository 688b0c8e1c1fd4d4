import { assert, fail, ok, type Result } from '@scalpstorm/kernel';
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
  kernel(bars, wanted, series);
  playWishes(bars, { warmUp, wanted }, desk, stretches);
}

/** Apart from the kernel, which is another one in each run: V8 would give up the code of these loops with the call of it. */
function playWishes(
  { close, length }: BarColumns,
  { warmUp, wanted }: { readonly warmUp: number; readonly wanted: Int8Array },
  desk: BarDesk,
  stretches: Stretches,
): void {
  const { purse } = desk;
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

assert(new Uint8Array(Int32Array.of(1).buffer)[0] === 1, 'wishes are looked through on a little-endian machine');

/** Four wishes in a number, as far as there are four. */
const foursOf = ({ buffer, byteOffset, length }: Int8Array): Int32Array =>
  new Int32Array(buffer, byteOffset, length >> 2);

/**
 * `indexOf`, but for its call, which wishes are too near to each other for, and four at a time: the lowest bit of `found` is in the first
 * byte of `apart` that is zero, and there is none where none is (Mycroft's). Their number where there is none. The first byte is the
 * lowest one of a number only where memory is little-endian.
 */
function nextOf(wanted: Int8Array, fours: Int32Array, wish: number, from: number): number {
  const wished = (wish & 0xff) * 0x01010101;
  // What lies before the first one is no zero.
  let before = (1 << (8 * (from % 4))) - 1;
  for (let four = from >> 2; four < fours.length; four += 1) {
    const apart = ((fours[four] as number) ^ wished) | before;
    const found = (apart - 0x01010101) & ~apart & 0x80808080;
    if (found !== 0) return 4 * four + ((31 - Math.clz32(found & -found)) >> 3);
    before = 0;
  }
  let bar = Math.max(from, 4 * fours.length);
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

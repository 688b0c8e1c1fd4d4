import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BarColumns, BarDecider, ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { BarCursor } from '../bars/bar-cursor.js';
import { BarDesk } from '../bars/bar-desk.js';
import type { BarMarket } from '../bars/bar-market.js';
import { strategyFault } from '../bars/run-bars.js';
import type { BacktestFault } from '../fault.js';
import { StandingDesk, TracingDesk } from './tracing-desk.js';

/** What a strategy asked for at each close, and what it held then. */
export interface Trace {
  /** By bar; empty where it asked for nothing. */
  readonly words: readonly string[];
  readonly held: Float64Array;
  readonly entryPrice: Float64Array;
}

/** Runs a strategy from the first bar to the last, and writes down all that it asks for. */
export function traceOf(
  bars: BarColumns,
  strategy: ConfiguredBarStrategy,
  market: BarMarket,
): Result<Trace, BacktestFault> {
  const own = new BarDesk(bars, market);
  const desk = new TracingDesk(own);
  const cursor = new BarCursor(bars);
  const words: string[] = [];
  const [held, entryPrice] = [new Float64Array(bars.length), new Float64Array(bars.length)];
  try {
    const decider = strategy.decider();
    for (let bar = 0; bar < bars.length; bar += 1) {
      if (own.busy) own.play(bar);
      cursor.moveTo(bar);
      if (bar === strategy.warmUp) own.open = true;
      [held[bar], entryPrice[bar]] = [own.held, own.entryPrice];
      decider.onClose(cursor, desk);
      words.push(desk.take());
    }
  } catch (error) {
    return fail(strategyFault(error, strategy, cursor));
  }
  return ok({ words, held, entryPrice });
}

/** Whom to ask about a stretch of bars, and from where on. */
export interface Stretch {
  readonly decider: BarDecider;
  /** The first bar that there is for it. */
  readonly begins: number;
  /** The first bar that it hears. */
  readonly from: number;
  /** The bar after the last one. */
  readonly to: number;
}

/**
 * What a decider asks for when it hears only a stretch of the bars, told that it holds what was held at each of them in the whole run:
 * what differs then, differs by what it remembers. By bar of the stretch.
 */
export function wordsOver(
  bars: BarColumns,
  { held, entryPrice }: Trace,
  { decider, begins, from, to }: Stretch,
): readonly string[] {
  const standing = new StandingDesk();
  const desk = new TracingDesk(standing);
  const cursor = new BarCursor(cutBars(bars, begins, to));
  const words: string[] = [];
  for (let bar = from; bar < to; bar += 1) {
    cursor.moveTo(bar - begins);
    standing.held = held[bar] as number;
    standing.entryPrice = entryPrice[bar] as number;
    decider.onClose(cursor, desk);
    words.push(desk.take());
  }
  return words;
}

/** A copy of the bars from one up to another, which is left out: what lies outside is not there, not even behind the columns. */
export function cutBars({ openedAt, open, high, low, close, volume, length }: BarColumns, from: number, to: number) {
  return {
    length: Math.min(to, length) - from,
    openedAt: openedAt.slice(from, to),
    open: open.slice(from, to),
    high: high.slice(from, to),
    low: low.slice(from, to),
    close: close.slice(from, to),
    volume: volume.slice(from, to),
  };
}

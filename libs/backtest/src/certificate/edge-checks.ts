import { ok, type Result, type Rng, seededRng } from '@scalpstorm/kernel';
import type { Bar, BarColumns, BarDecider, ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { BarCursor } from '../bars/bar-cursor.js';
import { type BarRun, runBars } from '../bars/run-bars.js';
import type { BacktestFault } from '../fault.js';
import type { CertificateCheck } from './certificate.js';
import { judgeDelayed, judgeShuffled, standardErrorsOf } from './edge-verdicts.js';
import type { Examined } from './examined.js';

const shuffles = 48;
const shuffledBarsMax = 10_000;

/**
 * Draws the bars again, with replacement, each following on the one before: nothing that was says anything of what comes, so nothing can be
 * earned but what the market itself rose on average. Whoever earns more, knows more than there is to know, or is filled where nobody is.
 */
export function checkShuffled({ bars, strategy, market, seed }: Examined): Result<CertificateCheck, BacktestFault> {
  const rng = seededRng(seed + 3);
  const from = Math.max(0, bars.length - shuffledBarsMax);
  const drift = meanReturn(bars, from);
  const gains: number[] = [];
  for (let shuffle = 0; shuffle < shuffles; shuffle += 1) {
    const drawn = drawnBars(bars, from, rng);
    const run = runBars(drawn, strategy, market);
    if (!run.ok) return run;
    gains.push(gainBeyond(run.value, drift));
  }
  return ok(judgeShuffled(gains, { markets: 'of the same bars drawn anew', amount: percent }));
}

/**
 * Every bar comes one bar late. An edge that somebody can trade shrinks by that; one that vanishes was knowledge of the bar to come, or is too
 * quick to be had.
 */
export function checkDelayed({ bars, strategy, market }: Examined): Result<CertificateCheck, BacktestFault> {
  const onTime = runBars(bars, strategy, market);
  if (!onTime.ok) return onTime;
  const late = runBars(bars, delayed(strategy, bars), market);
  if (!late.ok) return late;
  const drift = meanReturn(bars, 0);
  return ok(judgeDelayed(edgeOf(onTime.value, drift), edgeOf(late.value, drift)));
}

/** Hears at each close the bar before it. */
function delayed(strategy: ConfiguredBarStrategy, bars: BarColumns): ConfiguredBarStrategy {
  return {
    ...strategy,
    warmUp: strategy.warmUp + 1,
    decider: () => delayedDecider(strategy.decider(), new BarCursor(bars)),
    kernel: null,
  };
}

const delayedDecider = (decider: BarDecider, cursor: BarCursor): BarDecider => ({
  onClose(bar: Bar, desk) {
    if (bar.index === 0) return;
    cursor.moveTo(bar.index - 1);
    decider.onClose(cursor, desk);
  },
  snapshot: () => decider.snapshot(),
  restore: (snapshot) => decider.restore(snapshot),
});

/** A market whose bars are drawn from these from `from` on, each opened where it had opened relative to the close before it. */
function drawnBars(bars: BarColumns, from: number, rng: Rng): BarColumns {
  const length = bars.length - from;
  const column = () => new Float64Array(length);
  const drawn = {
    openedAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let close = bars.close[from] as number;
  for (let at = 0; at < length; at += 1) {
    const source = from + rng.below(length);
    const before = source === 0 ? (bars.open[0] as number) : (bars.close[source - 1] as number);
    const scale = close / before;
    drawn.openedAt[at] = bars.openedAt[from + at] as number;
    for (const name of ['open', 'high', 'low', 'close'] as const)
      drawn[name][at] = (bars[name][source] as number) * scale;
    drawn.volume[at] = bars.volume[source] as number;
    close = drawn.close[at] as number;
  }
  return { ...drawn, length };
}

/** Of the logarithm, from close to close. */
function meanReturn({ close, length }: BarColumns, from: number): number {
  return length - from < 2
    ? 0
    : Math.log((close[length - 1] as number) / (close[from] as number)) / (length - 1 - from);
}

/** The logarithm of what it made of its cash, less what the market rose while it was in it. */
function gainBeyond(run: BarRun, drift: number): number {
  const { equity } = run;
  return Math.log((equity.at(-1) as number) / (equity[0] as number)) - drift * barsHeld(run);
}

function barsHeld({ equity }: BarRun): number {
  let held = 0;
  for (let bar = 1; bar < equity.length; bar += 1) if (equity[bar] !== equity[bar - 1]) held += 1;
  return held;
}

/** Mean of the returns beyond the market's ÷ its standard error. */
function edgeOf({ equity }: BarRun, drift: number): number {
  const returns: number[] = [];
  for (let bar = 1; bar < equity.length; bar += 1) {
    const moved = Math.log((equity[bar] as number) / (equity[bar - 1] as number));
    returns.push(moved === 0 ? 0 : moved - drift);
  }
  return standardErrorsOf(returns);
}

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;

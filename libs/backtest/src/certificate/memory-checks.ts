import { ok, type Result, seededRng } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarRun, runBars, tooFewBars } from '../bars/run-bars.js';
import { runKernel } from '../bars/run-kernel.js';
import type { BacktestFault, BacktestWarning } from '../fault.js';
import { type CertificateCheck, examinedBarsMax, failed, passed } from './certificate.js';
import { barName, type Examined, firstDifference, wordsOf } from './examined.js';
import { type Trace, wordsOver } from './trace.js';
import { type Cuttable, kernelLooksAhead, type Words } from './truncation.js';

const starts = 12;
/** Bars after which decisions must no longer depend on where the data began: so many times the declared warm-up, and so many more. */
const settlingTimes = 20;
const settlingMore = 200;
const stretchMax = 10_000;
const restarts = 12;
const afterRestart = 1_000;

/** Bars after its warm-up in which what it heard before must be forgotten. */
export const settlingBars = (warmUp: number): number => settlingTimes * warmUp + settlingMore;

/** So many bars it takes to see whether a warm-up is long enough, from several beginnings. */
export const certifiableBars = (warmUp: number): number => warmUp + settlingBars(warmUp) + 100;

/** Why nothing can be said of a warm-up yet, which is no reproach; null: there are bars enough. */
export function tooFewToCertify(length: number, warmUp: number): BacktestFault | null {
  const bars = certifiableBars(warmUp);
  if (length >= bars) return null;
  return {
    code: tooFewBars,
    text: `${length} bars are too few to see whether ${warmUp} bars of warm-up are enough.`,
    next:
      bars > examinedBarsMax
        ? `It would take ${bars} bars, and no more than ${examinedBarsMax} are looked at: choose shorter periods.`
        : `Give at least ${bars} bars.`,
  };
}

/** The same run twice: a clock, chance, or something kept outside the decider shows. */
export function checkRepeat<Run extends Words>(
  { run, length, nameOf }: Cuttable<Run>,
  whole: Run,
): Result<CertificateCheck, BacktestFault> {
  const again = run(length);
  if (!again.ok) return again;
  const place = firstDifference(again.value.words, whole.words);
  if (place === null) return ok(passed('repeat', 'a second run decided the same each time.'));
  const text = `a second run asks for ${wordsOf(again.value.words[place])} at ${nameOf(place)}, the first for ${wordsOf(whole.words[place])}.`;
  return ok(failed('repeat', text, 'Use no clock and no chance, and keep nothing outside the decider.'));
}

/** The kernel knows nothing that the decider does not, and trades as it does. */
export function checkKernel(examined: Examined, whole: Trace): Result<CertificateCheck, BacktestFault> {
  const { bars, strategy, market } = examined;
  if (strategy.kernel === null) return ok(passed('kernel', 'it has no kernel.'));
  const ahead = kernelLooksAhead(examined, whole);
  if (ahead !== null) return ok(ahead);
  const slow = runBars(bars, strategy, market);
  if (!slow.ok) return slow;
  const fast = runKernel(bars, strategy, strategy.kernel, market);
  if (!fast.ok) return fast;
  const [one, other] = [fillTexts(slow.value), fillTexts(fast.value)];
  const at = firstDifference(one, other) ?? Math.min(one.length, other.length);
  if (at === one.length && at === other.length)
    return ok(passed('kernel', `the kernel looks at no later bar, and makes the same ${at} fills.`));
  const text = `fill ${at} differs: the decider makes ${one[at] ?? 'none'}, the kernel ${other[at] ?? 'none'}.`;
  return ok(failed('kernel', text, 'Make the kernel say at each bar what the decider says, or leave it out.'));
}

const fillTexts = ({ fills }: BarRun): readonly string[] => fills.all().map((fill) => JSON.stringify(fill));

/** What was found of the warm-up; the warning is of a check that passed. */
export interface WarmUpFinding {
  readonly check: CertificateCheck;
  readonly warning: BacktestWarning | null;
}

const refused = (check: CertificateCheck): WarmUpFinding => ({ check, warning: null });

/**
 * Begins in the middle of the data: after the declared warm-up, and the time in which an average forgets where it began, it must decide
 * as the run that has heard everything, which are at least {@link certifiableBars}. Warns where its decisions took longer than the warm-up once more to do so.
 */
export function checkWarmUp({ bars, strategy, seed }: Examined, whole: Trace): WarmUpFinding {
  const { warmUp } = strategy;
  const limit = settlingBars(warmUp);
  const rng = seededRng(seed + 1);
  const room = bars.length - warmUp - limit - 2;
  let settled = 0;
  let late = 0;
  for (let start = 0; start < starts; start += 1) {
    const from = 1 + rng.below(room);
    const to = Math.min(bars.length, from + warmUp + limit + stretchMax);
    const words = wordsOver(bars, whole, { decider: strategy.decider(), begins: from, from, to });
    const last = lastDifference(words, whole.words, from, warmUp);
    settled = Math.max(settled, last - warmUp + 1);
    if (last >= warmUp) late += 1;
    if (settled <= limit) continue;
    const bar = from + last;
    const text = `begun at ${barName(bars, from)} it still asks for ${wordsOf(words[last])} instead of ${wordsOf(whole.words[bar])} at ${barName(bars, bar)}, ${last} bars later; declared are ${warmUp} bars of warm-up.`;
    const next = 'Declare a longer warm-up, and decide by nothing that depends on where the data begin.';
    return refused(failed('warm-up', text, next));
  }
  const text = `begun at ${starts} other bars, it decides the same from ${settled} bars after its warm-up of ${warmUp} on.`;
  return { check: passed('warm-up', text), warning: settled > warmUp ? settlesLate(warmUp, settled, late) : null };
}

const settlesLate = (warmUp: number, settled: number, late: number): BacktestWarning => ({
  code: 'SETTLES_LATE',
  text: `after its warm-up of ${warmUp} bars it still decides otherwise than a run that heard all bars, for up to ${settled} bars more: so at ${late} of ${starts} beginnings.`,
  next: `Declare a warm-up of ${warmUp + settled} bars or more. Of a rule whose warm-up is not yours, believe the ${settled} bars after it less.`,
});

function lastDifference(words: readonly string[], whole: readonly string[], from: number, after: number): number {
  for (let at = words.length - 1; at >= after; at -= 1) if (words[at] !== whole[from + at]) return at;
  return after - 1;
}

/** Writes down what a decider remembers, gives it to another, and goes on with that one: as a restart of the platform does. */
export function checkRestart({ bars, strategy, seed }: Examined, whole: Trace): CertificateCheck {
  const rng = seededRng(seed + 2);
  const stops = Array.from({ length: restarts }, () => 1 + rng.below(bars.length - 1)).toSorted(
    (one, other) => one - other,
  );
  let decider = strategy.decider();
  let heard = 0;
  for (const stop of stops) {
    wordsOver(bars, whole, { decider, begins: 0, from: heard, to: stop });
    const written = JSON.stringify(decider.snapshot());
    const restored = strategy.decider();
    restored.restore(JSON.parse(written) as JsonObject);
    const words = wordsOver(bars, whole, {
      decider: restored,
      begins: 0,
      from: stop,
      to: Math.min(bars.length, stop + afterRestart),
    });
    const at = words.findIndex((said, bar) => said !== whole.words[stop + bar]);
    if (at >= 0) {
      const text = `restarted after ${barName(bars, stop - 1)} it asks for ${wordsOf(words[at])} instead of ${wordsOf(whole.words[stop + at])} at ${barName(bars, stop + at)}.`;
      return failed(
        'restart',
        text,
        'Put all that the decider remembers in its snapshot, and take it back in restore.',
      );
    }
    decider = strategy.decider();
    decider.restore(JSON.parse(written) as JsonObject);
    heard = stop;
  }
  return passed('restart', `restarted at ${restarts} bars, it went on the same.`);
}

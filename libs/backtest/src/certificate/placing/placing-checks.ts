import { ok, type Result, seededRng } from '@scalpstorm/kernel';
import type { BacktestFault } from '../../fault.js';
import { type CertificateCheck, failed, passed } from '../certificate.js';
import { judgeDelayed, judgeShuffled, standardErrorsOf } from '../edge-verdicts.js';
import { firstDifference, wordsOf } from '../examined.js';
import type { Cuts, Cuttable } from '../truncation.js';
import { type ExaminedPlacing, momentName } from './examined-placing.js';
import { drawnMoments, endsInBar, endsOf, momentsInBar } from './moments.js';
import { restartedAt } from './other-lives.js';
import { type PlacingTrace, traceOfPlacing } from './placing-trace.js';

/** Fewer than of a rule over bars: every order of every run has a life of its own. */
const cuts: Cuts = { blind: 8, tradingMax: 16 };
const restarts = 12;
const shuffles = 24;
const shuffledBarsMax = 500;

/** Cut at any price of a bar. */
export const cuttablePlacing = (examined: ExaminedPlacing): Cuttable<PlacingTrace> => ({
  length: examined.moments.length,
  shortest: momentsInBar * (examined.warmUp + 2),
  seed: examined.seed,
  cuts,
  run: (length) => traceOfPlacing(examined, { moments: examined.moments.slice(0, length) }),
  nameOf: (moment) => momentName(examined.market, moment),
});

/** Writes down what it remembers, gives it to another one, and goes on with that: as a restart of the platform does. */
export function checkPlacingRestart(
  examined: ExaminedPlacing,
  whole: PlacingTrace,
): Result<CertificateCheck, BacktestFault> {
  const { moments, market, seed, strategy } = examined;
  const rng = seededRng(seed + 2);
  const times = Array.from({ length: restarts }, () => moments[1 + rng.below(moments.length - 1)]?.at ?? 0);
  const restarted = restartedAt(
    strategy,
    times.toSorted((one, other) => one - other),
  );
  const again = traceOfPlacing(examined, { strategy: restarted });
  if (!again.ok) return again;
  const moment = firstDifference(again.value.words, whole.words);
  if (moment === null) return ok(passed('restart', `restarted at ${restarts} times, it went on the same.`));
  const text = `restarted at ${restarts} times it asks for ${wordsOf(again.value.words[moment])} instead of ${wordsOf(whole.words[moment])} at ${momentName(market, moment)}.`;
  return ok(failed('restart', text, 'Put all that it remembers in its state, as plain JSON, and keep nothing else.'));
}

/**
 * Draws the moves of the price again: nothing that was says anything of what comes, and no fill is better than the price at which others
 * traded, so nothing can be earned. Whoever earns something knows more than there is to know.
 */
export function checkPlacingShuffled(examined: ExaminedPlacing): Result<CertificateCheck, BacktestFault> {
  const { market, moments, seed } = examined;
  const rng = seededRng(seed + 3);
  const gains: number[] = [];
  let varied = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle += 1) {
    const run = traceOfPlacing(examined, { moments: drawnMoments(moments, momentsInBar * shuffledBarsMax, rng) });
    if (!run.ok) return run;
    gains.push(run.value.gain.at(-1) ?? 0);
    varied += variationOf(run.value);
  }
  const { quote } = market.instrument;
  const amount = (value: number): string => `${value.toFixed(2)} ${quote}`;
  const errorMin = Math.sqrt(varied) / shuffles;
  return ok(judgeShuffled(gains, { markets: 'of the same moves drawn anew', amount, errorMin }));
}

/**
 * The quadratic variation of what was held: where there is nothing to know, what is earned has this variance on average, also when no
 * market happened to be one of those in which a strategy that takes small profits loses.
 */
function variationOf({ held, price }: PlacingTrace): number {
  let sum = 0;
  for (let moment = 1; moment < price.length; moment += 1) {
    sum += ((held[moment - 1] as number) * ((price[moment] as number) - (price[moment - 1] as number))) ** 2;
  }
  return sum;
}

/** It hears of everything, prices and what became of its orders, one bar late. */
export function checkPlacingDelayed(examined: ExaminedPlacing): Result<CertificateCheck, BacktestFault> {
  const moments = endsOf(examined.moments);
  const onTime = traceOfPlacing(examined, { moments });
  if (!onTime.ok) return onTime;
  const dataLatency = { fixed: examined.market.barLength, spread: 0 };
  const late = traceOfPlacing(examined, { moments, rules: { dataLatency } });
  if (!late.ok) return late;
  return ok(judgeDelayed(edgeOf(onTime.value), edgeOf(late.value)));
}

/** Of what it earned from close to close, beyond what the market rose on average while it held something; in standard errors. */
function edgeOf({ gain, held, price }: PlacingTrace): number {
  const closes = Array.from({ length: gain.length / endsInBar }, (_, bar) => endsInBar * (bar + 1) - 1);
  const [first = 0, last = 0] = [closes[0], closes.at(-1)];
  const drift = ((price[last] as number) - (price[first] as number)) / Math.max(1, closes.length - 1);
  return standardErrorsOf(
    closes.slice(1).map((close) => {
      const before = close - endsInBar;
      return (gain[close] as number) - (gain[before] as number) - (held[before] as number) * drift;
    }),
  );
}

import { ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { tooFewBars } from '../bars/run-bars.js';
import type { BacktestFault } from '../fault.js';
import { choose } from './choose.js';
import { judge } from './judge.js';
import { scoreOf } from './objective.js';
import type { Stretch, Tries } from './tries.js';
import type { WalkForwardPlan } from './walk-forward.js';
import { type FoldSpec, purgedFolds } from './windows.js';

export interface FoldResult {
  readonly train: readonly Stretch[];
  readonly test: readonly Stretch[];
  /** Null: nothing in the training had a score. */
  readonly parameters: JsonObject | null;
  readonly trainScore: number | null;
  /** Mean of the test stretches, weighted by bars; null: no round trip in one of them, or none possible. */
  readonly testScore: number | null;
  readonly testSharpe: number;
  readonly trades: number;
}

export interface CrossValidation extends FoldSpec {
  readonly folds: readonly FoldResult[];
  /** Of the folds. */
  readonly meanTestSharpe: number;
  /** n − 1; 0 for a single one. */
  readonly testSharpeDeviation: number;
  /** Folds whose test Sharpe ratio is above 0 ÷ folds. */
  readonly positiveShare: number;
}

/**
 * Chooses by the bars outside a test, purged and embargoed, and judges by the test, once for every combination of test groups. Unlike a
 * walk forward it also trains on what came after a test, so that every bar is a test; it is a check of robustness, not a rehearsal.
 */
export async function crossValidate(
  plan: WalkForwardPlan,
  spec: FoldSpec,
  tries: Tries,
): Promise<Result<CrossValidation, BacktestFault>> {
  const folds = purgedFolds(plan.bars.length, spec);
  if (!folds.ok) return folds;
  const results: FoldResult[] = [];
  for (const { train, test } of folds.value) {
    const trials = await choose(plan, train, tries);
    if (!trials.ok) return trials;
    const best = trials.value.find(({ score }) => score !== null) ?? null;
    const judged = best === null ? ok(nothing) : judgeAll(plan, best.parameters, test);
    if (!judged.ok) return judged;
    results.push({
      train,
      test,
      parameters: best?.parameters ?? null,
      trainScore: best?.score ?? null,
      ...judged.value,
    });
  }
  const sharpes = results.map(({ testSharpe }) => testSharpe);
  const mean = sharpes.reduce((sum, sharpe) => sum + sharpe, 0) / sharpes.length;
  const squares = sharpes.reduce((sum, sharpe) => sum + (sharpe - mean) ** 2, 0);
  return ok({
    ...spec,
    folds: results,
    meanTestSharpe: mean,
    testSharpeDeviation: Math.sqrt(squares / Math.max(1, sharpes.length - 1)),
    positiveShare: sharpes.filter((sharpe) => sharpe > 0).length / sharpes.length,
  });
}

const nothing: Pick<FoldResult, 'testScore' | 'testSharpe' | 'trades'> = { testScore: null, testSharpe: 0, trades: 0 };

function judgeAll(
  plan: WalkForwardPlan,
  parameters: JsonObject,
  test: readonly Stretch[],
): Result<typeof nothing, BacktestFault> {
  let [bars, sum, sharpe, trades] = [0, 0, 0, 0];
  let isScored = true;
  for (const stretch of test) {
    const judged = judge(plan, parameters, stretch);
    if (!judged.ok) {
      if (judged.error.code !== tooFewBars) return judged;
      // The first test has no bars before it, and may be over before what was chosen has warmed up: it trades nothing there.
      isScored = false;
      bars += stretch.to - stretch.from;
      continue;
    }
    const { figures } = judged.value;
    const score = scoreOf(figures, plan.objective, plan.barsAYear);
    isScored &&= score !== null;
    bars += figures.observations;
    sum += (score ?? 0) * figures.observations;
    sharpe += figures.sharpe * figures.observations;
    trades += figures.trades;
  }
  return ok({ testScore: isScored ? sum / bars : null, testSharpe: sharpe / bars, trades });
}

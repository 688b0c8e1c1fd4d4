import { ok, type Result, Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import { equityFigures } from '../figures/equity-figures.js';
import type { TrialFigures } from '../figures/trial-figures.js';
import { type ChoosePlan, choose } from './choose.js';
import { type JudgePlan, judge, profitFactorOf } from './judge.js';
import { scoreOf } from './objective.js';
import type { Stretch, Tries } from './tries.js';
import { type WalkForwardSpec, walkForwardWindows } from './windows.js';

/** What a training chose, and what that came to right after it. */
export interface WindowResult {
  readonly train: Stretch;
  readonly test: Stretch;
  readonly testFrom: string;
  /** Null: nothing in the training had a score, so nothing was traded. */
  readonly parameters: JsonObject | null;
  readonly trainScore: number | null;
  readonly trainSharpe: number | null;
  readonly testScore: number | null;
  readonly figures: Pick<TrialFigures, 'returnPct' | 'maxDrawdownPct' | 'sharpe' | 'trades'>;
}

/** Of everything that was judged by bars that had no part in its choice, one after another. */
export interface OutOfSample {
  readonly bars: number;
  readonly finalEquity: number;
  readonly returnPct: number;
  readonly maxDrawdownPct: number;
  readonly sharpe: number;
  readonly sharpePerBar: number;
  readonly skew: number;
  readonly kurtosis: number;
  readonly observations: number;
  readonly trades: number;
  readonly profitFactor: number | null;
}

export interface WalkForward extends WalkForwardSpec {
  readonly windows: readonly WindowResult[];
  readonly outOfSample: OutOfSample;
  /** Mean Sharpe ratio of what the trainings chose, inside the trainings. */
  readonly inSampleSharpe: number;
  /** Out-of-sample Sharpe ratio ÷ that one. Null: there was nothing to lose. */
  readonly efficiency: number | null;
}

export interface WalkForwardRun {
  readonly result: WalkForward;
  /** At each close from the first test on; each window begins with what the one before left. */
  readonly equity: Float64Array;
  readonly nets: readonly number[];
  readonly from: number;
}

export interface WalkForwardPlan extends ChoosePlan, JudgePlan {}

/** Chooses in each training window and judges in the test window after it. */
export async function walkForward(
  plan: WalkForwardPlan,
  spec: WalkForwardSpec,
  tries: Tries,
): Promise<Result<WalkForwardRun, BacktestFault>> {
  const windows = walkForwardWindows(plan.bars.length, spec);
  if (!windows.ok) return windows;
  const results: WindowResult[] = [];
  const nets: number[] = [];
  const equity = new Float64Array(plan.bars.length - spec.train);
  let { cash } = plan.market;
  for (const window of windows.value) {
    const { train, test } = window;
    const trials = await choose(plan, [train], tries);
    if (!trials.ok) return trials;
    const best = trials.value.find(({ score }) => score !== null) ?? null;
    const testFrom = Timestamp.toIso(Timestamp.fromMicros(plan.bars.openedAt[test.from] as number));
    const at = test.from - spec.train;
    if (best === null || !(cash > 0)) {
      equity.fill(cash, at, test.to - spec.train);
      results.push({ ...window, testFrom, ...nothing });
      continue;
    }
    const judged = judge({ ...plan, market: { ...plan.market, cash } }, best.parameters, test);
    if (!judged.ok) return judged;
    const { figures } = judged.value;
    equity.set(judged.value.equity, at);
    nets.push(...judged.value.nets);
    cash = figures.finalEquity;
    results.push({
      ...window,
      testFrom,
      parameters: best.parameters,
      trainScore: best.score,
      trainSharpe: best.sharpe,
      testScore: scoreOf(figures, plan.objective, plan.barsAYear),
      figures: shown(figures),
    });
  }
  const outOfSample = outOfSampleOf(equity, nets, plan);
  const chosen = results.flatMap(({ trainSharpe }) => trainSharpe ?? []);
  const inSampleSharpe = chosen.length > 0 ? chosen.reduce((sum, sharpe) => sum + sharpe, 0) / chosen.length : 0;
  const efficiency = inSampleSharpe > 0 ? outOfSample.sharpe / inSampleSharpe : null;
  return ok({
    result: { ...spec, windows: results, outOfSample, inSampleSharpe, efficiency },
    equity,
    nets,
    from: spec.train,
  });
}

const shown = ({ returnPct, maxDrawdownPct, sharpe, trades }: TrialFigures): WindowResult['figures'] => ({
  returnPct,
  maxDrawdownPct,
  sharpe,
  trades,
});

const nothing = {
  parameters: null,
  trainScore: null,
  trainSharpe: null,
  testScore: null,
  figures: { returnPct: 0, maxDrawdownPct: 0, sharpe: 0, trades: 0 },
} as const;

function outOfSampleOf(
  equity: Float64Array,
  nets: readonly number[],
  { market, barsAYear }: WalkForwardPlan,
): OutOfSample {
  const { returnPct, maxDrawdownPct, sharpe, returns } = equityFigures(equity, market.cash, barsAYear);
  return {
    bars: equity.length,
    finalEquity: equity.at(-1) as number,
    returnPct,
    maxDrawdownPct,
    sharpe,
    sharpePerBar: returns.deviation > 0 ? returns.mean / returns.deviation : 0,
    skew: returns.skew,
    kurtosis: returns.kurtosis,
    observations: returns.count,
    trades: nets.length,
    profitFactor: profitFactorOf(nets),
  };
}

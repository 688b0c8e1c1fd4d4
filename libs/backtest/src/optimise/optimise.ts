import { fail, ok, type Result, Timestamp } from '@scalpstorm/kernel';
import type { BarColumns, BarStrategy } from '@scalpstorm/strategies';
import { type BarMarket, checkMarket } from '../bars/bar-market.js';
import { inspectBars, spacingOf } from '../data/inspect-bars.js';
import type { BacktestFault } from '../fault.js';
import { barsAYearOf, type TrialFigures } from '../figures/trial-figures.js';
import { monteCarlo } from '../statistics/monte-carlo.js';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  type TrialsMade,
} from '../statistics/sharpe-evidence.js';
import { type ChoosePlan, choose, type Trial } from './choose.js';
import { type CrossValidation, crossValidate } from './cross-validate.js';
import { Ground } from './ground.js';
import { judge } from './judge.js';
import type { Optimisation, OptimiseSpec, RankedTrial } from './optimisation.js';
import { type Robustness, robustness } from './robustness.js';
import { checkSearch } from './search.js';
import type { Space } from './space.js';
import type { Tries } from './tries.js';
import { hintsOf, verdictOf } from './verdict.js';
import { type WalkForwardPlan, type WalkForwardRun, walkForward } from './walk-forward.js';
import { purgedFolds, walkForwardWindows } from './windows.js';

export interface OptimisePlan {
  readonly bars: BarColumns;
  readonly strategy: BarStrategy;
  readonly space: Space;
  readonly market: BarMarket;
  readonly spec: OptimiseSpec;
}

/** Outside of this: who runs the trials, and who counts them. */
export interface Bench {
  readonly tries: Tries;
  /** Every trial that was ever made of this strategy over whatever data, those of this search included. */
  everTried(): Promise<TrialsMade>;
}

export interface OptimiseRun {
  readonly result: Optimisation;
  /** Of the search over all bars, the best first. */
  readonly trials: readonly Trial[];
  readonly walkForward: WalkForwardRun | null;
}

const topMax = 10;

/** Searches, judges and weighs. Trials are run in the same order each time, so that a bench may answer from what it remembers. */
export async function optimise(plan: OptimisePlan, bench: Bench): Promise<Result<OptimiseRun, BacktestFault>> {
  const begun = begin(plan);
  if (!begun.ok) return begun;
  const { whole, folds } = begun.value;
  const stretch = { from: 0, to: plan.bars.length };
  const trials = await choose(whole, [stretch], bench.tries);
  if (!trials.ok) return trials;
  const { refused } = whole.ground;
  const best = bestOf(trials.value);
  if (!best.ok) return best;
  const around = await robustness(whole, best.value, { stretch, withinPct: plan.spec.withinPct }, bench.tries);
  if (!around.ok) return around;
  const walked =
    plan.spec.walkForward === null ? ok(null) : await walkForward(whole, plan.spec.walkForward, bench.tries);
  if (!walked.ok) return walked;
  const validated = folds === null ? ok(null) : await crossValidate(whole, folds, bench.tries);
  if (!validated.ok) return validated;
  const found = {
    trials: trials.value,
    refused,
    best: best.value,
    robustness: around.value,
    walked: walked.value,
    crossValidation: validated.value,
    ever: await bench.everTried(),
  };
  return ok({ result: resultOf(whole, plan.spec, found), trials: trials.value, walkForward: walked.value });
}

/** Everything that can be refused before the first trial. */
function begin({ bars, strategy, space, market, spec }: OptimisePlan) {
  const ground = new Ground(space, strategy);
  const folds = spec.folds === null ? null : { ...spec.folds, purge: spec.folds.purge ?? ground.reach() };
  const checks: readonly Result<unknown, BacktestFault>[] = [
    checkMarket(market),
    checkSearch(ground, spec.search),
    bars.length < 2 ? fail(tooFewBars) : ok(null),
    spec.walkForward === null ? ok(null) : walkForwardWindows(bars.length, spec.walkForward),
    folds === null ? ok(null) : purgedFolds(bars.length, folds),
  ];
  for (const check of checks) if (!check.ok) return check;
  const { search, objective } = spec;
  const whole: ChoosePlan & WalkForwardPlan = {
    ground,
    search,
    objective,
    barsAYear: barsAYearOf(bars),
    bars,
    strategy,
    market,
  };
  return ok({ whole, folds });
}

function bestOf(trials: readonly Trial[]): Result<Best, BacktestFault> {
  const [best] = trials;
  if (best === undefined) return fail(nothingAllowed);
  const { score, figures } = best;
  if (score !== null && figures !== null) return ok({ ...best, figures });
  return fail(trials.find(({ fault }) => fault !== null)?.fault ?? nothingTraded);
}

/** It has a score over all bars, and so it has figures. */
interface Best extends Trial {
  readonly figures: TrialFigures;
}

interface Found {
  readonly trials: readonly Trial[];
  readonly refused: number;
  readonly best: Best;
  readonly robustness: Robustness;
  readonly walked: WalkForwardRun | null;
  readonly crossValidation: CrossValidation | null;
  readonly ever: TrialsMade;
}

function resultOf(whole: ChoosePlan & WalkForwardPlan, spec: OptimiseSpec, found: Found): Optimisation {
  const { bars, strategy, market, ground } = whole;
  const { trials, best, walked, crossValidation, ever } = found;
  const record = best.figures;
  const timeOf = (bar: number) => Timestamp.toIso(Timestamp.fromMicros(bars.openedAt[bar] as number));
  const failed = trials.flatMap(({ fault }) => fault ?? []);
  const deflated = deflatedSharpe(record, ever);
  const verdict = verdictOf({
    best,
    space: ground.space,
    deflatedSharpe: deflated,
    trialsEver: ever.count,
    walkForward: walked?.result ?? null,
    crossValidation,
    robustness: found.robustness,
  });
  return {
    strategy: strategy.id,
    fixed: ground.space.fixed,
    space: ground.space.axes.map(({ name, values }) => ({
      name,
      values: values.length,
      first: values[0],
      last: values.at(-1),
    })),
    spec,
    bars: bars.length,
    from: timeOf(0),
    to: timeOf(bars.length - 1),
    barSeconds: spacingOf(bars) / 1e6,
    trials: {
      run: trials.length,
      refused: found.refused,
      idle: trials.filter(({ score, fault }) => score === null && fault === null).length,
      failed: failed.length,
      ever,
    },
    best: ranked(best),
    top: trials
      .filter(({ score }) => score !== null)
      .slice(0, topMax)
      .map(ranked),
    evidence: {
      probabilisticSharpe: probabilisticSharpe(record),
      deflatedSharpe: deflated,
      expectedBestSharpe: expectedBestSharpe(ever) * Math.sqrt(whole.barsAYear),
      minimumTrackRecord: minimumTrackRecord(record),
    },
    walkForward: walked?.result ?? null,
    crossValidation,
    monteCarlo: luckOf(whole, spec, best, walked),
    robustness: found.robustness,
    verdict,
    assumptions: market,
    warnings: [...inspectBars(bars), ...failed.slice(0, 1), ...hintsOf(found.robustness)],
  };
}

function luckOf(
  plan: WalkForwardPlan,
  { search, monteCarlo: wanted }: OptimiseSpec,
  best: Trial,
  walked: WalkForwardRun | null,
): Optimisation['monteCarlo'] {
  const { market, bars } = plan;
  const judged = walked === null ? judge(plan, best.parameters, { from: 0, to: bars.length }) : null;
  const nets = walked?.nets ?? (judged?.ok === true ? judged.value.nets : []);
  const compounds = market.size.kind === 'all-in' || market.size.kind === 'fraction';
  const found = monteCarlo({ cash: market.cash, nets, compounds }, { ...wanted, seed: search.seed });
  return found === null ? null : { of: walked === null ? 'in-sample' : 'out-of-sample', ...found };
}

const ranked = ({ parameters, score, figures }: Trial): RankedTrial => ({ parameters, score, figures });

const tooFewBars: BacktestFault = { code: 'TOO_FEW_BARS', text: 'There are no two bars.', next: 'Give more bars.' };

const nothingAllowed: BacktestFault = {
  code: 'NOTHING_ALLOWED',
  text: 'The strategy refuses every combination of the space.',
  next: 'Look at what it asks between its parameters, and widen --space.',
};

const nothingTraded: BacktestFault = {
  code: 'NOTHING_TRADED',
  text: 'No combination made a single round trip.',
  next: 'Give more data, or ranges in which the strategy trades.',
};

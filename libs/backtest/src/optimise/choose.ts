import { ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import type { TrialFigures } from '../figures/trial-figures.js';
import type { Ground } from './ground.js';
import { byStanding, type Objective, type Standing, scoreOf } from './objective.js';
import { type SearchSpec, search } from './search.js';
import type { Stretch, Tried, Tries } from './tries.js';

/** A combination that was run over every stretch. */
export interface Trial extends Standing {
  readonly parameters: JsonObject;
  /** Of the stretch; where there are several, of none. Null also: it could not be run. */
  readonly figures: TrialFigures | null;
  /** A year; over several stretches their mean, weighted by bars. */
  readonly sharpe: number;
  readonly fault: BacktestFault | null;
}

export interface ChoosePlan {
  readonly ground: Ground;
  readonly search: SearchSpec;
  readonly objective: Objective;
  readonly barsAYear: number;
}

/**
 * Searches over these stretches and looks at nothing else.
 * @returns every trial, the best first
 */
export async function choose(
  plan: ChoosePlan,
  stretches: readonly Stretch[],
  tries: Tries,
): Promise<Result<readonly Trial[], BacktestFault>> {
  const asked = search(plan.ground, plan.search);
  const trials: Trial[] = [];
  for (let next = asked.next(); !next.done; ) {
    const found = await tryPlaces(plan, stretches, next.value, tries);
    if (!found.ok) return found;
    trials.push(...found.value);
    next = asked.next(found.value);
  }
  return ok(trials.toSorted(byStanding));
}

/** In the order of the places, none of which is refused. */
export async function tryPlaces(
  { ground, objective, barsAYear }: ChoosePlan,
  stretches: readonly Stretch[],
  places: readonly number[],
  tries: Tries,
): Promise<Result<readonly Trial[], BacktestFault>> {
  const combinations = places.map((place) => ground.at(place) ?? {});
  const told: (readonly Tried[])[] = [];
  for (const stretch of stretches) {
    const tried = await tries(stretch, combinations);
    if (!tried.ok) return tried;
    told.push(tried.value);
  }
  return ok(
    places.map((place, index) => {
      const parts = told.map((of) => of[index] as Tried);
      return { place, parameters: combinations[index] as JsonObject, ...joined(parts, objective, barsAYear) };
    }),
  );
}

/** The score is the mean of the stretches' scores, weighted by their bars; one without a score makes all without. */
function joined(parts: readonly Tried[], objective: Objective, barsAYear: number) {
  let [bars, sum, sharpe, maxDrawdownPct, trades] = [0, 0, 0, 0, 0];
  let fault: BacktestFault | null = null;
  let isScored = parts.length > 0;
  for (const part of parts) {
    if ('fault' in part) {
      fault ??= part.fault;
      continue;
    }
    const { figures } = part;
    const score = scoreOf(figures, objective, barsAYear);
    isScored &&= score !== null;
    bars += figures.observations;
    sum += (score ?? 0) * figures.observations;
    sharpe += figures.sharpe * figures.observations;
    maxDrawdownPct = Math.max(maxDrawdownPct, figures.maxDrawdownPct);
    trades += figures.trades;
  }
  const [only] = parts;
  return {
    score: isScored && fault === null ? sum / bars : null,
    sharpe: bars > 0 ? sharpe / bars : 0,
    maxDrawdownPct,
    trades,
    figures: parts.length === 1 && only !== undefined && 'figures' in only ? only.figures : null,
    fault,
  };
}

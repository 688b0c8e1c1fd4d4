import { ok, type Result } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import { type ChoosePlan, type Trial, tryPlaces } from './choose.js';
import { byStanding } from './objective.js';
import { type Axis, indicesAt, placeOf, type Space } from './space.js';
import type { Stretch, Tries } from './tries.js';

/** The scores about the best, two parameters at a time, everything else as in the best. */
export interface RobustnessTable {
  readonly x: string;
  /** Null: there is only one ordered parameter. */
  readonly y: string | null;
  readonly xValues: readonly Json[];
  readonly yValues: readonly Json[];
  /** A row for each value of y. Null: no such combination, or no score. */
  readonly scores: readonly (readonly (number | null)[])[];
}

export interface Robustness {
  /** Other combinations in the tables that have a score or could have one. */
  readonly neighbours: number;
  readonly withinPct: number;
  /** Neighbours whose score is at most so many percent below the best's ÷ neighbours. Null: there is no neighbour. */
  readonly withinShare: number | null;
  /** The best neighbour, where it is better than the best that the search found: the search was too short. */
  readonly better: { readonly parameters: JsonObject; readonly score: number } | null;
  readonly tables: readonly RobustnessTable[];
}

/** To both sides of the best. */
const steps = 2;
/** A step of a longer axis is this share of it: the next of 5,000 periods is no other parameter. */
const stepShare = 0.05;
const tablesMax = 15;

/** How the score changes about the best; what is not known yet is tried, and counts as a trial like any other. */
export async function robustness(
  plan: ChoosePlan,
  best: Trial,
  { stretch, withinPct }: { readonly stretch: Stretch; readonly withinPct: number },
  tries: Tries,
): Promise<Result<Robustness, BacktestFault>> {
  const maps = mapsAbout(plan.ground.space, best.place);
  const places = [...new Set(maps.flatMap((map) => map.places.flat()))];
  const allowed = places.filter((place) => plan.ground.at(place) !== null);
  const tried = await tryPlaces(plan, [stretch], allowed, tries);
  if (!tried.ok) return tried;
  const scores = new Map(tried.value.map(({ place, score }) => [place, score]));
  const neighbours = tried.value.filter(({ place }) => place !== best.place).toSorted(byStanding);
  const score = best.score ?? 0;
  const floor = score - (withinPct / 100) * Math.abs(score);
  const near = neighbours.filter((one) => one.score !== null && one.score >= floor);
  const [first] = near;
  return ok({
    neighbours: neighbours.length,
    withinPct,
    withinShare: neighbours.length > 0 ? near.length / neighbours.length : null,
    better:
      first !== undefined && (first.score ?? 0) > score
        ? { parameters: first.parameters, score: first.score ?? 0 }
        : null,
    tables: maps.map(({ x, y, places: of }) => ({
      x: x.name,
      y: y?.name ?? null,
      xValues: x.values,
      yValues: y?.values ?? [],
      scores: of.map((row) => row.map((place) => scores.get(place) ?? null)),
    })),
  });
}

/** The part of an axis that lies about the best. */
interface Near {
  /** Which axis. */
  readonly axis: number;
  readonly name: string;
  readonly indices: readonly number[];
  readonly values: readonly Json[];
}

/** Every two ordered axes of more than one value; a single one alone. */
function mapsAbout(space: Space, place: number) {
  const at = indicesAt(space, place);
  const ordered = space.axes.flatMap((axis, index) =>
    axis.isOrdered && axis.values.length > 1 ? [nearBy(axis, index, at[index] as number)] : [],
  );
  const [only] = ordered;
  const pairs: readonly (readonly [x: Near, y: Near | null])[] =
    ordered.length === 1 && only !== undefined
      ? [[only, null]]
      : ordered.flatMap((x, index) => ordered.slice(index + 1).map((y) => [x, y] as const));
  return pairs.slice(0, tablesMax).map(([x, y]) => {
    const placeAt = (column: number, row: number | null) =>
      placeOf(
        space,
        at.map((index, axis) => (axis === x.axis ? column : axis === y?.axis ? (row ?? index) : index)),
      );
    return { x, y, places: (y?.indices ?? [null]).map((row) => x.indices.map((column) => placeAt(column, row))) };
  });
}

/** As far as the axis goes. */
function nearBy({ name, values }: Axis, axis: number, centre: number): Near {
  const step = Math.max(1, Math.round(stepShare * values.length));
  const all = Array.from({ length: 2 * steps + 1 }, (_, at) => centre + (at - steps) * step);
  const indices = all.filter((index) => index >= 0 && index < values.length);
  return { axis, name, indices, values: indices.map((index) => values[index] as Json) };
}

import type { Gappy } from '../window-plots.js';

/** Width of a plot in its own units; a picture stretches it to the width that it gets. */
export const plotWidth = 1_000;

const at = (value: number): string => String(Math.round(value * 10) / 10);

/** A line through points, for a `d`. Places are from 0 to 1; the vertical one grows upwards; null is a gap. */
export function linePath(across: readonly number[], up: Gappy, height: number): string {
  return runsOf([up])
    .map(([from, to]) => `M${pointsOf(across.slice(from, to), up.slice(from, to), height).join('L')}`)
    .join('');
}

/** Between two lines, where both are. */
export function bandPath(across: readonly number[], [upper, lower]: readonly [Gappy, Gappy], height: number): string {
  return runsOf([upper, lower])
    .map(([from, to]) => {
      const places = across.slice(from, to);
      const back = pointsOf(places, lower.slice(from, to), height).reverse();
      return `M${[...pointsOf(places, upper.slice(from, to), height), ...back].join('L')}Z`;
    })
    .join('');
}

const pointsOf = (across: readonly number[], up: Gappy, height: number): string[] =>
  across.map((place, index) => `${at(place * plotWidth)} ${at((1 - (up[index] as number)) * height)}`);

/** Where none of the columns has a gap: from this place to the one before that. */
function runsOf(columns: readonly Gappy[]): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  const length = columns[0]?.length ?? 0;
  for (let place = 0; place < length; place += 1) {
    if (columns.some((column) => column[place] === null)) continue;
    const run = runs.at(-1);
    if (run?.[1] === place) run[1] = place + 1;
    else runs.push([place, place + 1]);
  }
  return runs;
}

/** Between the line and a level. */
export function areaPath(across: readonly number[], up: readonly number[], height: number, level: number): string {
  const [first, last] = [across[0], across.at(-1)];
  if (first === undefined || last === undefined) return '';
  const base = at((1 - level) * height);
  return `${linePath(across, up, height)}L${at(last * plotWidth)} ${base}L${at(first * plotWidth)} ${base}Z`;
}

/** Of which two corners are given, in units of the plot. */
export const boxPath = (left: number, top: number, right: number, bottom: number): string =>
  `M${at(left)} ${at(top)}H${at(right)}V${at(bottom)}H${at(left)}Z`;

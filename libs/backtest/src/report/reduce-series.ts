/**
 * Which points of a long curve to keep: the points are cut into equal runs, and of each the first, the last and the lowest and highest of
 * every column stay, so that no extreme is lost. Source: M4 (Jugel, Jerzak, Hackenbroich, Markl 2014, "M4: A visualization-oriented time
 * series data aggregation"), over several columns at once.
 * @returns places in ascending order, at most `pointsMax`; all of them where there are no more
 */
export function keptPoints(columns: readonly Float64Array[], length: number, pointsMax: number): readonly number[] {
  if (length <= pointsMax) return Array.from({ length }, (_, at) => at);
  const runs = Math.max(1, Math.floor(pointsMax / (2 + 2 * columns.length)));
  const kept: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const from = Math.floor((run * length) / runs);
    const to = Math.floor(((run + 1) * length) / runs);
    const places = new Set([from, to - 1]);
    for (const column of columns) for (const place of extremes(column, from, to)) places.add(place);
    kept.push(...[...places].sort((left, right) => left - right));
  }
  return kept;
}

function extremes(column: Float64Array, from: number, to: number): readonly [lowest: number, highest: number] {
  let lowest = from;
  let highest = from;
  for (let at = from + 1; at < to; at += 1) {
    const value = column[at] as number;
    if (value < (column[lowest] as number)) lowest = at;
    if (value > (column[highest] as number)) highest = at;
  }
  return [lowest, highest];
}

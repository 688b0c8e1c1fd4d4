/** How much of a name is compared: what is longer is no slip of the finger. */
const comparedMax = 40;

/** The known names that are most like one, nearest first; at most so many. */
export function nearestFirst(name: string, known: readonly string[], count: number): readonly string[] {
  const wanted = name.slice(0, comparedMax).toLowerCase();
  return known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The nearest known name within three edits, for "did you mean". */
export function nearest(name: string, known: readonly string[]): string | null {
  const [best] = nearestFirst(name, known, 1);
  if (best === undefined) return null;
  return editDistance(name.slice(0, comparedMax).toLowerCase(), best.toLowerCase()) < 4 ? best : null;
}

/** Levenshtein distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** How much of a word is compared: what is longer is no slip of the finger. */
const comparedMax = 40;

/** The known words that are most like one, in any writing, nearest first; at most so many. */
export function nearestFirst(word: string, known: readonly string[], count: number): readonly string[] {
  return ranked(word, known)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The known word that was probably meant, for "did you mean": at most two slips, in a long word one in three letters. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = ranked(word, known);
  const slipsMax = Math.max(2, Math.floor(Math.min(word.length, comparedMax) / 3));
  return best !== undefined && best.distance <= slipsMax ? best.candidate : null;
}

function ranked(word: string, known: readonly string[]) {
  const wanted = word.slice(0, comparedMax).toLowerCase();
  return known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
}

/** Levenshtein's distance, with neighbouring letters swapped counting once, one row at a time. */
function editDistance(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      next.push(
        Math.min(
          at(last, column) + 1,
          at(next, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          row > 1 && column > 1 && swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return at(last, right.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

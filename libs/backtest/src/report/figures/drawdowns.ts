/** A fall below an earlier peak, until that peak was reached again. Places are indices into the curve. */
export interface Drawdown {
  readonly from: number;
  readonly deepestAt: number;
  /** Null: not yet. */
  readonly until: number | null;
  /** Percent of the peak. */
  readonly depthPct: number;
}

export interface Drawdowns {
  /** The deepest first, at most `deepestMax`. */
  readonly deepest: readonly Drawdown[];
  /** The one that took the longest, over or not; null: nothing ever fell. */
  readonly longest: Drawdown | null;
  /** Points below an earlier peak ÷ points, percent. */
  readonly underwaterPct: number;
}

export const deepestMax = 5;

/**
 * @param start cash before the first point, which is a peak
 * @param into takes the fall at each point, percent (0 or less), where it is given
 */
export function drawdownsOf(equity: Float64Array, start: number, into?: Float64Array): Drawdowns {
  const { length } = equity;
  const deepest: Drawdown[] = [];
  let longest: Drawdown | null = null;
  let peak = start;
  let from = 0;
  let deepestAt = -1;
  let depth = 0;
  let underwater = 0;
  const close = (until: number | null): void => {
    const one: Drawdown = { from, deepestAt, until, depthPct: 100 * depth };
    deepest.push(one);
    deepest.sort((left, right) => right.depthPct - left.depthPct);
    if (deepest.length > deepestMax) deepest.pop();
    if (longest === null || lengthOf(one, length) > lengthOf(longest, length)) longest = one;
    deepestAt = -1;
    depth = 0;
  };
  for (let at = 0; at < length; at += 1) {
    const now = equity[at] as number;
    const fall = now >= peak ? 0 : (peak - now) / peak;
    if (into !== undefined) into[at] = -100 * fall;
    if (fall > 0) {
      underwater += 1;
      if (fall > depth) {
        depth = fall;
        deepestAt = at;
      }
      continue;
    }
    if (depth > 0) close(at);
    peak = now;
    from = at;
  }
  if (depth > 0) close(null);
  return { deepest, longest, underwaterPct: length === 0 ? 0 : (100 * underwater) / length };
}

/** In points; of one that is not over, up to the end. */
const lengthOf = ({ from, until }: Drawdown, length: number): number => (until ?? length - 1) - from;

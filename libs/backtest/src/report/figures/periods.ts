export interface MonthReturn {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly returnPct: number;
}

export interface DayFigures {
  readonly days: number;
  readonly won: number;
  readonly lost: number;
  /** won ÷ days. */
  readonly wonPct: number | null;
  /** Percent; null: there was no day. */
  readonly bestPct: number | null;
  readonly worstPct: number | null;
}

const dayMs = 86_400_000;

/** Return from the last point of the month (UTC) before to the last of this one; the first begins with the cash at the start. */
export function monthlyReturns(atMs: Float64Array, equity: Float64Array, start: number): readonly MonthReturn[] {
  const months: MonthReturn[] = [];
  eachPeriod(atMs, equity, start, {
    // A day tells its month; most points are of the day before them.
    keyOf: monthOf(),
    take: (key, returnPct) => months.push({ year: Math.floor(key / 12), month: (key % 12) + 1, returnPct }),
  });
  return months;
}

/** Days of UTC. */
export function dayFigures(atMs: Float64Array, equity: Float64Array, start: number): DayFigures {
  let days = 0;
  let won = 0;
  let lost = 0;
  let bestPct: number | null = null;
  let worstPct: number | null = null;
  eachPeriod(atMs, equity, start, {
    keyOf: (ms) => Math.floor(ms / dayMs),
    take: (_, returnPct) => {
      days += 1;
      if (returnPct > 0) won += 1;
      if (returnPct < 0) lost += 1;
      bestPct = bestPct === null ? returnPct : Math.max(bestPct, returnPct);
      worstPct = worstPct === null ? returnPct : Math.min(worstPct, returnPct);
    },
  });
  return { days, won, lost, wonPct: days === 0 ? null : (100 * won) / days, bestPct, worstPct };
}

interface Periods {
  readonly keyOf: (ms: number) => number;
  readonly take: (key: number, returnPct: number) => void;
}

function eachPeriod(atMs: Float64Array, equity: Float64Array, start: number, { keyOf, take }: Periods): void {
  let before = start;
  let key = Number.NaN;
  for (let at = 0; at < atMs.length; at += 1) {
    const now = keyOf(atMs[at] as number);
    if (at > 0 && now !== key) before = ended(key, before, equity[at - 1] as number, take);
    key = now;
  }
  if (atMs.length > 0) ended(key, before, equity[equity.length - 1] as number, take);
}

function ended(key: number, before: number, after: number, take: Periods['take']): number {
  take(key, before > 0 ? 100 * (after / before - 1) : 0);
  return after;
}

/** Months since the year 0, looked up once a day. */
function monthOf(): (ms: number) => number {
  let day = Number.NaN;
  let month = 0;
  return (ms) => {
    const today = Math.floor(ms / dayMs);
    if (today === day) return month;
    day = today;
    const date = new Date(ms);
    month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    return month;
  };
}

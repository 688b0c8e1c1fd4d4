/** What an account, or several, were worth when they were last counted, and at most. In units of 10^-18 of one currency. */
export interface EquityCount {
  readonly equity: bigint;
  /** Of what is counted now. */
  readonly peak: bigint;
  /** What was counted, by asset: one of which no price is known is not. */
  readonly values: ReadonlyMap<string, bigint>;
}

/**
 * Counts anew. The peak is of the equity itself, from the first count on, never of ratios of trades: a first loss is a drawdown. An asset whose
 * price becomes known moves the peak along by its value, and one whose price is lost takes what it was last worth: neither is a
 * profit or a loss.
 */
export function countEquity(before: EquityCount | null, values: ReadonlyMap<string, bigint>): EquityCount {
  const equity = sumOf(values.values());
  if (before === null) return { equity, peak: equity, values };
  const came = sumOf([...values].filter(([asset]) => !before.values.has(asset)).map(([, value]) => value));
  const went = sumOf([...before.values].filter(([asset]) => !values.has(asset)).map(([, value]) => value));
  const peak = before.peak + came - went;
  if (equity > peak) return { equity, peak: equity, values };
  return { equity, peak, values };
}

/** From here on, as after a breaker has tripped: or what was lost, or taken out, would trip it again at once. */
export const fromHere = (count: EquityCount): EquityCount => ({ ...count, peak: count.equity });

/** Below the peak, in basis points of it, rounded down. */
export const drawdownBps = ({ equity, peak }: EquityCount): number =>
  peak <= 0n ? 0 : Number(((peak - equity) * 10_000n) / peak);

const sumOf = (values: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
};

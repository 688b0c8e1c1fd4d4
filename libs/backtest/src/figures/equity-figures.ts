/** Of a curve of equity at each close. Definitions: docs/backtest.md. */
export interface EquityFigures {
  /** last ÷ first − 1, percent; the first is the cash at the start. */
  readonly returnPct: number;
  /** The deepest fall below an earlier peak, percent of that peak. */
  readonly maxDrawdownPct: number;
  /** Of the peak and the trough of that fall, and of when the peak was reached again; null: never. */
  readonly drawdownFrom: number;
  readonly drawdownTo: number;
  readonly drawdownUntil: number | null;
  /** mean ÷ standard deviation (n − 1) of the returns from bar to bar, times √(bars a year); 0 where nothing moved. */
  readonly sharpe: number;
  /** mean ÷ √(mean of the squared losses), times √(bars a year). Null: no bar lost anything. */
  readonly sortino: number | null;
  /** Return a year, compounded, percent. */
  readonly annualReturnPct: number;
  /** Annual return ÷ deepest fall. Null: nothing fell. */
  readonly calmar: number | null;
}

/**
 * @param start cash before the first bar
 * @param barsAYear 365 days ÷ the usual spacing: these markets do not close
 */
export function equityFigures(equity: Float64Array, start: number, barsAYear: number): EquityFigures {
  const { length } = equity;
  let peak = start;
  let peakAt = 0;
  let deepest = 0;
  let from = 0;
  let to = 0;
  let before = start;
  let mean = 0;
  let squares = 0;
  let losses = 0;
  for (let at = 0; at < length; at += 1) {
    const now = equity[at] as number;
    if (now > peak) {
      peak = now;
      peakAt = at;
    } else {
      const fall = (peak - now) / peak;
      if (fall > deepest) {
        deepest = fall;
        from = peakAt;
        to = at;
      }
    }
    const gain = now / before - 1;
    // Welford's recurrence: the squares are about the mean, so that nothing cancels.
    const delta = gain - mean;
    mean += delta / (at + 1);
    squares += delta * (gain - mean);
    if (gain < 0) losses += gain * gain;
    before = now;
  }
  const deviation = length > 1 ? Math.sqrt(squares / (length - 1)) : 0;
  const annual = before > 0 ? (before / start) ** (barsAYear / length) - 1 : -1;
  return {
    returnPct: 100 * (before / start - 1),
    maxDrawdownPct: 100 * deepest,
    drawdownFrom: from,
    drawdownTo: to,
    drawdownUntil: deepest === 0 ? null : recoveredAt(equity, from, to, start),
    sharpe: deviation > 0 ? (mean / deviation) * Math.sqrt(barsAYear) : 0,
    sortino: losses > 0 ? (mean / Math.sqrt(losses / length)) * Math.sqrt(barsAYear) : null,
    annualReturnPct: 100 * annual,
    calmar: deepest > 0 ? annual / deepest : null,
  };
}

function recoveredAt(equity: Float64Array, from: number, to: number, start: number): number | null {
  // The peak may be the cash at the start, which no bar had.
  const peak = Math.max(equity[from] as number, from === 0 ? start : 0);
  for (let at = to; at < equity.length; at += 1) if ((equity[at] as number) >= peak) return at;
  return null;
}

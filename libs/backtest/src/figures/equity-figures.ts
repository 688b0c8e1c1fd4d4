import { EquityStatistics } from './equity-statistics.js';
import type { ReturnMoments } from './return-moments.js';

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
  readonly returns: ReturnMoments;
}

/** These markets do not close. */
export const yearMicros = 365 * 86_400 * 1e6;

/**
 * @param start cash before the first bar
 * @param barsAYear 365 days ÷ the usual spacing
 */
export function equityFigures(equity: Float64Array, start: number, barsAYear: number): EquityFigures {
  const statistics = new EquityStatistics();
  statistics.begin(start);
  statistics.take(equity, equity.length, 0, 1);
  statistics.finish();
  const { deepest, fallFrom, fallTo, last } = statistics;
  const { length } = equity;
  const returns = statistics.returns();
  const { mean } = returns;
  const downside = Math.sqrt(statistics.losses / length);
  const annual = last > 0 ? (last / start) ** (barsAYear / length) - 1 : -1;
  return {
    returnPct: 100 * (last / start - 1),
    maxDrawdownPct: 100 * deepest,
    drawdownFrom: fallFrom,
    drawdownTo: fallTo,
    drawdownUntil: deepest === 0 ? null : recoveredAt(equity, fallFrom, fallTo, start),
    sharpe: sharpeOf(returns) * Math.sqrt(barsAYear),
    sortino: downside > 0 ? (mean / downside) * Math.sqrt(barsAYear) : null,
    annualReturnPct: 100 * annual,
    calmar: deepest > 0 ? annual / deepest : null,
    returns,
  };
}

/** Of a bar. */
export const sharpeOf = ({ mean, deviation }: ReturnMoments): number => (deviation > 0 ? mean / deviation : 0);

function recoveredAt(equity: Float64Array, from: number, to: number, start: number): number | null {
  // The peak may be the cash at the start, which no bar had.
  const peak = Math.max(equity[from] as number, from === 0 ? start : 0);
  for (let at = to; at < equity.length; at += 1) if ((equity[at] as number) >= peak) return at;
  return null;
}

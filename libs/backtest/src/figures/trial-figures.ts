import type { BarColumns } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';
import type { BarRun } from '../bars/run-bars.js';
import { spacingOf } from '../data/inspect-bars.js';
import { sharpeOf, yearMicros } from './equity-figures.js';
import { EquityStatistics } from './equity-statistics.js';
import { tallyOf } from './trade-figures.js';

/** What one combination of many came to: what a search looks at, and what the evidence for it is reckoned from. */
export interface TrialFigures {
  readonly finalEquity: number;
  readonly returnPct: number;
  readonly maxDrawdownPct: number;
  /** A year; see `EquityFigures`. */
  readonly sharpe: number;
  /** mean ÷ standard deviation (n − 1) of the returns from bar to bar; 0 where nothing moved. */
  readonly sharpePerBar: number;
  /** Of those returns, m₃ ÷ m₂^1.5; 0 where nothing moved. */
  readonly skew: number;
  /** m₄ ÷ m₂², 3 for a normal distribution, and where nothing moved. */
  readonly kurtosis: number;
  /** How many returns. */
  readonly observations: number;
  /** Round trips. */
  readonly trades: number;
  /** Executions. */
  readonly fills: number;
  readonly totalFees: number;
  /** Null: nothing was lost. */
  readonly profitFactor: number | null;
  readonly exposurePct: number;
}

export function trialFigures(bars: BarColumns, run: BarRun, { cash }: BarMarket): TrialFigures {
  const statistics = new EquityStatistics();
  statistics.begin(cash);
  statistics.take(run.equity, run.equity.length, 0, 1);
  return figuresOf(statistics, run, cash, barsAYearOf(bars));
}

export const barsAYearOf = (bars: Pick<BarColumns, 'openedAt' | 'length'>): number => yearMicros / spacingOf(bars);

/** @param statistics that have taken the whole run */
export function figuresOf(
  statistics: EquityStatistics,
  { fills, totalFees }: Pick<BarRun, 'fills' | 'totalFees'>,
  start: number,
  barsAYear: number,
): TrialFigures {
  statistics.finish();
  const returns = statistics.returns();
  const sharpePerBar = sharpeOf(returns);
  const { trades, profitFactor, barsHeld, openBars } = tallyOf(fills, returns.count);
  return {
    finalEquity: statistics.last,
    returnPct: 100 * (statistics.last / start - 1),
    maxDrawdownPct: 100 * statistics.deepest,
    sharpe: sharpePerBar * Math.sqrt(barsAYear),
    sharpePerBar,
    skew: returns.skew,
    kurtosis: returns.kurtosis,
    observations: returns.count,
    trades,
    fills: fills.length,
    totalFees,
    profitFactor,
    exposurePct: (100 * (barsHeld + openBars)) / returns.count,
  };
}

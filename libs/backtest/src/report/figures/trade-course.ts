import type { ReportTrade } from '../run-record.js';

/** Of the round trips, what the summary does not say. Amounts in the quote asset; null: there was none of that kind. */
export interface TradeCourse {
  /** Fees of the round trips ÷ Σ of what the gaining ones brought before fees, percent. Spread and slippage are in the prices. */
  readonly costSharePct: number | null;
  readonly meanGain: number | null;
  readonly meanLoss: number | null;
  /** Mean gain ÷ mean loss. */
  readonly payoff: number | null;
  readonly gainSecondsMean: number | null;
  readonly lossSecondsMean: number | null;
  readonly longs: number;
  readonly shorts: number;
}

export function tradeCourseOf(trades: readonly ReportTrade[]): TradeCourse {
  const gaining = trades.filter(({ net }) => net > 0);
  const losing = trades.filter(({ net }) => net < 0);
  const fees = trades.reduce((sum, trade) => sum + trade.fees, 0);
  const gross = trades.reduce((sum, trade) => sum + Math.max(trade.net + trade.fees, 0), 0);
  const meanGain = mean(gaining, ({ net }) => net);
  const meanLoss = mean(losing, ({ net }) => -net);
  const shorts = trades.filter(({ side }) => side === 'short').length;
  return {
    costSharePct: gross > 0 ? (100 * fees) / gross : null,
    meanGain,
    meanLoss,
    payoff: meanGain === null || meanLoss === null ? null : meanGain / meanLoss,
    gainSecondsMean: mean(gaining, secondsOf),
    lossSecondsMean: mean(losing, secondsOf),
    longs: trades.length - shorts,
    shorts,
  };
}

const secondsOf = ({ openedAt, closedAt }: ReportTrade): number =>
  (Date.parse(closedAt) - Date.parse(openedAt)) / 1_000;

const mean = (trades: readonly ReportTrade[], of: (trade: ReportTrade) => number): number | null =>
  trades.length === 0 ? null : trades.reduce((sum, trade) => sum + of(trade), 0) / trades.length;

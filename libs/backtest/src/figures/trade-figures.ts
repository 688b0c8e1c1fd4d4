import type { BarTrade } from '../bars/trades.js';

/** Of the round trips. */
export interface TradeFigures {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** wins ÷ trades, percent; null without a trade. */
  readonly winPct: number | null;
  /** Σ gains ÷ Σ losses; null: nothing was lost. */
  readonly profitFactor: number | null;
  /** Mean net of a trade, in the quote asset; null without a trade. */
  readonly expectancy: number | null;
  readonly best: number | null;
  readonly worst: number | null;
  readonly winsInARow: number;
  readonly lossesInARow: number;
  /** Bars in a position ÷ bars, percent. */
  readonly exposurePct: number;
}

export function tradeFigures(trades: readonly BarTrade[], bars: number): TradeFigures {
  let gains = 0;
  let losses = 0;
  let wins = 0;
  let lost = 0;
  let row = 0;
  let winsInARow = 0;
  let lossesInARow = 0;
  let best: number | null = null;
  let worst: number | null = null;
  let inPosition = 0;
  for (const { net, openedBar, closedBar } of trades) {
    inPosition += closedBar - openedBar;
    best = best === null ? net : Math.max(best, net);
    worst = worst === null ? net : Math.min(worst, net);
    if (net > 0) {
      wins += 1;
      gains += net;
      row = row > 0 ? row + 1 : 1;
      winsInARow = Math.max(winsInARow, row);
    } else if (net < 0) {
      lost += 1;
      losses -= net;
      row = row < 0 ? row - 1 : -1;
      lossesInARow = Math.max(lossesInARow, -row);
    }
  }
  const count = trades.length;
  return {
    trades: count,
    wins,
    losses: lost,
    winPct: count === 0 ? null : (100 * wins) / count,
    profitFactor: losses === 0 ? null : gains / losses,
    expectancy: count === 0 ? null : (gains - losses) / count,
    best,
    worst,
    winsInARow,
    lossesInARow,
    exposurePct: (100 * inPosition) / bars,
  };
}

import type { Fills } from '../bars/fills.js';
import { type BarTrade, isClosed } from '../bars/trades.js';

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

/** @param openBars bars of a position that is no round trip yet */
export function tradeFigures(trades: readonly BarTrade[], bars: number, openBars = 0): TradeFigures {
  let wins = 0;
  let lost = 0;
  let row = 0;
  let winsInARow = 0;
  let lossesInARow = 0;
  let best: number | null = null;
  let worst: number | null = null;
  const tally = new TradeTally();
  for (const { net, openedBar, closedBar } of trades) {
    tally.add(net, closedBar - openedBar);
    best = best === null ? net : Math.max(best, net);
    worst = worst === null ? net : Math.min(worst, net);
    if (net > 0) {
      wins += 1;
      row = row > 0 ? row + 1 : 1;
      winsInARow = Math.max(winsInARow, row);
    } else if (net < 0) {
      lost += 1;
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
    profitFactor: tally.profitFactor,
    expectancy: count === 0 ? null : (tally.gains - tally.losses) / count,
    best,
    worst,
    winsInARow,
    lossesInARow,
    exposurePct: (100 * (tally.barsHeld + openBars)) / bars,
  };
}

/** What is summed over round trips. */
export class TradeTally {
  trades = 0;
  gains = 0;
  losses = 0;
  barsHeld = 0;
  /** Of what is still held at the end, which is no round trip. */
  openBars = 0;

  /** Null: nothing was lost. */
  get profitFactor(): number | null {
    return this.losses === 0 ? null : this.gains / this.losses;
  }

  add(net: number, barsHeld: number): void {
    this.trades += 1;
    this.barsHeld += barsHeld;
    if (net > 0) this.gains += net;
    else this.losses -= net;
  }
}

/** The same as over `tripsOf`, without an object for a round trip. */
export function tallyOf(fills: Fills, bars: number): TradeTally {
  const tally = new TradeTally();
  let [openedBar, held, cost, proceeds] = [0, 0, 0, 0];
  for (let index = 0; index < fills.length; index += 1) {
    const quantity = fills.quantity(index);
    const value = fills.price(index) * quantity;
    if (quantity > 0) {
      if (cost === 0) openedBar = fills.bar(index);
      cost += value + fills.fee(index);
    } else proceeds -= value + fills.fee(index);
    held += quantity;
    if (quantity > 0 || !isClosed(held, -quantity)) continue;
    tally.add(proceeds - cost, fills.bar(index) - openedBar);
    held = 0;
    cost = 0;
    proceeds = 0;
  }
  if (cost > 0) tally.openBars = bars - openedBar;
  return tally;
}

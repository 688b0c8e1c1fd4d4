import type { ReportTrade } from '../run-record.js';

/** Round trips that have something in common. */
export interface TradeGroup {
  readonly name: string;
  readonly trades: number;
  readonly wins: number;
  /** After fees, in the quote asset. */
  readonly net: number;
  readonly fees: number;
  /** Mean return of a trade, percent. */
  readonly meanPct: number;
  /** Σ gains ÷ Σ losses; null: nothing was lost. */
  readonly profitFactor: number | null;
}

export interface TradeGroups {
  readonly bySymbol: readonly TradeGroup[];
  readonly byEntryTag: readonly TradeGroup[];
  readonly byExitTag: readonly TradeGroup[];
  readonly byExitReason: readonly TradeGroup[];
}

/** Of each table; what is beyond is told as one row. */
export const groupsMax = 50;
const othersName = 'others';

export const tradeGroupsOf = (trades: readonly ReportTrade[]): TradeGroups => ({
  bySymbol: groupsBy(trades, ({ symbol }) => symbol),
  byEntryTag: groupsBy(trades, ({ entryTag }) => entryTag),
  byExitTag: groupsBy(trades, ({ exitTag }) => exitTag),
  byExitReason: groupsBy(trades, ({ exitReason }) => exitReason),
});

/** The most frequent first; without a name is the empty one. */
export function groupsBy(
  trades: readonly ReportTrade[],
  nameOf: (trade: ReportTrade) => string,
): readonly TradeGroup[] {
  const named = Map.groupBy(trades, nameOf);
  const ordered = [...named].sort(
    ([left, ours], [right, theirs]) => theirs.length - ours.length || (left < right ? -1 : 1),
  );
  const shown = ordered.length > groupsMax ? ordered.slice(0, groupsMax - 1) : ordered;
  const groups = shown.map(([name, members]) => groupOf(name, members));
  const others = ordered.slice(shown.length).flatMap(([, members]) => members);
  return others.length === 0 ? groups : [...groups, groupOf(othersName, others)];
}

function groupOf(name: string, trades: readonly ReportTrade[]): TradeGroup {
  const sum = (of: (trade: ReportTrade) => number): number => trades.reduce((total, trade) => total + of(trade), 0);
  const losses = -sum(({ net }) => Math.min(net, 0));
  return {
    name,
    trades: trades.length,
    wins: trades.filter(({ net }) => net > 0).length,
    net: sum(({ net }) => net),
    fees: sum(({ fees }) => fees),
    meanPct: (100 * sum(({ netShare }) => netShare)) / trades.length,
    profitFactor: losses === 0 ? null : sum(({ net }) => Math.max(net, 0)) / losses,
  };
}

import type { Micros } from '@scalpstorm/kernel';
import type { CycleTrade } from './cycle-trade.js';

/** What was traded live, and what the backtest has for it; one of them may be missing. */
export interface Pair {
  readonly live: CycleTrade | null;
  readonly backtest: CycleTrade | null;
}

/**
 * Trades of one side whose entries are at most so far apart belong together, the nearest first, each once. In the order of their
 * entries.
 */
export function pairTrades(
  live: readonly CycleTrade[],
  backtest: readonly CycleTrade[],
  tolerance: Micros,
): readonly Pair[] {
  const near = live.flatMap((one) =>
    backtest
      .filter((other) => other.side === one.side && apart(one, other) <= tolerance)
      .map((other) => ({ one, other })),
  );
  const taken = new Map<CycleTrade, CycleTrade>();
  for (const { one, other } of near.toSorted((a, b) => apart(a.one, a.other) - apart(b.one, b.other))) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.set(one, other).set(other, one);
  }
  const pairs: readonly Pair[] = [
    ...live.map((one) => ({ live: one, backtest: taken.get(one) ?? null })),
    ...backtest.filter((other) => !taken.has(other)).map((other) => ({ live: null, backtest: other })),
  ];
  return pairs.toSorted((left, right) => openedAt(left) - openedAt(right));
}

export const openedAt = ({ live, backtest }: Pair): number => (live ?? backtest)?.entry.from ?? 0;

const apart = (left: CycleTrade, right: CycleTrade): number => Math.abs(left.entry.from - right.entry.from);

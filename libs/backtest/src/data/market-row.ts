import type { DepthLevel } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';

// What a file says of a market, one thing after another. Rows are written over by the next one: whoever keeps one copies it.

/** A bar as a path of four prices: when each is reached, and which it is, is for the market to say. */
export interface CandleRow {
  readonly kind: 'candle';
  /** 0 at its open, 3 just before its end. */
  readonly stage: 0 | 1 | 2 | 3;
  /** Microseconds since the epoch. */
  readonly openedAt: number;
  readonly length: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In lots; null where the file has none. */
  readonly volume: number | null;
}

export interface TradeRow {
  readonly kind: 'trade';
  readonly ticks: number;
  readonly lots: number;
  readonly aggressor: Side;
}

/** New totals of levels. */
export interface DepthRow {
  readonly kind: 'depth';
  readonly isSnapshot: boolean;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  /** The venue's own counters; null where the file has none. */
  readonly ids: { readonly firstId: number; readonly lastId: number; readonly previousId: number | null } | null;
}

export interface FundingRow {
  readonly kind: 'funding';
  /** Of the value of a position, in 10^-12; who is long pays it where it is above 0. */
  readonly rate: bigint;
}

export type MarketRow = CandleRow | TradeRow | DepthRow | FundingRow;

export const dataKinds = ['candles', 'trades', 'book', 'funding', 'capture'] as const;
export type DataKind = (typeof dataKinds)[number];

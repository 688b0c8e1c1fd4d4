import type { Side, TimeInForce } from '@scalpstorm/model';
import type { MarketRow } from '../data/market-row.js';

/** An order as the venue has it, in whole ticks and lots. */
export interface VenueOrder {
  /** Unique in a run. */
  readonly id: number;
  readonly side: Side;
  /** Null: at the market. */
  readonly limit: number | null;
  readonly timeInForce: TimeInForce;
  left: number;
}

export type VenueEnd = 'unfilled' | 'self-trade' | 'would-take' | 'too-poor';

/** Hears what becomes of orders in a market, at the time when it happens there. */
export interface MarketEar {
  /** Whether an order at the market that would cost so much, in ticks × lots, can be paid. */
  affords(order: VenueOrder, cost: bigint): boolean;
  accepted(order: VenueOrder): void;
  filled(order: VenueOrder, lots: number, ticks: number, liquidity: 'maker' | 'taker'): void;
  ended(order: VenueOrder, end: VenueEnd): void;
}

/** What anybody can see of a market now. Written over; `version` counts. 0 where nothing is known. */
export interface MarketView {
  version: number;
  at: number;
  bid: number;
  bidLots: number;
  ask: number;
  askLots: number;
  last: number;
  lastLots: number;
  /** What of the print counts towards a volume: the volume of a bar is known at its end. */
  counted: number;
  aggressor: Side;
  /** Counts prints, so that who looks can tell whether there was one. */
  prints: number;
}

export const emptyView = (): MarketView => ({
  version: 0,
  at: 0,
  bid: 0,
  bidLots: 0,
  ask: 0,
  askLots: 0,
  last: 0,
  lastLots: 0,
  counted: 0,
  aggressor: 'buy',
  prints: 0,
});

/** A market that our orders meet, made of data. History does not move for them. */
export interface LaneMarket {
  readonly view: MarketView;
  play(row: MarketRow, at: number): void;
  place(order: VenueOrder): void;
  /** True: it was there and is not any more. */
  cancel(order: VenueOrder): boolean;
}

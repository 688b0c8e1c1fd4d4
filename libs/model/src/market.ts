import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId, TradeId } from './ids.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';
import type { Side } from './side.js';

/** A trade between anybody and anybody. */
export interface Trade {
  readonly instrumentId: InstrumentId;
  readonly tradeId: TradeId;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Who took: a `sell` aggressor hit the bids. */
  readonly aggressor: Side;
  readonly occurredAt: Timestamp;
}

/** The best bid and ask with their sizes. */
export interface Quote {
  readonly instrumentId: InstrumentId;
  readonly bidPrice: Price;
  readonly bidQuantity: Quantity;
  readonly askPrice: Price;
  readonly askQuantity: Quantity;
  /** The venue's own counter; only grows. */
  readonly sequence: number;
  readonly occurredAt: Timestamp;
}

export interface BookLevel {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** The top levels of a book, best first. */
export interface BookDepth {
  readonly instrumentId: InstrumentId;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly sequence: number;
  readonly occurredAt: Timestamp;
}

export const timeframes = ['1s', '1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type Timeframe = (typeof timeframes)[number];

/** How long a candle lasts. It begins at whole multiples of it since the epoch, in UTC. */
export const timeframeLength: Readonly<Record<Timeframe, Micros>> = {
  '1s': second,
  '1m': 60 * second,
  '5m': 300 * second,
  '15m': 900 * second,
  '1h': 3_600 * second,
  '4h': 14_400 * second,
  '1d': 86_400 * second,
};

/** A half-open interval [openedAt, openedAt + timeframe). */
export interface Candle {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly openedAt: Timestamp;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
  readonly trades: number;
  readonly closed: boolean;
}

/** Can the feed of an instrument be traded on? */
export interface FeedStatus {
  readonly instrumentId: InstrumentId;
  readonly state: 'live' | 'stale' | 'resyncing' | 'disconnected';
  readonly detail: string;
  /** When anything was last heard; null before the first event. */
  readonly lastEventAt: Timestamp | null;
  /** How far the clock of the venue is ahead of ours; absent or null before it was measured. */
  readonly clockOffset?: Micros | null;
  /** How wrong that may be: half the round trip of the measurement. */
  readonly clockUncertainty?: Micros | null;
}

import type { Timestamp } from '@scalpstorm/kernel';
import type {
  BookDepth,
  Candle,
  FeedStatus,
  Instrument,
  InstrumentId,
  Quote,
  Timeframe,
  Trade,
  VenueId,
} from '@scalpstorm/model';
import type { CircuitState } from './circuit.js';
import type { ClockOffset } from './clock-offset.js';

/** A trade with the venue's own counter. */
export interface SequencedTrade {
  readonly trade: Trade;
  /** Grows by exactly one from trade to trade of an instrument; null where the venue has no such counter. */
  readonly sequence: number | null;
}

/** Hears one instrument. Called in the order of arrival, never concurrently; must not throw. */
export interface FeedListener {
  /** As the socket delivered it: a repeated, missing or late sequence is for the listener to judge. */
  onTrade(trade: SequencedTrade): void;
  /** Only when best bid or ask changed in price or size; `sequence` only grows. */
  onQuote(quote: Quote): void;
  /** A book that is in step with the venue; never sent while it is being synchronised. */
  onDepth(depth: BookDepth): void;
  /** `live` after (re)synchronisation, `resyncing` after a gap in the book, `disconnected` while there is no socket. */
  onStatus(status: FeedStatus): void;
}

export interface FeedSubscription {
  /** What it tells is not what the venue has: connects and subscribes anew. `onStatus` tells what becomes of it. */
  restart(detail: string): void;
  close(): Promise<void>;
}

/**
 * Public market data of one venue. Reconnects by itself with exponential back-off and jitter, for ever; what was
 * missed meanwhile is asked for with `trades` and `candles`.
 * Questions throw `VenueUnreachable` (weather) or `VenueRefused`.
 */
export abstract class MarketFeed {
  abstract readonly venue: VenueId;
  /** Everything that the venue lets trade and that our numbers can express. */
  abstract instruments(): Promise<readonly Instrument[]>;
  /**
   * Resolves when the instrument and the venue's time are known; `onStatus` tells when it is live. One subscription an instrument.
   * Before the first measurement of `clockOffset` no event is told: nobody could say how old it is.
   */
  abstract open(instrumentId: InstrumentId, listener: FeedListener): Promise<FeedSubscription>;
  /**
   * Candles opened at or after `since`, oldest first, at most `limit` (≤ 1000). `closed` is told only of those that were over, and had
   * all their trades, when the venue was asked: they are final. Only the newest may be open.
   */
  abstract candles(
    instrumentId: InstrumentId,
    timeframe: Timeframe,
    since: Timestamp,
    limit: number,
  ): Promise<readonly Candle[]>;
  /** Trades from a sequence on (inclusive), oldest first, at most `limit` (≤ 1000); may begin later where the venue forgot. */
  abstract trades(instrumentId: InstrumentId, fromSequence: number, limit: number): Promise<readonly SequencedTrade[]>;
  /**
   * Best prices of now, for when the sockets are down: one request for all of them where the venue offers it. An instrument without a
   * bid or an ask is left out. `sequence` is 0 where the venue does not count them; `occurredAt` is the venue's time of the price, or
   * of the question.
   */
  abstract quotes(instrumentIds: readonly InstrumentId[]): Promise<readonly Quote[]>;
  /** Asks the venue for its time and updates `clockOffset`. */
  abstract serverTime(): Promise<Timestamp>;
  /** Null before the first measurement. */
  abstract readonly clockOffset: ClockOffset | null;
  /** Closed for a venue that has no breaker. */
  get circuit(): CircuitState {
    return 'closed';
  }
  abstract close(): Promise<void>;
}

import type { Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId, Quote, Trade } from '@scalpstorm/model';

/** Hears one market. `toldAt`: when market-data told it, by our clock, and never later than it was heard. */
export interface MarketListener {
  onQuote(quote: Quote, toldAt: Timestamp): void;
  onTrade(trade: Trade, toldAt: Timestamp): void;
  onStatus(status: FeedStatus, toldAt: Timestamp): void;
}

/** What market-data says, of one instrument at a time. */
export abstract class MarketEar {
  /** From when it resolves until the process ends. Called once for an instrument. */
  abstract listen(instrumentId: InstrumentId, listener: MarketListener): Promise<void>;
}

import type { Prices } from '@scalpstorm/engine';
import { second, type Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, Price, Quote, Trade } from '@scalpstorm/model';

/** Market-data speaks of every feed once a second. */
const ageMax = 5 * second;

/** What execution knows of one market while it watches triggers there. */
export class EmulatedMarket {
  private bid: Price | null = null;
  private ask: Price | null = null;
  private last: Price | null = null;
  private feed: FeedStatus['state'] = 'disconnected';
  /** When market-data told the newest thing, by our clock. */
  private toldAt: Timestamp | null = null;

  onQuote({ bidPrice, askPrice }: Quote, toldAt: Timestamp): void {
    this.bid = bidPrice;
    this.ask = askPrice;
    this.toldAt = toldAt;
  }

  onTrade({ price }: Trade, toldAt: Timestamp): void {
    this.last = price;
    this.toldAt = toldAt;
  }

  onStatus({ state }: FeedStatus, toldAt: Timestamp): void {
    this.feed = state;
    if (state === 'live') this.toldAt = toldAt;
    // What was known when the feed was lost may be long over when it is back.
    else this.forget();
  }

  /** Null: too old, crossed, or of a feed that is not live. Nothing is decided by that. */
  prices(now: Timestamp): Prices | null {
    const { bid, ask, last, feed, toldAt } = this;
    if (feed !== 'live' || toldAt === null || now - toldAt > ageMax) return null;
    if (bid !== null && ask !== null && bid > ask) return null;
    return { bid, ask, last };
  }

  private forget(): void {
    this.bid = null;
    this.ask = null;
    this.last = null;
  }
}

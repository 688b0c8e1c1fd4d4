import type { MarketView } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId, Price, Quote, Trade } from '@scalpstorm/model';

/** The newest of every instrument that is heard; their number is what the venues list. */
export class MarketViews {
  private readonly views = new Map<InstrumentId, MarketView>();
  private readonly lastPrices = new Map<InstrumentId, Price>();

  get(id: InstrumentId): MarketView | null {
    return this.views.get(id) ?? null;
  }

  /** Marks of everything that is held: last trades, or else the middle of the book. */
  get marks(): ReadonlyMap<InstrumentId, Price> {
    return this.lastPrices;
  }

  onQuote(quote: Quote, heardAt: Timestamp): void {
    const before = this.views.get(quote.instrumentId);
    const { bidPrice, askPrice } = quote;
    this.views.set(quote.instrumentId, {
      feed: before?.feed ?? 'live',
      bid: bidPrice,
      ask: askPrice,
      last: before?.last ?? null,
      occurredAt: heardAt,
    });
    if (!this.lastPrices.has(quote.instrumentId)) {
      this.lastPrices.set(quote.instrumentId, ((bidPrice + askPrice) / 2n) as Price);
    }
  }

  onTrade(trade: Trade, heardAt: Timestamp): void {
    const before = this.views.get(trade.instrumentId);
    this.views.set(trade.instrumentId, {
      feed: before?.feed ?? 'live',
      bid: before?.bid ?? null,
      ask: before?.ask ?? null,
      last: trade.price,
      occurredAt: heardAt,
    });
    this.lastPrices.set(trade.instrumentId, trade.price);
  }

  /** A feed that is live has been heard of just now, even when no price moved. */
  onStatus(status: FeedStatus, heardAt: Timestamp): void {
    const before = this.views.get(status.instrumentId);
    const occurredAt = status.state === 'live' ? heardAt : (before?.occurredAt ?? heardAt);
    const { bid = null, ask = null, last = null } = before ?? {};
    this.views.set(status.instrumentId, { feed: status.state, bid, ask, last, occurredAt });
  }
}

import { Timestamp } from '@scalpstorm/kernel';
import { type Quote, type Trade, TradeId } from '@scalpstorm/model';
import { emptyView, type MarketView } from './lane-market.js';
import type { Listing } from './venue.js';

/** A market as bots have heard of it. Objects are made when somebody looks, once a version. */
export class ToldMarket {
  private view: MarketView;
  private quoteOf = -1;
  private quoteMade: Quote | null = null;
  private tradeOf = -1;
  private tradeMade: Trade | null = null;

  /** @param isLate bots hear of it later than it happens, so that a copy is kept of what they know */
  constructor(
    readonly listing: Listing,
    isLate: boolean,
  ) {
    this.view = isLate ? emptyView() : listing.market.view;
  }

  /** What happened some time ago is heard. */
  hear(view: MarketView): void {
    this.view = view;
  }

  get version(): number {
    return this.view.version;
  }
  get prints(): number {
    return this.view.prints;
  }

  get quote(): Quote | null {
    const { view, listing } = this;
    if (this.quoteOf === view.version) return this.quoteMade;
    this.quoteOf = view.version;
    this.quoteMade =
      view.bid === 0 || view.ask === 0
        ? null
        : {
            instrumentId: listing.instrument.id,
            bidPrice: listing.scale.price(view.bid),
            bidQuantity: listing.scale.quantity(view.bidLots),
            askPrice: listing.scale.price(view.ask),
            askQuantity: listing.scale.quantity(view.askLots),
            sequence: view.version,
            occurredAt: Timestamp.fromMicros(view.at),
          };
    return this.quoteMade;
  }

  get trade(): Trade | null {
    const { view, listing } = this;
    if (this.tradeOf === view.prints) return this.tradeMade;
    this.tradeOf = view.prints;
    this.tradeMade =
      view.prints === 0
        ? null
        : {
            instrumentId: listing.instrument.id,
            tradeId: TradeId.of(`m${view.prints}`),
            price: listing.scale.price(view.last),
            quantity: listing.scale.quantity(view.lastLots),
            aggressor: view.aggressor,
            occurredAt: Timestamp.fromMicros(view.at),
          };
    return this.tradeMade;
  }
}

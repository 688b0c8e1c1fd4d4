import type { InstrumentId, Quote, Trade } from '@scalpstorm/model';
import { Market } from '../ports/directory.js';

/** The newest quote and trade an instrument; the number of instruments is what the venues list, so it is bounded. */
export class MemoryMarket extends Market {
  private readonly quotes = new Map<InstrumentId, Quote>();
  private readonly trades = new Map<InstrumentId, Trade>();

  quote(id: InstrumentId): Quote | null {
    return this.quotes.get(id) ?? null;
  }

  trade(id: InstrumentId): Trade | null {
    return this.trades.get(id) ?? null;
  }

  rememberQuote(quote: Quote): void {
    this.quotes.set(quote.instrumentId, quote);
  }

  rememberTrade(trade: Trade): void {
    this.trades.set(trade.instrumentId, trade);
  }

  forget(id: InstrumentId): void {
    this.quotes.delete(id);
    this.trades.delete(id);
  }
}

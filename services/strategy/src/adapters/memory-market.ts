import { second, type Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId, Quote, Trade } from '@scalpstorm/model';
import { Market } from '../ports/directory.js';

/** market-data repeats itself every second in a quiet market too: after this long it is gone, and its prices with it. */
const silenceMax = 5 * second;

interface View {
  readonly state: FeedStatus['state'];
  readonly quote: Quote | null;
  readonly trade: Trade | null;
  /** By our clock, when the feed was last heard of as live. */
  readonly heardAt: Timestamp;
}

/** In memory; the number of instruments is what the venues list, so it is bounded. */
export class MemoryMarket extends Market {
  private readonly views = new Map<InstrumentId, View>();

  quote(id: InstrumentId, now: Timestamp): Quote | null {
    return this.fresh(id, now)?.quote ?? null;
  }

  trade(id: InstrumentId, now: Timestamp): Trade | null {
    return this.fresh(id, now)?.trade ?? null;
  }

  onQuote(quote: Quote, now: Timestamp): boolean {
    const view = this.view(quote.instrumentId, now);
    if (view.state === 'live') this.views.set(quote.instrumentId, { ...view, quote, heardAt: now });
    return view.state === 'live';
  }

  onTrade(trade: Trade, now: Timestamp): boolean {
    const view = this.view(trade.instrumentId, now);
    if (view.state === 'live') this.views.set(trade.instrumentId, { ...view, trade, heardAt: now });
    return view.state === 'live';
  }

  /** What was heard before a feed broke is not the market after it: a feed that is live again begins with nothing. */
  onStatus({ instrumentId, state }: FeedStatus, now: Timestamp): void {
    const { quote, trade } = this.view(instrumentId, now);
    const kept = state === 'live' ? { quote, trade } : { quote: null, trade: null };
    this.views.set(instrumentId, { ...kept, state, heardAt: now });
  }

  /** A feed of which no state was heard yet speaks for itself by its prices. */
  private view(id: InstrumentId, now: Timestamp): View {
    const known = this.views.get(id);
    if (!known) return { state: 'live', quote: null, trade: null, heardAt: now };
    return now - known.heardAt > silenceMax ? { ...known, quote: null, trade: null } : known;
  }

  private fresh(id: InstrumentId, now: Timestamp): View | null {
    const view = this.views.get(id);
    return view && now - view.heardAt <= silenceMax ? view : null;
  }
}

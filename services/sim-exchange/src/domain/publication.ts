import { Changes } from './changes.js';
import type { Journal } from './journal.js';
import type { Market } from './market.js';
import type { Settled } from './settlement.js';
import type { VenueNews } from './venue-news.js';

/** What happened goes out together: into the journal first, then to whoever must hear of it. */
export class Publication {
  readonly changes = new Changes();
  private untold: { readonly market: Market; readonly item: Settled }[] = [];
  private readonly moved = new Set<Market>();
  private depth = 0;
  private holdsQuotes = false;

  constructor(
    private readonly news: VenueNews,
    private readonly journal: Journal,
  ) {}

  add(market: Market, item: Settled): void {
    this.untold.push({ market, item });
  }

  /** The book of a market changed: its best quote may be another one. */
  move(market: Market): void {
    this.moved.add(market);
  }

  /** All that happens inside is written down as one, and then told. After an exception nothing is: the process must end. */
  atomically<Result>(work: () => Result): Result {
    this.depth += 1;
    const result = work();
    this.depth -= 1;
    if (this.depth === 0) this.publish();
    return result;
  }

  /** Many changes that the world sees as one: the best quote is told after the last of them. */
  asOne(market: Market, changes: () => void): void {
    const wasHolding = this.holdsQuotes;
    this.holdsQuotes = true;
    try {
      changes();
    } finally {
      this.holdsQuotes = wasHolding;
    }
    if (!wasHolding) this.tellQuote(market);
  }

  private publish(): void {
    if (!this.changes.isEmpty) {
      this.journal.write(this.changes);
      this.changes.clear();
    }
    const { untold } = this;
    if (untold.length > 0) this.untold = [];
    for (const { market, item } of untold) this.tell(market, item);
    if (!this.holdsQuotes) for (const market of this.moved) this.tellQuote(market);
    this.moved.clear();
  }

  private tellQuote(market: Market): void {
    const quote = market.changedQuote();
    if (quote !== null) this.news.quoteChanged(market, quote);
  }

  private tell(market: Market, item: Settled): void {
    switch (item.kind) {
      case 'trade':
        this.news.traded(market, item.trade);
        return;
      case 'order':
        this.news.orderChanged(item.account, item.order, item.change);
        return;
      case 'balances':
        this.news.balancesChanged(item.account, item.assets);
    }
  }
}

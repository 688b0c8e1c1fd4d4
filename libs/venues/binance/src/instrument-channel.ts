import type { Timestamp } from '@scalpstorm/kernel';
import type { BookLevel, FeedStatus, InstrumentId, Quote } from '@scalpstorm/model';
import type { FeedListener } from '@scalpstorm/venue-api';
import { backoffDelay } from './backoff.js';
import { BookSync } from './book-sync.js';
import type { ResolvedOptions } from './options.js';
import {
  type PublicEvent,
  parseDepthSnapshot,
  parseDepthUpdate,
  parseQuote,
  parseStreamTrade,
} from './parse-market.js';
import type { BinanceRest } from './rest.js';

/** What the feed publishes of a book. */
export const depthLevels = 20;
const snapshotLevels = 1_000;

/** One instrument on a socket: its trades, its best prices and its book in step with the venue. */
export class InstrumentChannel {
  private readonly book = new BookSync();
  private quote: Quote | null = null;
  private lastEventAt: Timestamp | null = null;
  private bookEventAt: Timestamp | null = null;
  /** Counts the resynchronisations; an older one that still runs gives up. */
  private generation = 0;

  constructor(
    readonly instrumentId: InstrumentId,
    readonly symbol: string,
    private readonly listener: FeedListener,
    private readonly rest: BinanceRest,
    private readonly options: ResolvedOptions,
  ) {}

  /** @throws UnreadablePayload */
  hear(event: Extract<PublicEvent, { symbol: string }>): void {
    const receivedAt = this.rest.venueTime();
    this.lastEventAt = receivedAt;
    if (event.kind === 'trade') this.listener.onTrade(parseStreamTrade(event.fields, this.instrumentId));
    else if (event.kind === 'quote') this.offerQuote(parseQuote(event.fields, this.instrumentId, receivedAt));
    else this.hearDepth(event);
  }

  /** Subscribed (again): the venue may have begun to count anew, so nothing old is compared with. */
  subscribed(): void {
    this.quote = null;
    this.book.reset();
    this.resynchronize('subscribed');
  }

  lost(detail: string): void {
    this.generation += 1;
    this.book.reset();
    this.tell('disconnected', detail);
  }

  stop(): void {
    this.generation += 1;
  }

  private hearDepth(event: Extract<PublicEvent, { symbol: string }>): void {
    const update = parseDepthUpdate(event.fields);
    const step = this.book.update(update);
    if (step === 'gap') {
      this.options.onNotice({
        code: 'BOOK_GAP',
        text: `${this.instrumentId}: an update is missing before ${update.first}`,
      });
      this.resynchronize('gap in the book');
    } else if (step === 'applied') {
      this.publishBook(update.occurredAt);
    } else {
      this.bookEventAt = update.occurredAt;
    }
  }

  private resynchronize(detail: string): void {
    this.generation += 1;
    this.tell('resyncing', detail);
    void this.fetchBook(this.generation);
  }

  /** Until a snapshot fits what the stream has sent since; a failure is retried for ever, with back-off. */
  private async fetchBook(generation: number): Promise<void> {
    for (let attempt = 0; this.generation === generation; attempt += 1) {
      try {
        const snapshot = await this.rest.ask({
          cost: { weight: 50, orders: 0 },
          priority: 'normal',
          send: (exchange) => exchange.publicGetDepth({ symbol: this.symbol, limit: snapshotLevels }),
          read: parseDepthSnapshot,
        });
        if (this.generation !== generation) return;
        if (this.book.snapshot(snapshot)) {
          this.publishBook(this.bookEventAt ?? this.rest.venueTime());
          this.tell('live', `book in step at ${this.book.sequence}`);
          return;
        }
      } catch (error) {
        if (this.generation === generation)
          this.tell('resyncing', error instanceof Error ? error.message : String(error));
      }
      const delay = backoffDelay(attempt, this.options.backoff, this.options.rng);
      await new Promise((resolve) => setTimeout(resolve, delay / 1_000).unref());
    }
  }

  private publishBook(occurredAt: Timestamp): void {
    const { instrumentId } = this;
    const { bids, asks } = this.book.top(depthLevels);
    const { sequence } = this.book;
    this.listener.onDepth({ instrumentId, bids, asks, sequence, occurredAt });
    this.offerBest(bids[0], asks[0], occurredAt);
  }

  /** The book tells the best prices too: at once after a snapshot, and when a book ticker got lost. */
  private offerBest(bid: BookLevel | undefined, ask: BookLevel | undefined, occurredAt: Timestamp): void {
    if (bid === undefined || ask === undefined) return;
    this.offerQuote({
      instrumentId: this.instrumentId,
      bidPrice: bid.price,
      bidQuantity: bid.quantity,
      askPrice: ask.price,
      askQuantity: ask.quantity,
      sequence: this.book.sequence,
      occurredAt,
    });
  }

  /** Book ticker and book share the venue's counter: the greater one is the newer. */
  private offerQuote(quote: Quote): void {
    const { quote: last } = this;
    if (last !== null && quote.sequence <= last.sequence) return;
    this.quote = quote;
    if (last === null || !samePrices(last, quote)) this.listener.onQuote(quote);
  }

  private tell(state: FeedStatus['state'], detail: string): void {
    this.listener.onStatus({ instrumentId: this.instrumentId, state, detail, lastEventAt: this.lastEventAt });
  }
}

const samePrices = (left: Quote, right: Quote): boolean =>
  left.bidPrice === right.bidPrice &&
  left.askPrice === right.askPrice &&
  left.bidQuantity === right.bidQuantity &&
  left.askQuantity === right.askQuantity;

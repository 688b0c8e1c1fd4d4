import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { BookLevel, FeedStatus, InstrumentId, Quote } from '@scalpstorm/model';
import { type FeedListener, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { backoffDelay } from './backoff.js';
import { BookSync, type DepthSnapshot } from './book-sync.js';
import type { ResolvedOptions } from './options.js';
import {
  type PublicEvent,
  parseDepthSnapshot,
  parseDepthUpdate,
  parseQuote,
  parseStreamTrade,
} from './parse-market.js';
import { pause } from './request-ends.js';
import type { BinanceRest } from './rest.js';

/** What the feed publishes of a book. */
export const depthLevels = 20;
const snapshotLevels = 1_000;
/** What a book is compared with when it fell silent: the venue's counter is enough. */
const probeLevels = 5;
const probePause: Micros = second;
/** A market that stays quiet is asked less and less often: times the first interval. */
const quietFactorMax = 64;

export interface ChannelSurroundings {
  readonly rest: BinanceRest;
  readonly options: ResolvedOptions;
  /** The stream is not what the venue has: connect anew. */
  readonly restart: (channel: InstrumentChannel, detail: string) => void;
}

/** One instrument on a socket: its trades, its best prices and its book in step with the venue. */
export class InstrumentChannel {
  private readonly rest: BinanceRest;
  private readonly options: ResolvedOptions;
  private readonly restart: ChannelSurroundings['restart'];
  private readonly book = new BookSync();
  private quote: Quote | null = null;
  private lastEventAt: Timestamp | null = null;
  private bookEventAt: Timestamp | null = null;
  /** Of the connection that it is on now; an older one that still runs gives up. */
  private running = new AbortController();
  private subscribedAt: Timestamp | null = null;
  private bookHeardAt: Timestamp;
  private bookProbeAfter: Micros;

  constructor(
    readonly instrumentId: InstrumentId,
    readonly symbol: string,
    private readonly listener: FeedListener,
    { rest, options, restart }: ChannelSurroundings,
  ) {
    this.rest = rest;
    this.options = options;
    this.restart = restart;
    this.bookHeardAt = options.clock.now();
    this.bookProbeAfter = options.silenceMax;
  }

  /** Null while it is not subscribed. */
  get subscribedSince(): Timestamp | null {
    return this.subscribedAt;
  }

  /** @throws UnreadablePayload */
  hear(event: Extract<PublicEvent, { symbol: string }>): void {
    const receivedAt = this.rest.venueTime();
    this.lastEventAt = receivedAt;
    // Compared with nothing yet: the snapshot that is asked for once it is subscribed has it.
    if (this.subscribedAt === null && event.kind !== 'trade') return;
    if (event.kind === 'trade') this.listener.onTrade(parseStreamTrade(event.fields, this.instrumentId));
    else if (event.kind === 'quote') this.offerQuote(parseQuote(event.fields, this.instrumentId, receivedAt));
    else this.hearDepth(event);
  }

  /** Subscribed (again): the venue may have begun to count anew, so nothing old is compared with. */
  subscribed(): void {
    this.quote = null;
    this.bookEventAt = null;
    this.book.reset();
    this.subscribedAt = this.options.clock.now();
    this.bookHeardAt = this.subscribedAt;
    this.bookProbeAfter = this.options.silenceMax;
    this.resynchronize('subscribed');
  }

  lost(detail: string): void {
    this.subscribedAt = null;
    this.running.abort();
    this.book.reset();
    this.tell('disconnected', detail);
  }

  stop(): void {
    this.subscribedAt = null;
    this.running.abort();
  }

  /** Called now and then: a book that says nothing may be quiet, or dead. The venue's own counter tells. */
  watch(): void {
    const now = this.options.clock.now();
    if (!this.book.synced || now - this.bookHeardAt < this.bookProbeAfter) return;
    this.bookHeardAt = now;
    this.bookProbeAfter = Math.min(this.bookProbeAfter * 2, this.options.silenceMax * quietFactorMax);
    void this.probeBook(this.running.signal);
  }

  private async probeBook(signal: AbortSignal): Promise<void> {
    try {
      const { last } = await this.fetchDepth(probeLevels, signal);
      // A change that is in the answer may still be on its way to us.
      await pause(probePause, signal);
      if (signal.aborted || !this.book.synced || this.book.sequence >= last) return;
      const text = `${this.instrumentId}: at ${this.book.sequence}, the venue is at ${last}`;
      this.options.onNotice({ code: 'BOOK_STALE', text });
      this.restart(this, `the book fell silent: ${text}`);
    } catch (error) {
      // The venue does not answer; the watch over the socket and the next probe say more.
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
    }
  }

  private hearDepth(event: Extract<PublicEvent, { symbol: string }>): void {
    const update = parseDepthUpdate(event.fields);
    this.bookHeardAt = this.options.clock.now();
    this.bookProbeAfter = this.options.silenceMax;
    this.bookEventAt = update.occurredAt;
    const step = this.book.update(update);
    if (step === 'gap') {
      this.options.onNotice({
        code: 'BOOK_GAP',
        text: `${this.instrumentId}: an update is missing before ${update.first}`,
      });
      this.resynchronize('gap in the book');
    } else if (step === 'applied') {
      this.publishBook(update.occurredAt);
    }
  }

  private resynchronize(detail: string): void {
    this.running.abort();
    this.running = new AbortController();
    this.tell('resyncing', detail);
    void this.fetchBook(this.running.signal);
  }

  /** Until a snapshot fits what the stream has sent since; a failure is retried for ever, with back-off. */
  private async fetchBook(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const { askedAt, ...snapshot } = await this.fetchDepth(snapshotLevels, signal);
        if (signal.aborted) return;
        if (this.book.snapshot(snapshot)) {
          // As old as the question; newer where the stream has gone on since.
          this.publishBook(Timestamp.fromMicros(Math.max(this.bookEventAt ?? askedAt, askedAt)));
          this.tell('live', `book in step at ${this.book.sequence}`);
          return;
        }
      } catch (error) {
        if (!signal.aborted) this.tell('resyncing', error instanceof Error ? error.message : String(error));
      }
      await pause(backoffDelay(attempt, this.options.backoff, this.options.rng), signal);
    }
  }

  private fetchDepth(limit: number, signal: AbortSignal): Promise<DepthSnapshot & { readonly askedAt: Timestamp }> {
    let askedAt = this.rest.venueTime();
    return this.rest.ask({
      cost: { weight: limit <= 100 ? 5 : 50, orders: 0 },
      priority: 'read',
      signal,
      send: (exchange) => {
        askedAt = this.rest.venueTime();
        return exchange.publicGetDepth({ symbol: this.symbol, limit });
      },
      read: (payload) => ({ ...parseDepthSnapshot(payload), askedAt }),
    });
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

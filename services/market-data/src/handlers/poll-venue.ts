import type { Clock, Micros, Timestamp } from '@scalpstorm/kernel';
import type { Log } from '@scalpstorm/observability';
import { type MarketFeed, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import type { MarketMetrics } from '../market-metrics.js';
import type { InstrumentFollower } from './instrument-follower.js';

export interface PollSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MarketMetrics;
  /** Between two rounds. */
  readonly every: Micros;
}

/** The venue gives no more in one answer. */
const tradesMax = 1_000;

/**
 * Asks one venue for prices while its sockets are down. A round is one question for the best prices of all, and one for the trades
 * of a single instrument, in turns: trades are dear, and the budget is the same that orders are sent from. One round at a time.
 */
export class PollVenue {
  private dueAt: Timestamp | null = null;
  private turn = 0;
  private asking = false;
  private polled = 0;
  private complained = false;

  constructor(
    private readonly feed: MarketFeed,
    private readonly around: PollSurroundings,
  ) {}

  /** Called often, with all that are followed at the venue; asks when it is due, for those whose socket is down. */
  tick(followers: readonly InstrumentFollower[]): void {
    const down = followers.filter((follower) => follower.wantsPolling);
    this.note(down.length);
    const now = this.around.clock.now();
    if (down.length === 0 || this.asking || (this.dueAt !== null && now < this.dueAt)) return;
    this.dueAt = (now + this.around.every) as Timestamp;
    void this.round(down);
  }

  private async round(down: readonly InstrumentFollower[]): Promise<void> {
    const { metrics, log } = this.around;
    const { venue } = this.feed;
    this.asking = true;
    try {
      await this.askQuotes(down);
      await this.askTrades(down);
      metrics.polled(venue, 'answered');
      this.complained = false;
    } catch (error) {
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
      metrics.polled(venue, 'failed');
      if (!this.complained)
        log.warn({ venue, code: error.code, error }, 'the sockets are down, and the venue answers no questions');
      this.complained = true;
    } finally {
      this.asking = false;
    }
  }

  private async askQuotes(down: readonly InstrumentFollower[]): Promise<void> {
    const byId = new Map(down.map((follower) => [follower.instrument.id, follower]));
    for (const quote of await this.feed.quotes([...byId.keys()])) byId.get(quote.instrumentId)?.polledQuote(quote);
  }

  private async askTrades(down: readonly InstrumentFollower[]): Promise<void> {
    const follower = down[this.turn % down.length];
    this.turn += 1;
    if (follower === undefined) return;
    const { newestTrade, instrument } = follower;
    // Whoever has heard none begins with the newest: what was before that is in the venue's candles.
    const from = newestTrade === null ? 0 : newestTrade + 1;
    follower.polledTrades(await this.feed.trades(instrument.id, from, tradesMax));
  }

  private note(count: number): void {
    const { log, metrics } = this.around;
    if (count === this.polled) return;
    const { venue } = this.feed;
    metrics.pollingNow(venue, count);
    if (this.polled === 0) log.warn({ venue, instruments: count }, 'the sockets are down: prices are asked for');
    if (count === 0)
      log.info({ venue }, 'the sockets are back, or nothing is followed: no prices are asked for any more');
    this.polled = count;
  }
}

import { assert, type Clock, seededRng } from '@scalpstorm/kernel';
import type { VenueId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { MarketFeed, RateLedger } from '@scalpstorm/venue-api';
import { BinanceMarketFeed, type VenueNotice } from '@scalpstorm/venue-binance';
import type { MarketVenue } from '../config.js';
import type { Selection } from '../domain/selection.js';
import type { MarketMetrics } from '../market-metrics.js';
import { VenueFeeds } from '../ports/venue-feeds.js';

export interface FeedSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MarketMetrics;
  /** What is shared with everybody who asks these venues. */
  readonly ledger: RateLedger | null;
}

/** Venues that speak the Binance protocol, the simulated exchange among them. */
export class BinanceVenueFeeds extends VenueFeeds {
  /** Loads the client library; connects to nothing yet. */
  static async create(venues: readonly MarketVenue[], around: FeedSurroundings): Promise<BinanceVenueFeeds> {
    const feeds = new Map<VenueId, MarketFeed>();
    for (const { selection, addresses } of venues) {
      const { venue } = selection;
      const log = around.log.child({ venue });
      const onNotice = ({ code, text }: VenueNotice): void => {
        around.metrics.noticed(code);
        if (code === 'CLOCK_MEASURED') log.debug({ code }, text);
        else log.warn({ code }, text);
      };
      // Only the jitter of reconnects hangs on it: every process has to draw its own.
      const rng = seededRng(around.clock.now() % 2 ** 31);
      const { clock, ledger } = around;
      feeds.set(venue, await BinanceMarketFeed.create({ venue, addresses, clock, ledger, rng, onNotice }));
    }
    return new BinanceVenueFeeds(
      venues.map(({ selection }) => selection),
      feeds,
    );
  }

  private constructor(
    readonly selections: readonly Selection[],
    private readonly feeds: ReadonlyMap<VenueId, MarketFeed>,
  ) {
    super();
  }

  feed(venue: VenueId): MarketFeed {
    const feed = this.feeds.get(venue);
    assert(feed !== undefined, `no selection names the venue ${venue}`);
    return feed;
  }

  async close(): Promise<void> {
    await Promise.all([...this.feeds.values()].map((feed) => feed.close()));
  }
}

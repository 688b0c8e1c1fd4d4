import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { moveBps, type PriceWindow, staleFeeds, withPrice } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type InstrumentId, Price, RiskScope, VenueId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { BreakerRules } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { TripPace } from '../domain/trip-pace.js';
import type { Tripped } from '../ports/trips.js';
import { Breakers } from './breakers.js';

const everyMs = 1_000;

type Found = Pick<Tripped, 'scope' | 'breaker' | 'limit' | 'value' | 'text'>;

/** Holds instruments that move too fast, and instruments and venues whose prices have gone. Off the way of orders, and off until it is set. */
@Injectable()
export class WatchMarkets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly windows = new Map<InstrumentId, PriceWindow>();
  private readonly pace = new TripPace();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly market: MarketViews,
    private readonly breakers: Breakers,
    private readonly rules: BreakerRules,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { moveBpsMax, staleMax } = this.rules.market;
    if (moveBpsMax !== null) this.market.watch((id) => this.followPrice(id, moveBpsMax));
    if (staleMax !== null) this.timer = setInterval(() => this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  round(): void {
    const { staleMax } = this.rules.market;
    if (staleMax === null || !this.breakers.isRunning) return;
    const now = this.clock.now();
    const feeds = [...this.market.all()].map(([instrumentId, { occurredAt: knownUntil }]) => ({
      instrumentId,
      venue: VenueId.of(instrumentId.slice(0, instrumentId.indexOf(':'))),
      knownUntil,
    }));
    const { venues, instruments } = staleFeeds(feeds, now, staleMax);
    const limit = `${staleMax / second} s`;
    const text = `Prices: none that is live for more than ${limit}`;
    const found = { breaker: 'feed-stale', limit, value: `more than ${limit}`, text } as const;
    for (const venue of venues) this.trip({ ...found, scope: RiskScope.venue(venue) });
    for (const id of instruments) this.trip({ ...found, scope: RiskScope.instrument(id) });
  }

  private followPrice(id: InstrumentId, bpsMax: number): void {
    const view = this.market.get(id);
    const price = view === null ? null : priceOf(view);
    if (price === null || price <= 0n) return;
    const { moveWithin } = this.rules.market;
    const before = this.windows.get(id) ?? [];
    const window = withPrice(before, price, this.clock.now(), moveWithin);
    if (window === before) return;
    this.windows.set(id, window);
    const moved = moveBps(window);
    if (moved <= bpsMax || !this.breakers.isRunning) return;
    const within = `within ${moveWithin / second} s`;
    this.trip({
      scope: RiskScope.instrument(id),
      breaker: 'price-move',
      limit: `${bpsMax} bps`,
      value: `${moved} bps`,
      text: `Price move: ${moved} bps ${within}, at most ${bpsMax}`,
    });
  }

  private trip(found: Found): void {
    const { market, state, needsPerson } = this.rules;
    const now = this.clock.now();
    const isDue = this.pace.isDue(`${found.breaker} ${RiskScope.format(found.scope)}`, now, market.coolDown);
    // What somebody has released since trips at once while it goes on, whoever held it before.
    if (!isDue && this.breakers.isHeld(found.scope)) return;
    const until = Timestamp.plus(now, market.coolDown);
    // It holds from the call on, and a price waits for no disk.
    this.breakers.trip({ ...found, ownerId: null, state, until, needsPerson }).catch((error: unknown) => {
      this.log.error(
        { scope: RiskScope.format(found.scope), error },
        'a market is held, but that could not be written down',
      );
    });
  }
}

/** The middle of the book, else the last trade: what orders are judged by. */
function priceOf({ bid, ask, last }: { bid: Price | null; ask: Price | null; last: Price | null }): Price | null {
  return bid !== null && ask !== null ? Price.fromUnits((bid + ask) / 2n) : last;
}

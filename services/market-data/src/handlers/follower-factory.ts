import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { millisecond } from '@scalpstorm/kernel';
import type { Instrument } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import type { MarketFeed } from '@scalpstorm/venue-api';
import { feedLimits, MARKET_SETTINGS, type MarketSettings } from '../config.js';
import { Turns } from '../domain/turns.js';
import { MarketMetrics } from '../market-metrics.js';
import { MarketMemory } from '../ports/market-memory.js';
import { InstrumentFollower } from './instrument-follower.js';
import { PollVenue } from './poll-venue.js';

/**
 * Instruments of one venue that fetch candles at the same time: after a cut all of them want some, and answers that come faster
 * than they are read delay the stream until the venue cuts it again.
 */
const fetchingMax = 4;

/** Gives a follower what all of them share. */
@Injectable()
export class FollowerFactory {
  private readonly turns = new WeakMap<MarketFeed, Turns>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly memory: MarketMemory,
    private readonly metrics: MarketMetrics,
    private readonly log: Log,
    @Inject(MARKET_SETTINGS) private readonly settings: MarketSettings,
  ) {}

  create(instrument: Instrument, feed: MarketFeed): InstrumentFollower {
    const { bus, clock, memory, metrics, log } = this;
    const limits = feedLimits(this.settings);
    const turns = this.turns.get(feed) ?? new Turns(fetchingMax);
    this.turns.set(feed, turns);
    return new InstrumentFollower(instrument, feed, { bus, clock, memory, metrics, log, limits, turns });
  }

  /** Who asks the venue while its sockets are down. */
  poll(feed: MarketFeed): PollVenue {
    const { clock, metrics, log } = this;
    return new PollVenue(feed, { clock, metrics, log, every: this.settings.MARKET_POLL_EVERY * millisecond });
  }
}

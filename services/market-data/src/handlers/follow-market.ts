import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { backoffMs } from '@scalpstorm/bus';
import type { Instrument, InstrumentId, VenueId } from '@scalpstorm/model';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { clockComplaint, type MarketFeed, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { delistedOf } from '../domain/listing.js';
import type { Selection } from '../domain/selection.js';
import { MarketMetrics } from '../market-metrics.js';
import { InstrumentStore } from '../ports/instrument-store.js';
import { VenueFeeds } from '../ports/venue-feeds.js';
import { FollowerFactory } from './follower-factory.js';
import type { InstrumentFollower } from './instrument-follower.js';
import type { PollVenue } from './poll-venue.js';

/** How often every follower looks at the time. */
const tickMs = 50;
const retries = { firstMs: 500, maxMs: 15_000 };
/** Venues change filters, halt, list and delist without telling. */
const relistMs = 60_000;
/** More than this on one process would starve them all: run another one for the rest. */
export const instrumentsMax = 500;

/** Follows the selected instruments of every venue, from the start to the end of the process. */
@Injectable()
export class FollowMarket implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly followers = new Map<InstrumentId, InstrumentFollower>();
  private readonly stored = new Map<InstrumentId, Instrument>();
  /** Why a venue or an instrument is not followed. */
  private readonly missing = new Map<string, string>();
  /** Venues whose selected instruments were subscribed once. */
  private readonly followed = new Set<VenueId>();
  private polls: ReadonlyMap<VenueId, PollVenue> = new Map();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly feeds: VenueFeeds,
    private readonly store: InstrumentStore,
    private readonly followerFactory: FollowerFactory,
    private readonly metrics: MarketMetrics,
    private readonly log: Log,
    private readonly health: HealthRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const instrument of await this.store.all()) this.stored.set(instrument.id, instrument);
    const venues = this.feeds.selections.map(({ venue }) => venue);
    this.metrics.begin(venues);
    this.polls = new Map(venues.map((venue) => [venue, this.followerFactory.poll(this.feeds.feed(venue))]));
    for (const selection of this.feeds.selections) {
      this.missing.set(selection.venue, 'not connected yet');
      void this.connect(selection);
    }
    this.health.register('feed', () => this.checkFeeds(), { critical: true });
    this.health.register('clock', () => this.checkClocks(), { critical: false });
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.timer !== null) clearInterval(this.timer);
    await this.feeds.close();
  }

  /** What the venues list, and what we knew from before where a venue has not answered yet. */
  instruments(): readonly Instrument[] {
    const known = new Map(this.stored);
    for (const { instrument } of this.followers.values()) known.set(instrument.id, instrument);
    return [...known.values()];
  }

  follower(instrumentId: InstrumentId): InstrumentFollower | null {
    return this.followers.get(instrumentId) ?? null;
  }

  private tick(): void {
    for (const follower of this.followers.values()) follower.tick();
    const followers = [...this.followers.values()];
    for (const [venue, poll] of this.polls) {
      const { clockOffset, circuit } = this.feeds.feed(venue);
      this.metrics.clock(venue, clockOffset);
      this.metrics.circuit(venue, circuit);
      poll.tick(followers.filter(({ instrument }) => instrument.venue === venue));
    }
  }

  /** Subscribes what is selected, and looks now and then what the venue lists by then; weather is waited out. */
  private async connect(selection: Selection): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await this.subscribe(selection, this.feeds.feed(selection.venue));
        attempt = 0;
        await delay(relistMs, undefined, { signal, ref: false }).catch(() => undefined);
        continue;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
        // What is followed already goes on without a new listing.
        if (!this.followed.has(selection.venue)) this.missing.set(selection.venue, error.message);
        this.log.warn({ venue: selection.venue, code: error.code, error }, 'the venue cannot be followed yet');
      }
      await delay(backoffMs(attempt, retries), undefined, { signal }).catch(() => undefined);
    }
  }

  private async subscribe({ venue, symbols }: Selection, feed: MarketFeed): Promise<void> {
    const listed = await feed.instruments();
    const wanted = symbols === 'all' ? listed : listed.filter(({ symbol }) => symbols.includes(symbol));
    for (const symbol of symbols === 'all' ? [] : symbols) this.judgeListing(venue, symbol, wanted);
    for (const instrument of wanted) await this.follow(instrument, feed);
    this.missing.delete(venue);
    this.followed.add(venue);
    await this.keep([...wanted, ...this.delist(venue, listed)]);
  }

  /** Those that the venue lists no more are halted for everybody who asks. */
  private delist(venue: VenueId, listed: readonly Instrument[]): readonly Instrument[] {
    const followed = [...this.followers.values()].map(({ instrument }) => instrument);
    const delisted = delistedOf(
      followed.filter((instrument) => instrument.venue === venue),
      listed,
    );
    for (const instrument of delisted) {
      const follower = this.followers.get(instrument.id);
      if (follower?.instrument.status === 'trading')
        this.log.error({ instrument: instrument.id }, 'the venue lists it no more: it is told as halted');
      follower?.relist(instrument);
    }
    return delisted;
  }

  private judgeListing(venue: VenueId, symbol: string, wanted: readonly Instrument[]): void {
    const id = `${venue}:${symbol}`;
    if (wanted.some((instrument) => instrument.symbol === symbol)) {
      this.missing.delete(id);
      return;
    }
    this.missing.set(id, 'not listed by the venue: correct MARKET_SYMBOLS');
    this.log.error(
      { code: 'UNKNOWN_INSTRUMENT', instrument: id },
      'the venue does not list it: correct MARKET_SYMBOLS',
    );
  }

  private async follow(instrument: Instrument, feed: MarketFeed): Promise<void> {
    const known = this.followers.get(instrument.id);
    if (known !== undefined) {
      known.relist(instrument);
      return;
    }
    if (this.followers.size >= instrumentsMax) {
      this.missing.set(instrument.id, `more than ${instrumentsMax} instruments: name fewer in MARKET_SYMBOLS`);
      return;
    }
    const follower = this.followerFactory.create(instrument, feed);
    follower.subscribed(await feed.open(instrument.id, follower));
    this.followers.set(instrument.id, follower);
  }

  /** The market goes on while the database does not answer; then the next start knows less. */
  private async keep(instruments: readonly Instrument[]): Promise<void> {
    try {
      await this.store.save(instruments);
    } catch (error) {
      this.log.error({ error }, 'instruments could not be stored');
    }
  }

  private async checkFeeds(): Promise<void> {
    const [missing] = this.missing;
    if (missing !== undefined) throw new Error(`${missing[0]}: ${missing[1]}`);
    for (const { status } of this.followers.values())
      if (status.state === 'disconnected') throw new Error(`${status.instrumentId}: ${status.detail}`);
  }

  private async checkClocks(): Promise<void> {
    for (const { venue } of this.feeds.selections) {
      const complaint = clockComplaint(this.feeds.feed(venue).clockOffset);
      if (complaint !== null) throw new Error(`${venue}: ${complaint}`);
    }
  }
}

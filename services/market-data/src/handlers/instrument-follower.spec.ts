import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus } from '@scalpstorm/bus';
import type { Contract } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, Price, type Timeframe, TradeId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aBookDepth, aCandle, anInstrument, aTrade, eventually, FakeClock } from '@scalpstorm/testkit';
import { type ClockOffset, MarketFeed, type SequencedTrade, VenueUnreachable } from '@scalpstorm/venue-api';
import { Turns } from '../domain/turns.js';
import { MarketMetrics } from '../market-metrics.js';
import { MarketMemory } from '../ports/market-memory.js';
import { InstrumentFollower } from './instrument-follower.js';

const instrument = anInstrument();
const instrumentId = instrument.id;

/** A venue whose answers the test writes. */
class ScriptedFeed extends MarketFeed {
  readonly venue = instrument.venue;
  clockOffset: ClockOffset | null = { offset: 0, roundTrip: 0, measuredAt: Timestamp.fromMicros(0) };
  known: readonly SequencedTrade[] = [];
  reachable = true;
  tradesAsked = 0;
  readonly asked: Timeframe[] = [];
  candle: Candle | null = null;

  constructor(private readonly clock: FakeClock) {
    super();
  }

  async instruments() {
    return [instrument];
  }
  async open() {
    return { restart: () => undefined, close: async () => undefined };
  }
  async candles(_: unknown, timeframe: Timeframe, since: Timestamp) {
    this.check();
    this.asked.push(timeframe);
    const { candle } = this;
    const over = candle !== null && this.clock.now() >= candle.openedAt + 1_000_000;
    return over && candle.timeframe === timeframe && candle.openedAt >= since ? [candle] : [];
  }
  async trades(_: unknown, from: number, limit: number) {
    this.tradesAsked += 1;
    this.check();
    return this.known.filter(({ sequence }) => (sequence ?? 0) >= from).slice(0, limit);
  }
  async quotes() {
    return [];
  }
  async serverTime() {
    return Timestamp.fromMicros(0);
  }
  async close() {}

  private check(): void {
    if (!this.reachable) throw new VenueUnreachable(this.venue, 'VENUE_UNREACHABLE', 'scripted');
  }
}

class Forgetful extends MarketMemory {
  async keepLastPrice() {}
  async lastPrice() {
    return null;
  }
  async keepCandles() {}
}

const tradeOf = (sequence: number, clock: FakeClock, price = '100'): SequencedTrade => ({
  sequence,
  trade: {
    ...aTrade(),
    instrumentId,
    tradeId: TradeId.of(String(sequence)),
    price: Price.of(price),
    occurredAt: clock.now(),
  },
});

describe('a follower of one instrument', () => {
  let clock: FakeClock;
  let feed: ScriptedFeed;
  let follower: InstrumentFollower;
  let bus: { publish: (contract: Contract<unknown>, event: unknown) => void; state: string };
  let said: { readonly name: string; readonly event: Record<string, unknown> }[];

  beforeEach(() => {
    clock = new FakeClock(Timestamp.fromMicros(1_800_000_000_000_000));
    feed = new ScriptedFeed(clock);
    said = [];
    const publish = (contract: Contract<unknown>, event: unknown) =>
      void said.push({ name: contract.name, event: event as Record<string, unknown> });
    bus = { publish, state: 'connected' };
    follower = new InstrumentFollower(instrument, feed, {
      bus: bus as unknown as Bus,
      clock,
      memory: new Forgetful(),
      metrics: new MarketMetrics(new Metrics('market-data')),
      log: new RecordingLog(),
      limits: { staleAfter: 5_000_000, outage: { pollAfter: 5_000_000, polledFor: 3_000_000 } },
      turns: new Turns(1),
    });
  });

  const named = (name: string) => said.filter((one) => one.name === name).map(({ event }) => event);
  const ticked = () => named('TradeTicked').map(({ trade }) => (trade as { tradeId: string }).tradeId);
  const states = () => named('FeedStatusChanged').map(({ status }) => (status as { state: string }).state);
  const goLive = () => follower.onStatus({ instrumentId, state: 'live', detail: '', lastEventAt: null });
  /** The closed one-second candles, newest version last. */
  const closedSeconds = () =>
    named('CandleChanged')
      .map(({ candle }) => candle as Candle)
      .filter(({ closed, timeframe }) => closed && timeframe === '1s');

  it('tells every trade once', () => {
    for (const sequence of [1, 2, 2, 1, 3]) follower.onTrade(tradeOf(sequence, clock));
    expect(ticked()).toEqual(['1', '2', '3']);
    expect(follower.lastPrice).toBe(Price.of('100'));
  });

  it('asks for the trades of a gap, puts them into the candle and does not tell them as news', async () => {
    feed.known = [2, 3].map((sequence) => tradeOf(sequence, clock, '90'));
    follower.onTrade(tradeOf(1, clock));
    follower.onTrade(tradeOf(4, clock));
    const open = () => {
      clock.advance(300_000);
      follower.tick();
      return named('CandleChanged')
        .map(({ candle }) => candle as Candle)
        .find(({ timeframe, trades }) => timeframe === '1d' && trades === 4);
    };
    const candle = await eventually(() => {
      const found = open();
      expect(found).toBeDefined();
      return found;
    });
    expect(candle?.low).toBe(Price.of('90'));
    expect(ticked()).toEqual(['1', '4']);
    expect(follower.lastPrice).toBe(Price.of('100'));
  });

  it('fetches the candle of a gap that nobody could fill, and tells it as the venue has it', async () => {
    follower.onTrade(tradeOf(1, clock));
    clock.advance(1_000_000);
    follower.tick();
    feed.reachable = false;
    follower.onTrade(tradeOf(2, clock));
    follower.onTrade(tradeOf(9, clock));
    await eventually(() => expect(ticked()).toHaveLength(3));
    feed.reachable = true;
    const openedAt = clock.now();
    feed.candle = { ...aCandle(), instrumentId, timeframe: '1s', openedAt, trades: 8, closed: true };
    await eventually(() => {
      clock.advance(1_000_000);
      follower.tick();
      const versions = closedSeconds().filter((candle) => candle.openedAt === openedAt);
      expect(versions.at(-1)?.trades).toBe(8);
    });
  });

  it('tells live, stale when nothing comes, and live again when something does', () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    follower.onDepth({ ...aBookDepth(), instrumentId, sequence: 1 });
    clock.advance(5_000_001);
    follower.tick();
    follower.onTrade(tradeOf(2, clock));
    follower.tick();
    expect(states()).toEqual(['live', 'stale', 'live']);
  });

  it('repeats the status every second, so that a listener that missed it is cured', () => {
    goLive();
    for (let step = 0; step < 40; step += 1) {
      clock.advance(100_000);
      follower.onTrade(tradeOf(step, clock));
      follower.tick();
    }
    expect(states()).toEqual(['live', 'live', 'live', 'live', 'live']);
  });

  it('tells at most ten books a second, and always the newest', () => {
    for (let step = 0; step < 100; step += 1) {
      follower.onDepth({ ...aBookDepth(), instrumentId, sequence: step });
      clock.advance(10_000);
      follower.tick();
    }
    const told = named('DepthChanged').map(({ depth }) => (depth as { sequence: number }).sequence);
    expect(told.length).toBeLessThanOrEqual(11);
    expect(told.at(-1)).toBe(99);
  });

  it('asks for the history of every timeframe when it becomes live', async () => {
    goLive();
    follower.tick();
    await eventually(() => expect(feed.asked).toEqual(['1s', '1m', '5m', '15m', '1h', '4h', '1d']));
  });

  it('is not live while trades go on and the book stands still, and subscribes anew', () => {
    const restarts: string[] = [];
    follower.subscribed({ restart: (detail) => void restarts.push(detail), close: async () => undefined });
    goLive();
    follower.onDepth({ ...aBookDepth(), instrumentId, sequence: 1 });
    for (let step = 1; step <= 70; step += 1) {
      clock.advance(100_000);
      follower.onTrade(tradeOf(step, clock));
      follower.tick();
    }
    expect(follower.status).toMatchObject({ state: 'stale', detail: expect.stringContaining('behind the trades') });
    for (let step = 71; step <= 140; step += 1) {
      clock.advance(100_000);
      follower.onTrade(tradeOf(step, clock));
      follower.tick();
    }
    expect(restarts).toEqual(['trades go on while the book stands still']);
  });

  it('asks the venue about trades that fell silent, and subscribes anew when it has traded on', async () => {
    const restarts: string[] = [];
    follower.subscribed({ restart: (detail) => void restarts.push(detail), close: async () => undefined });
    goLive();
    follower.onTrade(tradeOf(7, clock));
    const quiet = (seconds: number): void => {
      for (let step = 0; step < seconds * 2; step += 1) {
        clock.advance(500_000);
        follower.onDepth({ ...aBookDepth(), instrumentId, sequence: step });
        follower.tick();
      }
    };
    quiet(16);
    await eventually(() => expect(feed.tradesAsked).toBe(1));
    expect(restarts).toEqual([]);
    feed.known = [8, 9].map((sequence) => tradeOf(sequence, clock));
    quiet(31);
    await eventually(() => expect(restarts).toEqual([expect.stringContaining('up to 9, the stream told up to 7')]));
  });

  it('tells the newest of everything again when the bus was away', () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    follower.onDepth({ ...aBookDepth(), instrumentId, sequence: 5, occurredAt: clock.now() });
    bus.state = 'reconnecting';
    clock.advance(1_500_000);
    follower.tick();
    const during = closedSeconds();
    expect(during.length).toBeGreaterThan(0);
    said.length = 0;
    bus.state = 'connected';
    clock.advance(50_000);
    follower.tick();
    expect(closedSeconds()).toEqual(during);
    expect(named('DepthChanged').map(({ depth }) => (depth as { sequence: number }).sequence)).toEqual([5]);
    expect(states()).toEqual(['live']);
  });

  it.each([
    ['late', -11_000_000],
    ['from the future', 11_000_000],
  ])('is stale while its trades come %s, and live again with the first that does not', (_, distance) => {
    goLive();
    follower.onTrade({
      ...tradeOf(1, clock),
      trade: { ...tradeOf(1, clock).trade, occurredAt: Timestamp.plus(clock.now(), distance) },
    });
    follower.tick();
    expect(follower.status.state).toBe('stale');
    follower.onTrade(tradeOf(2, clock));
    expect(follower.status.state).toBe('live');
  });

  it('tells how far the clock of the venue is ahead', () => {
    feed.clockOffset = { offset: 42_000, roundTrip: 0, measuredAt: clock.now() };
    goLive();
    expect(named('FeedStatusChanged').at(-1)).toMatchObject({ status: { clockOffset: 42_000 } });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, Price } from '@scalpstorm/model';
import { aBookDepth, aCandle, anInstrument, eventually } from '@scalpstorm/testkit';
import { followerScene, tradeOf } from '../../test/follower-scene.js';
import type { InstrumentFollower } from './instrument-follower.js';

const instrumentId = anInstrument().id;

describe('a follower of one instrument', () => {
  let scene: ReturnType<typeof followerScene>;
  let clock: typeof scene.clock;
  let feed: typeof scene.feed;
  let bus: typeof scene.bus;
  let said: typeof scene.said;
  let follower: InstrumentFollower;

  beforeEach(() => {
    scene = followerScene();
    ({ clock, feed, bus, said } = scene);
    follower = scene.follow();
  });

  const named = (name: string) => scene.named(name);
  const ticked = () => scene.ticked();
  const states = () => scene.states();
  const closedSeconds = () => scene.closedSeconds();
  const goLive = () => follower.onStatus({ instrumentId, state: 'live', detail: '', lastEventAt: null });
  const reconnect = (): void => {
    said.length = 0;
    bus.state = 'connected';
    bus.reconnects += 1;
    clock.advance(50_000);
    follower.tick();
  };

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
    reconnect();
    expect(closedSeconds()).toEqual(during);
    expect(named('DepthChanged').map(({ depth }) => (depth as { sequence: number }).sequence)).toEqual([5]);
    expect(states()).toEqual(['live']);
  });

  it('tells a closed candle that was over when the bus went away, and closed while it was', () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    clock.advance(1_100_000);
    follower.tick();
    expect(closedSeconds()).toEqual([]);
    bus.state = 'reconnecting';
    clock.advance(200_000);
    follower.tick();
    const [candle] = closedSeconds();
    expect(candle).toBeDefined();
    reconnect();
    expect(closedSeconds()).toEqual([candle]);
  });

  it('tells what it told before anybody noticed that the bus was away, and once more after the next time', () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    clock.advance(1_500_000);
    follower.tick();
    const told = closedSeconds();
    expect(told).toHaveLength(1);
    for (let time = 0; time < 2; time += 1) {
      bus.state = 'reconnecting';
      clock.advance(100_000);
      follower.tick();
      reconnect();
      expect(closedSeconds()).toEqual(told);
    }
  });

  it('tells everything again when the bus went away and came back between two looks at it', () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    follower.onDepth({ ...aBookDepth(), instrumentId, sequence: 5, occurredAt: clock.now() });
    clock.advance(1_500_000);
    follower.tick();
    const told = closedSeconds();
    expect(told).toHaveLength(1);
    reconnect();
    expect(closedSeconds()).toEqual(told);
    expect(named('DepthChanged')).toHaveLength(1);
    expect(states()).toEqual(['live']);
    said.length = 0;
    clock.advance(50_000);
    follower.tick();
    expect(closedSeconds()).toEqual([]);
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

  it('asks for the candles since the line was lost, although time closed some of them meanwhile', async () => {
    goLive();
    follower.onTrade(tradeOf(1, clock));
    follower.tick();
    await eventually(() => expect(feed.asked).toHaveLength(7));
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1_000_000);
      follower.tick();
    }
    await eventually(() => expect(closedSeconds().length).toBeGreaterThanOrEqual(4));
    const lostAt = clock.now();
    follower.onStatus({ instrumentId, state: 'disconnected', detail: 'cut', lastEventAt: null });
    for (let second = 0; second < 30; second += 1) {
      clock.advance(1_000_000);
      follower.tick();
      // What is asked for meanwhile is answered before the next second.
      await new Promise((resolve) => setImmediate(resolve));
    }
    feed.askedSince.clear();
    goLive();
    follower.tick();
    await eventually(() => expect(feed.askedSince.get('1s')).toBeLessThanOrEqual(lostAt));
  });

  it('believes a venue whose clock is not known for the limit only, and closes no candle by a time that it does not know', () => {
    feed.clockOffset = null;
    goLive();
    for (let step = 1; step <= 7; step += 1) {
      clock.advance(1_000_000);
      follower.onDepth({ ...aBookDepth(), instrumentId, sequence: step, occurredAt: clock.now() });
      follower.tick();
    }
    expect(follower.status).toMatchObject({ state: 'stale', detail: expect.stringContaining('clock of the venue') });
    expect(feed.asked).toEqual([]);
    feed.clockOffset = { offset: 60_000_000, roundTrip: 0, measuredAt: clock.now() };
    const occurredAt = Timestamp.plus(clock.now(), 60_000_000);
    follower.onDepth({ ...aBookDepth(), instrumentId, sequence: 8, occurredAt });
    expect(follower.status.state).toBe('live');
  });

  it('tells how far the clock of the venue is ahead, and how wrong that may be', () => {
    feed.clockOffset = { offset: 42_000, roundTrip: 5_001, measuredAt: clock.now() };
    goLive();
    expect(named('FeedStatusChanged').at(-1)).toMatchObject({
      status: { clockOffset: 42_000, clockUncertainty: 2_501 },
    });
  });
});

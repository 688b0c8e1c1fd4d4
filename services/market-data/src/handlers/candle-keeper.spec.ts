import { beforeEach, describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type Candle, Quantity, type Timeframe } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aCandle, anInstrument, FakeClock } from '@scalpstorm/testkit';
import { VenueUnreachable } from '@scalpstorm/venue-api';
import { Forgetful, followerScene, ScriptedFeed, tradeOf } from '../../test/follower-scene.js';
import { Turns } from '../domain/turns.js';
import { CandleKeeper } from './candle-keeper.js';
import type { InstrumentFollower } from './instrument-follower.js';

const instrumentId = anInstrument().id;
const began = Timestamp.fromMicros(1_800_000_000_000_000);
const openedAt = (seconds: number) => Timestamp.plus(began, seconds * second);

/** A venue that knows how many trades each second had, and answers when it is told to. */
class CountingVenue extends ScriptedFeed {
  /** Of the seconds from the beginning on. */
  counts: readonly number[] = [];
  /** Those from this one on are not closed by the venue yet. */
  settledBefore = Number.POSITIVE_INFINITY;
  /** Questions of this timeframe wait until they are let go. */
  held: Timeframe | null = null;
  letGo: () => void = () => undefined;
  readonly questions: { readonly timeframe: Timeframe; readonly since: number; readonly limit: number }[] = [];

  override async candles(
    _: unknown,
    timeframe: Timeframe,
    since: Timestamp,
    limit: number,
  ): Promise<readonly Candle[]> {
    this.questions.push({ timeframe, since, limit });
    if (!this.reachable) throw new VenueUnreachable(this.venue, 'VENUE_UNREACHABLE', 'scripted');
    if (timeframe === this.held) await new Promise<void>((resolve) => (this.letGo = resolve));
    if (timeframe !== '1s') return [];
    return this.counts
      .map((trades, index) => ({
        ...aCandle(),
        instrumentId,
        timeframe,
        openedAt: openedAt(index),
        trades,
        volume: Quantity.of(`${trades}`),
        closed: index < this.settledBefore,
      }))
      .filter((candle) => candle.openedAt >= since)
      .slice(0, limit);
  }

  since(timeframe: Timeframe): readonly number[] {
    return this.questions.filter((one) => one.timeframe === timeframe).map((one) => (one.since - began) / second);
  }
}

describe('the candles of a feed that leaves something out', () => {
  let clock: FakeClock;
  let venue: CountingVenue;
  let scene: ReturnType<typeof followerScene>;
  let follower: InstrumentFollower;

  beforeEach(() => {
    clock = new FakeClock(began);
    venue = new CountingVenue(clock);
    scene = followerScene(clock, venue);
    follower = scene.follow();
  });

  const tell = (state: 'live' | 'disconnected') =>
    follower.onStatus({ instrumentId, state, detail: '', lastEventAt: null });
  /** A tenth of a second passes, and what is asked for is answered. */
  const pass = async (tenths = 1): Promise<void> => {
    for (let step = 0; step < tenths; step += 1) {
      clock.advance(second / 10);
      follower.tick();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const trades = async (from: number, to: number): Promise<void> => {
    for (let sequence = from; sequence <= to; sequence += 1) {
      follower.onTrade(tradeOf(sequence, clock));
      await pass();
    }
  };
  /** What was told last of the candle of that second. */
  const told = (index: number) =>
    scene
      .closedSeconds()
      .filter((candle) => candle.openedAt === openedAt(index))
      .map((candle) => candle.trades);

  it('are fetched where a gap that nobody fills began before their end, although it was noticed after it', async () => {
    tell('live');
    await trades(1, 14);
    venue.reachable = false;
    // 15 to 18 belong to the second before, and are gone.
    await pass(10);
    follower.onTrade(tradeOf(19, clock));
    await pass();
    expect(told(1)).toEqual([4]);
    venue.counts = [10, 8, 1, 0, 0];
    venue.reachable = true;
    await pass(300);
    expect(told(1)).toEqual([4, 8]);
  });

  it('are fetched since the newest trade when a line is found dead that fell silent long before', async () => {
    tell('live');
    await trades(1, 14);
    // The venue has no trades to give back: only its candles can tell.
    await pass(150);
    expect(told(1)).toEqual([4]);
    tell('disconnected');
    venue.counts = [10, 8, 3, 3, 3];
    tell('live');
    await pass(10);
    expect([told(1), told(2)]).toEqual([
      [4, 8],
      [0, 3],
    ]);
  });

  it('are fetched for a line that was lost again before anybody could ask what it had missed', async () => {
    tell('live');
    tell('disconnected');
    venue.counts = [5];
    venue.settledBefore = 0;
    await pass(11);
    venue.counts = [10, 2];
    venue.settledBefore = 1;
    await pass(24);
    expect([told(0), told(1)]).toEqual([[5, 10], [0]]);
    venue.counts = [10, 9, 8, 3];
    venue.settledBefore = 3;
    tell('live');
    await pass(20);
    expect(told(1)).toEqual([0, 9]);
  });

  it('are fetched where the first trade that is asked for on a lost line is not the first there was', async () => {
    tell('live');
    tell('disconnected');
    venue.counts = [5];
    venue.settledBefore = 0;
    await pass(25);
    venue.counts = [10, 9, 7];
    venue.settledBefore = 2;
    follower.polledTrades([1, 2, 3].map((sequence) => tradeOf(sequence, clock)));
    await pass(10);
    venue.counts = [10, 9, 8, 0];
    venue.settledBefore = 3;
    await pass(20);
    expect([told(1), told(2)]).toEqual([
      [0, 9],
      [1, 8],
    ]);
  });

  it('are not told as news where they were over before the first of ours, however late the history comes', async () => {
    clock.advance(20 * second);
    tell('live');
    venue.held = '1s';
    await trades(1, 14);
    expect(told(20)).toEqual([10]);
    venue.counts = [...Array.from({ length: 20 }, () => 7), 11, 4];
    venue.settledBefore = 21;
    venue.letGo();
    await pass();
    expect(told(20)).toEqual([10, 11]);
    expect(told(19)).toEqual([]);
    expect(follower.closedCandles('1s')).toHaveLength(21);
  });

  it('are asked for again where the venue had not closed them yet, and not told before as if it had', async () => {
    tell('live');
    await trades(1, 14);
    follower.onTrade(tradeOf(19, clock));
    venue.counts = [10, 6];
    venue.settledBefore = 1;
    await pass(9);
    expect(told(1)).toEqual([5]);
    const asked = venue.since('1s').length;
    await pass(20);
    // Once a second, not at every tick.
    expect(venue.since('1s').length - asked).toBeLessThanOrEqual(2);
    venue.counts = [10, 9, 0];
    venue.settledBefore = 2;
    await pass(20);
    expect(told(1)).toEqual([5, 9]);
    const settled = venue.since('1s').length;
    await pass(50);
    expect(venue.since('1s')).toHaveLength(settled);
  });

  it('are asked for as far back as they are in doubt, also when that came up while others were fetched', async () => {
    const log = new RecordingLog();
    const around = { feed: venue, clock, memory: new Forgetful(), log, turns: new Turns(1), publish: () => undefined };
    const keeper = new CandleKeeper(anInstrument(), around);
    const answered = () => new Promise((resolve) => setImmediate(resolve));
    keeper.trade(tradeOf(1, clock).trade);
    for (const time of [100, 181]) keeper.tick(openedAt(time));
    await answered();
    venue.questions.length = 0;
    venue.held = '1s';
    keeper.doubt(openedAt(130));
    keeper.tick(openedAt(182));
    keeper.doubt(openedAt(1));
    venue.held = null;
    venue.letGo();
    await answered();
    keeper.tick(openedAt(183));
    await answered();
    expect(venue.since('1m')).toEqual([0]);
    expect(venue.since('1s')).toEqual([130, 1]);
  });

  it('are not asked for farther back than they are kept, however long the venue was away', async () => {
    tell('live');
    await trades(1, 10);
    venue.reachable = false;
    tell('disconnected');
    for (let minute = 0; minute < 20; minute += 1) {
      clock.advance(60 * second);
      await pass();
    }
    venue.reachable = true;
    venue.questions.length = 0;
    tell('live');
    await pass(200);
    const now = (clock.now() - began) / second;
    expect(Math.min(...venue.since('1s'))).toBeGreaterThan(now - 530);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { timeframes } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { Forgetful, followerScene, ScriptedFeed, tradeOf } from '../../test/follower-scene.js';
import type { InstrumentFollower } from './instrument-follower.js';

/** Answers a question for trades when it is told to. */
class SlowVenue extends ScriptedFeed {
  readonly questions: { readonly from: number; readonly limit: number; readonly answer: () => void }[] = [];

  override async trades(_: unknown, from: number, limit: number) {
    await new Promise<void>((resolve) => this.questions.push({ from, limit, answer: resolve }));
    return super.trades(_, from, limit);
  }
}

/** A memory that has not answered yet. */
class SlowMemory extends Forgetful {
  readonly writes: (() => void)[] = [];
  private readonly written = () => new Promise<void>((resolve) => this.writes.push(resolve));
  override keepLastPrice = this.written;
  override keepCandles = this.written;
}

describe('a follower with too little time for its market', () => {
  let clock: FakeClock;
  let venue: SlowVenue;
  let memory: SlowMemory;
  let scene: ReturnType<typeof followerScene>;
  let follower: InstrumentFollower;

  beforeEach(() => {
    clock = new FakeClock(Timestamp.fromMicros(1_800_000_000_000_000));
    venue = new SlowVenue(clock);
    memory = new SlowMemory();
    scene = followerScene(clock, venue, memory);
    follower = scene.follow();
  });

  const turns = async () => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('asks for the trades of one gap at a time, and for all that came meanwhile together', async () => {
    for (let sequence = 1; sequence <= 121; sequence += 2) follower.onTrade(tradeOf(sequence, clock));
    await turns();
    expect(venue.questions.map(({ from, limit }) => [from, limit])).toEqual([[2, 1]]);
    venue.known = Array.from({ length: 121 }, (_, index) => tradeOf(index + 1, clock));
    venue.questions[0]?.answer();
    await turns();
    expect(venue.questions.map(({ from, limit }) => [from, limit])).toEqual([
      [2, 1],
      [4, 117],
    ]);
    venue.questions[1]?.answer();
    await turns();
    clock.advance(second);
    follower.tick();
    const day = scene.named('CandleChanged').map(({ candle }) => candle as { timeframe: string; trades: number });
    expect(day.findLast(({ timeframe }) => timeframe === '1d')?.trades).toBe(121);
  });

  it('leaves more gaps than are told apart to the candles of the venue', async () => {
    for (let sequence = 1; sequence <= 401; sequence += 2) follower.onTrade(tradeOf(sequence, clock));
    await turns();
    venue.known = Array.from({ length: 401 }, (_, index) => tradeOf(index + 1, clock));
    venue.questions[0]?.answer();
    clock.advance(2 * second);
    await turns();
    expect(venue.questions).toHaveLength(1);
    follower.tick();
    await turns();
    expect(venue.asked).toContain('1s');
  });

  it('tells a closed candle once, however many late trades correct it', async () => {
    follower.onTrade(tradeOf(1, clock));
    venue.known = Array.from({ length: 998 }, (_, index) => tradeOf(index + 2, clock, '90'));
    clock.advance(2 * second);
    follower.tick();
    follower.onTrade(tradeOf(1_000, clock));
    await turns();
    const told = scene.closedSeconds().length;
    venue.questions[0]?.answer();
    await turns();
    const corrected = scene.closedSeconds().slice(told);
    expect(corrected.map(({ trades }) => trades)).toEqual([999]);
  });

  it('has one write to a slow memory under way for each kind of thing, and writes the newest after it', async () => {
    for (let round = 0; round < 200; round += 1) {
      follower.onTrade(tradeOf(round + 1, clock));
      clock.advance(second);
      follower.tick();
      await turns();
    }
    expect(memory.writes).toHaveLength(2);
    const most = 2 * (timeframes.length + 1);
    for (let write = memory.writes.shift(), ended = 1; write !== undefined; write = memory.writes.shift(), ended += 1) {
      expect(ended).toBeLessThanOrEqual(most);
      write();
      await turns();
    }
  });
});

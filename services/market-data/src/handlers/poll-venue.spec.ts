import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Price, type Quote } from '@scalpstorm/model';
import { anInstrument, aQuote, eventually } from '@scalpstorm/testkit';
import { followerScene, tradeOf } from '../../test/follower-scene.js';
import type { InstrumentFollower } from './instrument-follower.js';
import { PollVenue } from './poll-venue.js';

const bitcoin = anInstrument();
const ether = anInstrument({ id: InstrumentId.of('sim', 'ETH-USDT'), symbol: 'ETH-USDT' });

describe('asking a venue whose sockets are down', () => {
  let scene: ReturnType<typeof followerScene>;
  let poll: PollVenue;
  let followers: InstrumentFollower[];

  beforeEach(() => {
    scene = followerScene();
    const { clock, feed, log, metrics } = scene;
    poll = new PollVenue(feed, { clock, log, metrics, every: 1_000_000 });
    followers = [scene.follow(bitcoin), scene.follow(ether)];
    for (const follower of followers) tell(follower, 'live');
  });

  const tell = (follower: InstrumentFollower, state: 'live' | 'disconnected' | 'resyncing') =>
    follower.onStatus({ instrumentId: follower.instrument.id, state, detail: state, lastEventAt: null });
  const cut = () => {
    for (const follower of followers) tell(follower, 'disconnected');
  };
  /** Time passes, and what the round asks for is answered. */
  const pass = async (micros: Micros): Promise<void> => {
    scene.clock.advance(micros);
    for (const follower of followers) follower.tick();
    poll.tick(followers);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const bestAt = (price: string, { instrumentId = bitcoin.id, ago = 0 } = {}): Quote =>
    aQuote({
      instrumentId,
      bidPrice: Price.of(price),
      sequence: 0,
      occurredAt: Timestamp.plus(scene.clock.now(), -ago),
    });
  const quotes = () => scene.named('QuoteChanged').map(({ quote }) => quote as Quote);
  const status = (index = 0) => followers[index]?.status;

  it('asks for all of them in one question, when they are down for long, and then once in the pause', async () => {
    cut();
    await pass(5_000_000);
    expect(scene.feed.quotesAsked).toEqual([]);
    for (let step = 0; step < 20; step += 1) await pass(100_000);
    expect(scene.feed.quotesAsked).toEqual([
      [bitcoin.id, ether.id],
      [bitcoin.id, ether.id],
    ]);
    expect(scene.feed.tradesAsked).toBe(2);
  });

  it('is live by what it was told, with its own time, and says that it polls', async () => {
    cut();
    await pass(5_500_000);
    const best = bestAt('101');
    scene.feed.best = [best];
    await pass(1_000_000);
    expect(quotes().at(0)).toEqual(best);
    expect(status()).toMatchObject({ state: 'live', detail: expect.stringContaining('polling') });
    expect(status(1)?.state).toBe('disconnected');
  });

  it('is not live by an answer that is old', async () => {
    cut();
    await pass(5_500_000);
    scene.feed.best = [bestAt('101', { ago: 60_000_000 })];
    await pass(1_000_000);
    expect(status()).toMatchObject({ state: 'disconnected', detail: expect.stringContaining('polling: the newest') });
  });

  it('says so when the venue answers no more, once, and asks on', async () => {
    cut();
    await pass(5_500_000);
    scene.feed.best = [bestAt('101')];
    await pass(1_000_000);
    scene.feed.reachable = false;
    for (let second = 0; second < 4; second += 1) await pass(1_000_000);
    expect(status()?.state).toBe('disconnected');
    expect(scene.log.lines.filter(({ text }) => text.includes('answers no questions'))).toHaveLength(1);
    scene.feed.reachable = true;
    scene.feed.best = [bestAt('102')];
    await pass(1_000_000);
    expect(status()?.state).toBe('live');
  });

  it('stops when the socket is live again, and an answer that was under way changes nothing', async () => {
    cut();
    await pass(5_500_000);
    scene.feed.best = [bestAt('101')];
    await pass(1_000_000);
    for (const follower of followers) tell(follower, 'live');
    const told = quotes().length;
    followers[0]?.polledQuote(bestAt('99'));
    const asked = scene.feed.quotesAsked.length;
    await pass(1_000_000);
    await pass(1_000_000);
    expect(scene.feed.quotesAsked).toHaveLength(asked);
    expect(
      quotes()
        .slice(told)
        .map(({ bidPrice }) => bidPrice),
    ).not.toContain(Price.of('99'));
    expect(status()?.detail).toBe('live');
  });

  it('does not ask about an instrument that is halted', async () => {
    followers[1]?.relist({ ...ether, status: 'halted' });
    cut();
    await pass(6_000_000);
    expect(scene.feed.quotesAsked).toEqual([[bitcoin.id]]);
  });

  it('tells every trade once, whether it was asked for, streamed, or both', async () => {
    const { clock, feed, ticked } = scene;
    const trades = [7, 8, 9, 10, 11].map((sequence) => tradeOf(sequence, clock));
    const only = followers.slice(0, 1);
    followers = only;
    for (const trade of trades.slice(0, 1)) only[0]?.onTrade(trade);
    cut();
    await pass(5_500_000);
    feed.known = trades.slice(0, 3);
    await pass(1_000_000);
    feed.known = trades.slice(0, 4);
    await pass(1_000_000);
    for (const follower of only) tell(follower, 'live');
    for (const trade of trades.slice(2)) only[0]?.onTrade(trade);
    only[0]?.polledTrades(trades.slice(3));
    expect(ticked()).toEqual(['7', '8', '9', '10', '11']);
  });

  it('puts a trade that was asked for into the candle of its own time', async () => {
    const { clock, feed } = scene;
    followers = followers.slice(0, 1);
    followers[0]?.onTrade(tradeOf(1, clock));
    cut();
    await pass(5_500_000);
    const late = tradeOf(2, clock, '105');
    const openedAt = late.trade.occurredAt - (late.trade.occurredAt % 1_000_000);
    await pass(900_000);
    await pass(900_000);
    feed.known = [late];
    await pass(1_000_000);
    await eventually(() => {
      const candle = scene
        .closedSeconds()
        .filter((one) => one.openedAt === openedAt)
        .at(-1);
      expect([candle?.high, candle?.trades]).toEqual([Price.of('105'), 1]);
    });
  });

  it('begins with the newest trade when none was heard before', async () => {
    const { clock, feed } = scene;
    followers = followers.slice(0, 1);
    cut();
    feed.known = [1, 2, 3].map((sequence) => tradeOf(sequence, clock));
    await pass(6_000_000);
    expect(scene.ticked()).toEqual(['3']);
  });

  it('counts from 0, and tells how many instruments are asked for', async () => {
    const { metrics, registry, feed } = scene;
    metrics.begin([feed.venue]);
    const value = async (line: string) =>
      (await registry.registry.metrics()).split('\n').find((one) => one.startsWith(line));
    expect(await value('scalpstorm_market_polls_total{venue="sim",end="answered"')).toMatch(/ 0$/);
    cut();
    await pass(6_000_000);
    expect(await value('scalpstorm_market_polls_total{venue="sim",end="answered"')).toMatch(/ 1$/);
    expect(await value('scalpstorm_market_polling_instruments{venue="sim"')).toMatch(/ 2$/);
    for (const follower of followers) tell(follower, 'live');
    await pass(1_000_000);
    expect(await value('scalpstorm_market_polling_instruments{venue="sim"')).toMatch(/ 0$/);
  });
});

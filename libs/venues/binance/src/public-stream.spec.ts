import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { millisecond, seededRng, Timestamp } from '@scalpstorm/kernel';
import { VenueId } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { RecordingFeedListener } from '@scalpstorm/venue-api/testing';
import { BinanceMarketFeed } from './binance-market-feed.js';
import type { CcxtBinance } from './ccxt-binance.js';
import { type BinanceOptions, resolveOptions, type VenueNotice } from './options.js';
import { PublicSocket } from './public-socket.js';
import { hasty, impatient, instrumentId, patience } from './testing/scripted-parts.js';
import { answerLikeTheVenue, ScriptedVenue } from './testing/scripted-venue.js';

const depth = (first: number, last: number): string =>
  JSON.stringify({ e: 'depthUpdate', E: 1_000, s: 'BTCUSDT', U: first, u: last, b: [['10.50', '1']], a: [] });

let scripted: ScriptedVenue;
let feed: BinanceMarketFeed;
let heard: RecordingFeedListener;
let notices: VenueNotice[];

/** In a describe: everything above is there for each of its tests. */
function connected(changes: Partial<BinanceOptions> = {}): void {
  beforeEach(async () => {
    notices = [];
    heard = new RecordingFeedListener();
    scripted = await ScriptedVenue.start();
    feed = await BinanceMarketFeed.create(impatient(scripted, notices, changes));
    await feed.open(instrumentId, heard);
    await live();
  });
  afterEach(async () => {
    await feed.close();
    await scripted.stop();
  });
}

const states = () => heard.statuses.map(({ state }) => state);
const codes = () => notices.map(({ code }) => code);
const live = () => eventually(() => expect(heard.statuses.at(-1)?.state).toBe('live'), patience);

describe('the public stream on real sockets', () => {
  connected();

  it('takes a gap in the book for a reason to fetch it anew, and tells no book meanwhile', async () => {
    scripted.tellPublic(depth(101, 102));
    await eventually(() => expect(heard.depths.at(-1)?.sequence).toBe(102), patience);
    scripted.on('GET /api/v3/depth', {
      status: 200,
      body: { lastUpdateId: 120, bids: [['10.00', '1']], asks: [['11.00', '1']] },
    });
    scripted.tellPublic(depth(110, 111));
    await eventually(() => expect(codes()).toContain('BOOK_GAP'), patience);
    await live();
    expect(heard.depths.map(({ sequence }) => sequence)).toEqual([100, 102, 120]);
  });

  it('connects anew when its user says that it tells too little', async () => {
    const other = await BinanceMarketFeed.create(impatient(scripted, notices));
    const told = new RecordingFeedListener();
    const subscription = await other.open(instrumentId, told);
    await eventually(() => expect(told.statuses.at(-1)?.state).toBe('live'), patience);
    subscription.restart('no trades');
    await eventually(() => expect(told.statuses.map(({ state }) => state)).toContain('disconnected'), patience);
    await eventually(() => expect(told.statuses.at(-1)?.state).toBe('live'), patience);
    await other.close();
  });

  it('drops a frame that nobody can read, counts it, and goes on', async () => {
    scripted.tellPublic('{"e":"trade","s":"BTCUSDT","t":1,"p":1.5,"q":"1","T":1,"m":true}');
    scripted.tellPublic('not json');
    scripted.tellPublic('{"e":"trade","s":"BTCUSDT","t":2,"p":"1.5","q":"1","T":1,"m":true}');
    await eventually(() => expect(heard.trades.map(({ sequence }) => sequence)).toEqual([2]), patience);
    expect(codes()).toContain('UNREADABLE_PAYLOAD');
  });

  it('leaves no socket behind when it is closed, also while it waits to connect again', async () => {
    for (const socket of scripted.publicSockets) socket.terminate();
    await eventually(() => expect(states()).toContain('disconnected'), patience);
    await feed.close();
    await eventually(() => expect([scripted.publicSockets.size, scripted.lines.size]).toEqual([0, 0]), patience);
  });
});

describe('the silence of the venue on the public stream', () => {
  connected(hasty);

  it('connects anew when its book fell silent and the venue has gone on', async () => {
    scripted.on('GET /api/v3/depth', {
      status: 200,
      body: { lastUpdateId: 200, bids: [['10.00', '1']], asks: [['11.00', '1']] },
    });
    await eventually(() => expect(codes()).toContain('BOOK_STALE'), patience);
    await eventually(() => expect(heard.depths.at(-1)?.sequence).toBe(200), patience);
    expect(states()).toContain('disconnected');
  });

  it('leaves a quiet book alone when the venue is where it is, and asks less and less often', async () => {
    await eventually(() => expect(scripted.count('GET /api/v3/depth')).toBeGreaterThanOrEqual(3), patience);
    expect(codes()).not.toContain('BOOK_STALE');
    expect(scripted.connections).toBe(1);
  });

  it('notices that the venue forgot some of its subscriptions', async () => {
    scripted.onMessage = (message) =>
      message['method'] === 'LIST_SUBSCRIPTIONS'
        ? { id: message['id'], result: ['btcusdt@depth@100ms'] }
        : answerLikeTheVenue(message);
    await eventually(() => expect(codes()).toContain('SUBSCRIPTION_LOST'), patience);
    scripted.onMessage = answerLikeTheVenue;
    await live();
    expect(states()).toContain('disconnected');
  });
});

describe('a venue that accepts every connection and ends it at once', () => {
  it('is tried more and more rarely, however often it accepts', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    try {
      const opened: number[] = [];
      const exchange = {
        openSocket: (_: string, events: { opened(): void; closed(detail: string): void }) => {
          opened.push(Date.now());
          queueMicrotask(() => events.opened());
          setTimeout(() => events.closed('flapping'), 1);
          return { url: '', connect: async () => undefined, send: async () => undefined };
        },
        dropSocket: () => undefined,
      };
      const options = resolveOptions({
        venue: VenueId.of('sim'),
        addresses: { rest: 'http://127.0.0.1:1', spotWs: 'ws://127.0.0.1:1', wsApi: 'ws://127.0.0.1:1' },
        clock: { now: () => Timestamp.fromMillis(Date.now()) },
        rng: seededRng(3),
        backoff: { first: 250 * millisecond, most: 30_000 * millisecond },
      });
      const socket = new PublicSocket(exchange as unknown as CcxtBinance, 'ws://127.0.0.1:1/0', options);
      await jest.advanceTimersByTimeAsync(600_000);
      socket.close();
      const attempts = opened.length;
      expect(attempts).toBeGreaterThan(15);
      expect(attempts).toBeLessThan(60);
      const gaps = opened.slice(1).map((at, index) => at - (opened[index] ?? at));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(30_001);
      expect(Math.min(...gaps.slice(8))).toBeGreaterThanOrEqual(15_000);
      await jest.advanceTimersByTimeAsync(600_000);
      expect([opened.length, jest.getTimerCount()]).toEqual([attempts, 0]);
    } finally {
      jest.useRealTimers();
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Price } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { VenueUnreachable } from '@scalpstorm/venue-api';
import { RecordingFeedListener } from '@scalpstorm/venue-api/testing';
import { BinanceMarketFeed } from './binance-market-feed.js';
import { UnreadablePayload } from './fields.js';
import type { VenueNotice } from './options.js';
import { parseBookTickers } from './parse-market.js';
import { payload } from './testing/payload.js';
import { impatient, instrumentId, patience } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';

const row = (symbol: string, changes: object = {}) => ({
  symbol,
  bidPrice: '10.50',
  bidQty: '1',
  askPrice: '10.60',
  askQty: '2',
  ...changes,
});
const askedAt = Timestamp.fromMillis(5_000);

describe('best prices that are asked for', () => {
  const known = (symbol: string) => (symbol === 'BTCUSDT' ? instrumentId : null);

  it('have the time of the question, no counter, and are only those that were asked for', () => {
    const [quote, ...others] = parseBookTickers([row('BTCUSDT'), row('币安人生USDT')], known, askedAt);
    expect(others).toEqual([]);
    expect(quote).toMatchObject({ instrumentId, bidPrice: Price.of('10.50'), sequence: 0, occurredAt: askedAt });
  });

  it('have the time and the counter of a venue that tells them, as USDT-M does', () => {
    const one = row('BTCUSDT', { time: 4_000, lastUpdateId: 77 });
    expect(parseBookTickers(one, known, askedAt)).toMatchObject([
      { sequence: 77, occurredAt: Timestamp.fromMillis(4_000) },
    ]);
  });

  it('leave out a market of which one side is empty, and refuse what nobody can read', () => {
    expect(parseBookTickers([row('BTCUSDT', { askPrice: '0.00000000', askQty: '0' })], known, askedAt)).toEqual([]);
    expect(() => parseBookTickers([row('BTCUSDT', { bidPrice: 10.5 })], known, askedAt)).toThrow(UnreadablePayload);
  });
});

describe('questions to the venue', () => {
  let scripted: ScriptedVenue;
  let feed: BinanceMarketFeed;
  let notices: VenueNotice[];
  let heard: RecordingFeedListener;

  beforeEach(async () => {
    notices = [];
    heard = new RecordingFeedListener();
    scripted = await ScriptedVenue.start();
    feed = await BinanceMarketFeed.create(impatient(scripted, notices));
  });
  afterEach(async () => {
    await feed.close();
    await scripted.stop();
  });

  it('ask once for all best prices, and by the short form for one', async () => {
    const listed = payload('exchange-info') as { symbols: object[] };
    const twin = { ...listed.symbols[0], symbol: 'ETHUSDT', baseAsset: 'ETH' };
    scripted.on('GET /api/v3/exchangeInfo', { status: 200, body: { ...listed, symbols: [...listed.symbols, twin] } });
    scripted.on('GET /api/v3/ticker/bookTicker', ({ symbols }) => ({
      status: 200,
      body: symbols === undefined ? row('BTCUSDT') : [row('BTCUSDT'), row('ETHUSDT')],
    }));
    await feed.instruments();
    const ether = InstrumentId.of('sim', 'ETH-USDT');
    expect((await feed.quotes([instrumentId])).map((quote) => quote.instrumentId)).toEqual([instrumentId]);
    expect((await feed.quotes([instrumentId, ether])).map((quote) => quote.instrumentId)).toEqual([
      instrumentId,
      ether,
    ]);
    const asked = scripted.requests.filter(({ name }) => name.endsWith('bookTicker')).map(({ params }) => params);
    expect(asked).toEqual([{ symbol: 'BTCUSDT' }, { symbols: '["BTCUSDT","ETHUSDT"]' }]);
    await expect(feed.quotes([InstrumentId.of('sim', 'NO-SUCH')])).rejects.toMatchObject({ name: 'VenueRefused' });
  });

  it('begin with the time: while the venue does not tell it nothing is subscribed, and the next try asks again', async () => {
    const answer = { status: 503, body: 'away' };
    scripted.on('GET /api/v3/time', answer);
    await expect(feed.open(instrumentId, heard)).rejects.toBeInstanceOf(VenueUnreachable);
    await expect(feed.open(instrumentId, heard)).rejects.toBeInstanceOf(VenueUnreachable);
    expect([feed.clockOffset, scripted.connections]).toEqual([null, 0]);
    scripted.on('GET /api/v3/time', () => ({ status: 200, body: { serverTime: Date.now() + 60_000 } }));
    await feed.open(instrumentId, heard);
    expect(feed.clockOffset?.offset).toBeGreaterThan(30_000_000);
  });

  it('do not take a candle for closed that was over only when the answer came', async () => {
    const opened = Math.floor(Date.now() / 1_000) * 1_000;
    let ours = opened + 300;
    const clock = { now: () => Timestamp.fromMillis(ours) };
    scripted.on('GET /api/v3/time', () => ({ status: 200, body: { serverTime: ours } }));
    scripted.on('GET /api/v3/klines', () => {
      // The answer was made in the middle of the candle, and comes long after its end.
      ours += 60_000;
      return { status: 200, body: [[opened, '10', '10', '10', '10', '4', opened + 999, '40', 4, '0', '0', '0']] };
    });
    const slow = await BinanceMarketFeed.create({ ...impatient(scripted, notices), clock });
    try {
      await slow.instruments();
      await slow.serverTime();
      const ask = () => slow.candles(instrumentId, '1s', Timestamp.fromMillis(opened), 10);
      expect(await ask()).toMatchObject([{ trades: 4, closed: false }]);
      expect(await ask()).toMatchObject([{ trades: 4, closed: true }]);
    } finally {
      await slow.close();
    }
  });

  it('tell a book that was fetched after a gap as of now, whatever came late before', async () => {
    await feed.open(instrumentId, heard);
    const isLive = () => eventually(() => expect(heard.statuses.at(-1)?.state).toBe('live'), patience);
    await isLive();
    const began = Date.now() * 1_000;
    const depth = (first: number, last: number): string =>
      JSON.stringify({ e: 'depthUpdate', E: 1_000, s: 'BTCUSDT', U: first, u: last, b: [['10.50', '1']], a: [] });
    // Older than the book, and of the past.
    scripted.tellPublic(depth(90, 91));
    scripted.on('GET /api/v3/depth', {
      status: 200,
      body: { lastUpdateId: 120, bids: [['10.00', '1']], asks: [['11.00', '1']] },
    });
    scripted.tellPublic(depth(110, 111));
    await eventually(() => expect(heard.depths.at(-1)?.sequence).toBe(120), patience);
    // The clock of the venue is measured to the millisecond, and half a round trip.
    expect(heard.depths.at(-1)?.occurredAt).toBeGreaterThan(began - 30_000_000);
  });
});

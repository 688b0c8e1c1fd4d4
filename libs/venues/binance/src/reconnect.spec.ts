import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, millisecond, seededRng, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, InstrumentId, VenueId } from '@scalpstorm/model';
import { anOrderRequest, eventually } from '@scalpstorm/testkit';
import { RecordingExecutionListener, RecordingFeedListener, SmallOrders } from '@scalpstorm/venue-api/testing';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { BinanceMarketFeed } from './binance-market-feed.js';
import type { BinanceOptions, VenueNotice } from './options.js';
import { type CuttableLine, startCuttableLine } from './testing/cuttable-line.js';
import { hasty } from './testing/scripted-parts.js';
import { type SimulatedExchange, startSimulatedExchange } from './testing/simulated-exchange.js';

const clock: Clock = { now: () => Timestamp.fromMillis(Date.now()) };
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const patience = { timeoutMs: 60_000 };

describe('a line that breaks', () => {
  let exchange: SimulatedExchange;
  let line: CuttableLine;
  let feed: BinanceMarketFeed;
  let execution: BinanceExecutionVenue;
  const heard = new RecordingFeedListener();
  const account = new RecordingExecutionListener();

  /** Patient, so that a machine which gives nobody a turn for seconds is not taken for a line that broke. */
  const optionsOf = (changes: Partial<BinanceOptions> = {}): BinanceOptions => ({
    venue: VenueId.of('sim'),
    addresses: line.addresses,
    clock,
    rng: seededRng(1),
    backoff: { first: 20 * millisecond, most: 200 * millisecond },
    silenceMax: 30_000 * millisecond,
    requestTimeout: 30_000 * millisecond,
    ...changes,
  });

  beforeAll(async () => {
    exchange = await startSimulatedExchange();
    line = await startCuttableLine(exchange.addresses);
    feed = await BinanceMarketFeed.create(optionsOf());
    execution = await BinanceExecutionVenue.create(optionsOf(), exchange.credentials);
    await feed.open(instrumentId, heard);
    await execution.open(account);
    await live();
  });

  afterAll(async () => {
    await feed.close();
    await execution.close();
    await line.close();
    await exchange.stop();
  });

  const live = () => eventually(() => expect(heard.statuses.at(-1)?.state).toBe('live'), patience);
  const order = async () => {
    const listed = (await feed.instruments()).find(({ id }) => id === instrumentId);
    const quote = heard.quotes.at(-1);
    if (listed === undefined || quote === undefined) throw new Error('no instrument or no quote');
    return { ...anOrderRequest(), ...new SmallOrders(listed).resting(quote) };
  };

  it('is told, and after a cut the book is in step again and the account is asked to reconcile', async () => {
    heard.statuses.length = 0;
    line.cut();
    await live();
    const states = heard.statuses.map(({ state }) => state);
    expect(states[0]).toBe('disconnected');
    expect(states.indexOf('resyncing')).toBeGreaterThan(0);
    await eventually(() => expect(account.connection).toEqual(['disconnected', 'reconnected']), patience);
    const books = heard.depths.length;
    await eventually(() => expect(heard.depths.length).toBeGreaterThan(books), patience);
  });

  it('is noticed when it says nothing although it is not cut', async () => {
    const notices: VenueNotice[] = [];
    const onNotice = (notice: VenueNotice) => void notices.push(notice);
    const waitsLess = await BinanceMarketFeed.create(optionsOf({ ...hasty, onNotice }));
    const statuses = new RecordingFeedListener();
    await waitsLess.open(instrumentId, statuses);
    await eventually(() => expect(statuses.statuses.at(-1)?.state).toBe('live'), patience);
    line.silence(true);
    await eventually(() => expect(statuses.statuses.at(-1)?.state).toBe('disconnected'), patience);
    expect(notices.map(({ code }) => code)).toContain('SOCKET_SILENT');
    line.silence(false);
    line.cut();
    await eventually(() => expect(statuses.statuses.at(-1)?.state).toBe('live'), patience);
    await waitsLess.close();
    await live();
    await eventually(() => expect(execution.state).toBe('connected'), patience);
  });

  it('leaves the outcome of an order unknown when only the answer is lost, and a look-up finds the order', async () => {
    const request = await order();
    await exchange.fault({ place: { dropAnswer: true, count: 1 } });
    const expiresAt = Timestamp.plus(execution.venueTime(), 30_000_000);
    const outcome = await execution.place(request, { expiresAt });
    expect(outcome).toMatchObject({ kind: 'unknown' });
    const found = await execution.lookup(request.clientOrderId, instrumentId);
    expect(found).toMatchObject({ clientOrderId: request.clientOrderId, status: 'open' });
    const open = await execution.openOrders(instrumentId);
    expect(open.filter(({ clientOrderId }) => clientOrderId === request.clientOrderId)).toHaveLength(1);
  });

  it('never lets an order through after its expiry, however late it arrives: no answer is unknown, then proof', async () => {
    const waitsLess = await BinanceExecutionVenue.create(optionsOf(hasty), exchange.credentials);
    /** A machine that gives nobody a turn lets an order expire before it leaves: then the next one has longer. */
    for (const lifeMs of [400, 2_000, 10_000]) {
      const clientOrderId = ClientOrderId.of(`late${lifeMs}`);
      const request = { ...(await order()), clientOrderId };
      await exchange.fault({ place: { delayMs: lifeMs + 2_600, count: 1 } });
      const expiresAt = Timestamp.plus(execution.venueTime(), lifeMs * 1_000);
      const outcome = await waitsLess.place(request, { expiresAt });
      if (outcome.kind !== 'unknown') continue;
      expect(outcome.code).toBe('TIMEOUT');
      const arrived = expiresAt + 3_000_000;
      await eventually(async () => expect(await execution.serverTime()).toBeGreaterThan(arrived), patience);
      expect(await execution.lookup(clientOrderId, instrumentId)).toBe('not-found');
      await waitsLess.close();
      return;
    }
    throw new Error('no order left before its expiry');
  });
});

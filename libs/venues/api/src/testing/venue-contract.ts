import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, second, Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  type Instrument,
  type InstrumentId,
  Money,
  notional,
  type OrderRequest,
  Price,
  Quantity,
  type Quote,
} from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { VenueUnreachable } from '../errors.js';
import type { ExecutionVenue, VenueFill } from '../execution-venue.js';
import type { MarketFeed } from '../market-feed.js';
import { RecordingExecutionListener, RecordingFeedListener } from './recording-listeners.js';
import { SmallOrders } from './small-orders.js';

/** A venue with a market in which somebody quotes and trades, and an account that can afford a few small orders. */
export interface VenueUnderTest {
  readonly instrumentId: InstrumentId;
  readonly clock: Clock;
  readonly feed: MarketFeed;
  /** Not opened yet. */
  readonly execution: ExecutionVenue;
  /** The same adapters at an address where nobody listens. */
  readonly deadFeed: MarketFeed;
  readonly deadExecution: ExecutionVenue;
  close(): Promise<void>;
}

/** A market moves when it likes. */
const patience = { timeoutMs: 20_000 };

interface Standing {
  readonly venue: VenueUnderTest;
  readonly instrument: Instrument;
  readonly orders: SmallOrders;
  readonly feedListener: RecordingFeedListener;
  readonly listener: RecordingExecutionListener;
  quote(): Quote;
  expiry(): { readonly expiresAt: Timestamp };
}

/** The suite that every venue adapter passes, fakes included, against a venue that really answers. */
export function describeVenueContract(name: string, setUp: () => Promise<VenueUnderTest>): void {
  describe(`${name} keeps the contract of a venue`, () => {
    let standing: Standing;
    beforeAll(async () => {
      standing = await stand(await setUp());
    }, 60_000);
    afterAll(async () => {
      await standing.venue.close();
    });
    const get = (): Standing => standing;
    marketContract(get);
    orderContract(get);
    fillContract(get);
    weatherContract(get);
  });
}

async function stand(venue: VenueUnderTest): Promise<Standing> {
  const instrument = (await venue.feed.instruments()).find(({ id }) => id === venue.instrumentId);
  if (instrument === undefined) throw new Error(`the venue does not list ${venue.instrumentId}`);
  const feedListener = new RecordingFeedListener();
  const listener = new RecordingExecutionListener();
  await venue.feed.open(venue.instrumentId, feedListener);
  await venue.execution.open(listener);
  await eventually(() => expect(feedListener.quotes).not.toHaveLength(0), patience);
  const quote = (): Quote => {
    const last = feedListener.quotes.at(-1);
    if (last === undefined) throw new Error('no quote');
    return last;
  };
  const expiry = () => ({ expiresAt: Timestamp.plus(venue.execution.venueTime(), 5 * second) });
  return { venue, instrument, orders: new SmallOrders(instrument), feedListener, listener, quote, expiry };
}

function marketContract(get: () => Standing): void {
  it('tells trades, changed quotes and an ordered book, with counters that only grow', async () => {
    const { feedListener, venue } = get();
    await eventually(() => {
      expect(feedListener.trades.length).toBeGreaterThanOrEqual(20);
      expect(feedListener.depths.length).toBeGreaterThanOrEqual(20);
    }, patience);
    expect(feedListener.statuses.at(-1)).toMatchObject({ instrumentId: venue.instrumentId, state: 'live' });
    const grows = (numbers: readonly number[]): boolean =>
      numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
    expect(grows(feedListener.quotes.map((quote) => quote.sequence))).toBe(true);
    expect(grows(feedListener.depths.map((depth) => depth.sequence))).toBe(true);
    expect(grows(feedListener.trades.map(({ sequence }, index) => sequence ?? index))).toBe(true);
    for (const { bids, asks } of feedListener.depths) {
      expect(bids.map((level) => level.price)).toEqual([...bids.map((level) => level.price)].sort(descending));
      expect(asks.map((level) => level.price)).toEqual(
        [...asks.map((level) => level.price)].sort(descending).reverse(),
      );
      expect((bids[0]?.price ?? 0n) < (asks[0]?.price ?? 1n)).toBe(true);
    }
  });

  it('gives back what it told: trades from a counter on, without a hole', async () => {
    const { feedListener, venue } = get();
    await eventually(() => expect(feedListener.trades.length).toBeGreaterThanOrEqual(5), patience);
    const told = feedListener.trades.slice(0, 5);
    const from = told[0]?.sequence;
    if (from === null || from === undefined) return;
    const trades = await venue.feed.trades(venue.instrumentId, from, 5);
    expect(trades.map((trade) => trade.sequence)).toEqual(told.map((trade) => trade.sequence));
    expect(trades.map(({ trade }) => trade)).toEqual(told.map(({ trade }) => trade));
  });

  it('gives candles from a time on, without a hole, the last one open', async () => {
    const { venue } = get();
    const now = await venue.feed.serverTime();
    const since = Timestamp.fromMicros(now - (now % (60 * second)) - 300 * second);
    const candles = await venue.feed.candles(venue.instrumentId, '1m', since, 10);
    expect(candles.length).toBeGreaterThanOrEqual(1);
    expect(candles.every(({ openedAt }, index) => openedAt === (candles[0]?.openedAt ?? 0) + index * 60 * second)).toBe(
      true,
    );
    expect(candles.every((candle) => candle.openedAt >= since)).toBe(true);
    expect(candles.map((candle) => candle.closed)).toEqual(candles.map((_, index) => index < candles.length - 1));
  });

  it('refuses an instrument that it does not list', async () => {
    const { venue } = get();
    const unknown = `${venue.feed.venue}:NO-SUCH` as InstrumentId;
    await expect(venue.feed.open(unknown, new RecordingFeedListener())).rejects.toMatchObject({
      name: 'VenueRefused',
      code: 'VENUE_UNKNOWN_INSTRUMENT',
    });
  });
}

const descending = (left: Price, right: Price): number => (left === right ? 0 : left > right ? -1 : 1);

function orderContract(get: () => Standing): void {
  it('takes a resting order under our id, tells it, finds it, lists it and cancels it', async () => {
    const { venue, orders, listener, quote, expiry } = get();
    const request = orders.resting(quote());
    const { clientOrderId, instrumentId, price, quantity } = request;
    const placed = await venue.execution.place(request, expiry());
    expect(placed).toMatchObject({
      kind: 'accepted',
      fills: [],
      order: { clientOrderId, price, quantity, status: 'open' },
    });
    expect(await venue.execution.lookup(clientOrderId, instrumentId)).toMatchObject({ clientOrderId, price, quantity });
    const open = await venue.execution.openOrders(instrumentId);
    expect(open.filter((order) => order.clientOrderId === clientOrderId)).toHaveLength(1);
    const canceled = await venue.execution.cancel({ instrumentId, clientOrderId });
    expect(canceled).toMatchObject({ kind: 'canceled', order: { clientOrderId, status: 'canceled' } });
    expect(await venue.execution.cancel({ instrumentId, clientOrderId })).toEqual({ kind: 'not-found' });
    await eventually(() => expect(reportsOf(listener, clientOrderId)).toEqual(['accepted', 'canceled']), patience);
  });

  it('never takes a second order under the id of an open one', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    await venue.execution.place(request, expiry());
    const again = await venue.execution.place(request, expiry());
    expect(again).toMatchObject({ kind: 'unknown', code: 'DUPLICATE_CLIENT_ORDER_ID' });
    const open = await venue.execution.openOrders(null);
    expect(open.filter((order) => order.clientOrderId === request.clientOrderId)).toHaveLength(1);
    await venue.execution.cancel(request);
  });

  it('says not-found for an id that it never saw', async () => {
    const { venue, orders } = get();
    const clientOrderId = orders.next();
    expect(await venue.execution.lookup(clientOrderId, venue.instrumentId)).toBe('not-found');
    expect(await venue.execution.cancel({ clientOrderId, instrumentId: venue.instrumentId })).toEqual({
      kind: 'not-found',
    });
  });

  it('does not place a request that has expired, and proves it', async () => {
    const { venue, orders, quote } = get();
    const request = orders.resting(quote());
    const expiresAt = Timestamp.plus(venue.execution.venueTime(), -1);
    const outcome = await venue.execution.place(request, { expiresAt });
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'REQUEST_EXPIRED', retryable: true });
    expect(await venue.execution.lookup(request.clientOrderId, request.instrumentId)).toBe('not-found');
  });

  const bad: readonly [string, (request: OrderRequest, account: Affluence) => OrderRequest, string][] = [
    [
      'a quantity off the step',
      (request, { instrument }) => {
        const tenth = Quantity.fromUnits(instrument.stepSize / 10n);
        return { ...request, quantity: Quantity.plus(request.quantity, tenth) };
      },
      'FILTER_FAILURE',
    ],
    [
      'a price off the tick',
      (request, { instrument }) => {
        const half = Price.fromUnits(instrument.tickSize / 2n);
        return { ...request, price: Price.plus(request.price ?? Price.zero, half) };
      },
      'FILTER_FAILURE',
    ],
    ['more than the account has', beyondMeans, 'INSUFFICIENT_BALANCE'],
  ];
  it.each(bad)('rejects %s with proof that no order exists', async (_, spoil, code) => {
    const { venue, orders, instrument, quote, expiry } = get();
    const request = spoil(orders.resting(quote()), { instrument, balances: await venue.execution.balances() });
    expect(await venue.execution.place(request, expiry())).toMatchObject({ kind: 'rejected', code, retryable: false });
    expect(await venue.execution.lookup(request.clientOrderId, request.instrumentId)).toBe('not-found');
  });

  it('rejects an order for an instrument that is not its own', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = { ...orders.resting(quote()), instrumentId: `${venue.feed.venue}:NO-SUCH` as InstrumentId };
    expect(await venue.execution.place(request, expiry())).toMatchObject({
      kind: 'rejected',
      code: 'UNKNOWN_INSTRUMENT',
    });
  });
}

interface Affluence {
  readonly instrument: Instrument;
  readonly balances: readonly Balance[];
}

/** Twice what can be paid for. */
function beyondMeans(request: OrderRequest, { instrument, balances }: Affluence): OrderRequest {
  const means = totalOf(balances, instrument.quote);
  const affordable = (means * 10n ** 6n) / (request.price ?? 1n);
  return { ...request, quantity: Quantity.floorTo(Quantity.fromUnits(2n * affordable), instrument.stepSize) };
}

const reportsOf = (listener: RecordingExecutionListener, clientOrderId: string) =>
  listener.reports.filter(({ order }) => order.clientOrderId === clientOrderId).map(({ kind }) => kind);

function fillContract(get: () => Standing): void {
  it('tells every fill once and the same way: in the answer, on the stream and when asked; balances move by exactly that', async () => {
    const { venue, orders, instrument, listener, quote, expiry } = get();
    const since = venue.execution.venueTime();
    const before = await venue.execution.balances();
    const request = orders.market(quote(), 'buy');
    const placed = await venue.execution.place(request, expiry());
    if (placed.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(placed.kind)}`);
    expect(placed.order).toMatchObject({ status: 'filled', filledQuantity: request.quantity });
    const streamed = () => listener.fills.filter(({ order }) => order.clientOrderId === request.clientOrderId);
    await eventually(() => expect(streamed().at(-1)?.order.status).toBe('filled'), patience);
    const booked = await eventually(async () => {
      const fills = await venue.execution.fillsSince(instrument.id, { since: Timestamp.plus(since, -5 * second) });
      const own = fills.filter((fill) => fill.venueOrderId === placed.venueOrderId);
      expect(own).toHaveLength(streamed().length);
      return own;
    }, patience);
    expect(streamed().map(({ fill }) => fill)).toEqual(
      placed.fills.map((fill) => ({ ...fill, occurredAt: expect.anything() })),
    );
    expect(booked.map(exactPart)).toEqual(placed.fills.map(exactPart));
    expect(new Set(booked.map((fill) => fill.tradeId)).size).toBe(booked.length);
    const first = booked[0];
    if (first === undefined) throw new Error('no fill');
    const later = await venue.execution.fillsSince(instrument.id, { since, fromTradeId: first.tradeId });
    expect(later[0]?.tradeId).toBe(first.tradeId);
    const after = await venue.execution.balances();
    for (const currency of [instrument.base, instrument.quote])
      expect(totalOf(after, currency) - totalOf(before, currency)).toBe(movedBy(booked, instrument, currency));
    await venue.execution.place(orders.market(quote(), 'sell'), expiry());
  });
}

/** What both the answer and the history tell. */
const exactPart = ({ tradeId, venueOrderId, side, price, quantity, fee, liquidity }: VenueFill) => ({
  tradeId,
  venueOrderId,
  side,
  price,
  quantity,
  fee,
  liquidity,
});

const totalOf = (balances: readonly Balance[], currency: string): bigint =>
  balances
    .filter((balance) => balance.currency === currency)
    .reduce((sum, { free, locked }) => sum + free.amount + locked.amount, 0n);

function movedBy(fills: readonly VenueFill[], { base, quote }: Instrument, currency: string): bigint {
  return fills.reduce((sum, { price, quantity, fee }) => {
    const bought = currency === base ? Money.fromQuantity(quantity, base).amount : 0n;
    const paid = currency === quote ? notional(price, quantity, quote).amount : 0n;
    return sum + bought - paid - (fee.currency === currency ? fee.amount : 0n);
  }, 0n);
}

function weatherContract(get: () => Standing): void {
  it('throws weather, and never an answer, when the venue cannot be asked', async () => {
    const { venue, orders } = get();
    const id = orders.next();
    const questions = [
      () => venue.deadExecution.lookup(id, venue.instrumentId),
      () => venue.deadExecution.openOrders(null),
      () => venue.deadExecution.balances(),
      () => venue.deadExecution.fillsSince(venue.instrumentId, { since: Timestamp.fromMicros(0) }),
      () => venue.deadExecution.serverTime(),
      () => venue.deadExecution.open(new RecordingExecutionListener()),
      () => venue.deadFeed.instruments(),
    ];
    for (const question of questions) await expect(question()).rejects.toBeInstanceOf(VenueUnreachable);
  });

  it('says of an order to a dead address either that it did not leave or that it does not know', async () => {
    const { venue, orders, quote, expiry } = get();
    const request = orders.resting(quote());
    const outcomes = [await venue.deadExecution.place(request, expiry()), await venue.deadExecution.cancel(request)];
    for (const outcome of outcomes)
      expect(outcome.kind === 'unknown' || (outcome.kind === 'rejected' && outcome.code === 'NOT_CONNECTED')).toBe(
        true,
      );
  });

  it('measures how far the clock of the venue is ahead', () => {
    const { venue } = get();
    const measured = venue.execution.clockOffset;
    expect(measured).not.toBeNull();
    expect(venue.execution.venueTime() - venue.clock.now()).toBeLessThan((measured?.offset ?? 0) + second);
  });
}

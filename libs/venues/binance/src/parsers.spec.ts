import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type Instrument, InstrumentId, Money, Price, Quantity, VenueId } from '@scalpstorm/model';
import { UnreadablePayload } from './fields.js';
import { parseAccount, parseOrderRow, parseOwnTrades, parsePlacedFills, parseUserEvent } from './parse-account.js';
import { parseExchangeInfo } from './parse-instruments.js';
import {
  type PublicEvent,
  parseCandles,
  parseDepthSnapshot,
  parseDepthUpdate,
  parsePublicEvent,
  parseQuote,
  parseRestTrades,
  parseStreamTrade,
} from './parse-market.js';
import { payload } from './testing/payload.js';

const venue = VenueId.of('sim');
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const fees = { maker: '0.001', taker: '0.001' };
const info = parseExchangeInfo(payload('exchange-info'), venue, fees);
const find = (symbol: string): Instrument | null => (symbol === 'BTCUSDT' ? (info.instruments[0] ?? null) : null);
const micros = (millis: number): Timestamp => Timestamp.fromMillis(millis);

function publicEvent(name: string): Extract<PublicEvent, { symbol: string }> {
  const event = parsePublicEvent(payload(name));
  if (!('symbol' in event)) throw new Error(`${name} is ${event.kind}`);
  return event;
}

describe('the public stream, as Binance recorded it', () => {
  it('reads a trade exactly; a buyer that made means a seller that took', () => {
    const event = publicEvent('stream-trade');
    expect([event.kind, event.symbol]).toEqual(['trade', 'BTCUSDT']);
    expect(parseStreamTrade(event.fields, instrumentId)).toEqual({
      sequence: 3_735_683_259,
      trade: {
        instrumentId,
        tradeId: '3735683259',
        price: Price.of('61837.63'),
        quantity: Quantity.of('0.02'),
        aggressor: 'sell',
        occurredAt: micros(1_723_161_255_342),
      },
    });
  });

  it('reads a book ticker, which has no name and no time on spot', () => {
    const event = publicEvent('stream-book-ticker');
    expect(event.kind).toBe('quote');
    expect(parseQuote(event.fields, instrumentId, micros(5))).toEqual({
      instrumentId,
      bidPrice: Price.of('61837.63'),
      bidQuantity: Quantity.of('3.78826'),
      askPrice: Price.of('61837.64'),
      askQuantity: Quantity.of('1.54698'),
      sequence: 50_093_239_212,
      occurredAt: micros(5),
    });
  });

  it('reads changes and snapshots of the book', () => {
    const event = publicEvent('stream-depth');
    expect(event.kind).toBe('depth');
    const update = parseDepthUpdate(event.fields);
    expect(update).toMatchObject({
      first: 50_093_239_189,
      last: 50_093_239_202,
      occurredAt: micros(1_723_161_255_208),
    });
    expect(update.bids[0]).toEqual({ price: Price.of('61737.63'), quantity: Quantity.zero });
    expect(parseDepthSnapshot(payload('depth-snapshot'))).toMatchObject({
      last: 50_093_239_218,
      bids: expect.arrayContaining([{ price: Price.of('61837.62'), quantity: Quantity.of('0.617') }]),
    });
  });

  it('tells answers from events, and an answer that says no', () => {
    expect(parsePublicEvent({ result: null, id: 3 })).toEqual({
      kind: 'answer',
      id: '3',
      error: null,
      result: null,
    });
    expect(parsePublicEvent({ error: { code: 2, msg: 'no' }, id: 3 })).toMatchObject({
      error: '{"code":2,"msg":"no"}',
    });
    expect(parsePublicEvent({ e: 'kline', s: 'BTCUSDT' })).toEqual({ kind: 'other' });
  });

  const spoiled: readonly [string, Record<string, unknown>][] = [
    ['a price that is a number', { p: 61837.63 }],
    ['a price with an exponent', { p: '6e4' }],
    ['a price with too many decimals', { p: '1.0000000000001' }],
    ['no quantity', { q: undefined }],
    ['a counter that is not whole', { t: 1.5 }],
    ['a time that is a word', { T: 'now' }],
    ['a side that is a word', { m: 'yes' }],
  ];
  it.each(spoiled)('refuses %s instead of guessing', (_, fault) => {
    const { fields } = publicEvent('stream-trade');
    expect(() => parseStreamTrade({ ...fields, ...fault }, instrumentId)).toThrow(UnreadablePayload);
  });

  it.each([null, 7, 'text', []])('refuses the frame %p', (frame) => {
    expect(() => parsePublicEvent(frame)).toThrow(UnreadablePayload);
  });
});

describe('public REST answers', () => {
  it('reads instruments with their filters, and the limits', () => {
    expect(info.instruments).toEqual([
      {
        id: instrumentId,
        venue,
        symbol: 'BTC-USDT',
        base: 'BTC',
        quote: 'USDT',
        status: 'trading',
        tickSize: Price.of('0.01'),
        priceMin: Price.of('0.01'),
        priceMax: Price.of('21474836.47'),
        stepSize: Quantity.of('0.00001'),
        quantityMin: Quantity.of('0.00001'),
        quantityMax: Quantity.of('9000000'),
        marketQuantityMax: Quantity.of('9000000'),
        marketStepSize: Quantity.of('0.00001'),
        marketQuantityMin: Quantity.of('0.00001'),
        notionalMin: Money.of('5', 'USDT'),
        marketNotionalMax: null,
        makerFeeRate: '0.001',
        takerFeeRate: '0.001',
      },
    ]);
    expect(info.limits).toEqual([
      { kind: 'weight', limit: 6_000, interval: 60_000_000 },
      { kind: 'orders', limit: 100, interval: 10_000_000 },
      { kind: 'orders', limit: 200_000, interval: 86_400_000_000 },
    ]);
  });

  it('skips a symbol that our numbers cannot express and says why, without losing the others', () => {
    const [good] = payload('exchange-info')['symbols'] as Record<string, unknown>[];
    const bad = { ...good, symbol: 'xUSDT', baseAsset: 'x' };
    const noFilters = { ...good, symbol: 'AUSDT', baseAsset: 'A', filters: [] };
    const parsed = parseExchangeInfo({ symbols: [bad, noFilters, good] }, venue, fees);
    expect(parsed.instruments.map(({ symbol }) => symbol)).toEqual(['BTC-USDT']);
    expect(parsed.skipped.map(({ symbol }) => symbol)).toEqual(['xUSDT', 'AUSDT']);
  });

  it('reads candles; the one whose end is not reached is open', () => {
    const [first, second] = parseCandles(
      payload('klines'),
      { instrumentId, timeframe: '1m' },
      micros(1_795_235_202_000),
    );
    expect(first).toMatchObject({ openedAt: micros(1_795_235_100_000), trades: 60, closed: true });
    expect(second).toMatchObject({ open: Price.of('60002.29'), volume: Quantity.of('29.2294'), closed: false });
  });

  it('takes a candle for closed when a later one follows, or when it was over and settled before the question', () => {
    const ended = 1_795_235_220_000;
    const closedWhenAsked = (millis: number) =>
      parseCandles(payload('klines'), { instrumentId, timeframe: '1m' }, micros(millis)).map(({ closed }) => closed);
    // A clock that errs by minutes changes nothing about the one that another follows.
    expect(closedWhenAsked(ended - 600_000)).toEqual([true, false]);
    expect(closedWhenAsked(ended)).toEqual([true, false]);
    expect(closedWhenAsked(ended + 1_000)).toEqual([true, true]);
  });

  it('reads past trades with the same ids as the stream', () => {
    const trades = parseRestTrades(payload('trades'), instrumentId);
    expect(trades.map(({ sequence, trade }) => String(sequence) === trade.tradeId)).toEqual([true, true]);
  });
});

describe('what concerns an account', () => {
  it('reads the answer to an order with what it took at once', () => {
    const order = parseOrderRow(payload('order-filled'), instrumentId);
    expect(order).toMatchObject({
      clientOrderId: 'sdemo0001N000020000',
      price: null,
      status: 'filled',
      type: 'market',
    });
    expect(parsePlacedFills(payload('order-filled'), order)).toEqual([
      {
        tradeId: '36159',
        clientOrderId: 'sdemo0001N000020000',
        venueOrderId: '9120',
        instrumentId,
        side: 'buy',
        price: Price.of('60002.48'),
        quantity: Quantity.of('0.0123'),
        fee: Money.of('0.0000123', 'BTC'),
        liquidity: 'taker',
        occurredAt: micros(1_795_235_202_990),
      },
    ]);
  });

  it('finds our id in the answer to a cancel, where the venue writes the id of the cancel first', () => {
    const canceled = parseOrderRow(payload('order-canceled'), instrumentId);
    expect(canceled).toMatchObject({ clientOrderId: 'sdemo0001N000010000', status: 'canceled' });
    const queried = parseOrderRow(payload('order-query'), instrumentId);
    expect(queried).toMatchObject({ clientOrderId: 'sdemo0001N000010000', price: Price.of('50000.1') });
  });

  it('reads reports, fills and balances of the user stream', () => {
    expect(parseUserEvent(payload('execution-report-new'), find)).toMatchObject({
      kind: 'report',
      report: { kind: 'accepted', order: { clientOrderId: 'sdemo0001N000010000', status: 'open' }, reason: null },
    });
    expect(parseUserEvent(payload('execution-report-canceled'), find)).toMatchObject({
      kind: 'report',
      report: { kind: 'canceled', order: { clientOrderId: 'sdemo0001N000010000', status: 'canceled' } },
    });
    const order = parseOrderRow(payload('order-filled'), instrumentId);
    const [placed] = parsePlacedFills(payload('order-filled'), order);
    expect(parseUserEvent(payload('execution-report-trade'), find)).toMatchObject({ kind: 'fill', fill: placed });
    expect(parseUserEvent(payload('account-position'), find)).toMatchObject({ kind: 'balances' });
    expect(parseUserEvent({ e: 'eventStreamTerminated' }, find)).toEqual({ kind: 'terminated' });
    expect(parseUserEvent({ e: 'balanceUpdate' }, find)).toEqual({ kind: 'other' });
  });

  it.each<[string, string, string | null]>([
    // Amended; `q` is what it is from now on.
    ['REPLACED', 'NEW', null],
    ['REPLACED', 'PARTIALLY_FILLED', null],
    ['REPLACED', 'CANCELED', 'canceled'],
    ['TRADE_PREVENTION', 'PARTIALLY_FILLED', null],
    ['TRADE_PREVENTION', 'EXPIRED_IN_MATCH', 'expired'],
    ['EXPIRED', 'EXPIRED_IN_MATCH', 'expired'],
    ['CANCELED', 'CANCELED', 'canceled'],
    ['REJECTED', 'REJECTED', 'rejected'],
    ['NEW', 'NEW', 'accepted'],
  ])('takes a report %s for what its state %s says', (x, X, kind) => {
    const told = parseUserEvent({ ...payload('execution-report-canceled'), x, X, z: '0.0005' }, find);
    if (kind === null) expect(told).toEqual({ kind: 'other' });
    else
      expect(told).toMatchObject({
        kind: 'report',
        report: { kind, order: { filledQuantity: Quantity.of('0.0005') } },
      });
  });

  it('reads the own fills of the history as the same fills, without our id', () => {
    const [fill] = parseOwnTrades(payload('my-trades'), instrumentId);
    const order = parseOrderRow(payload('order-filled'), instrumentId);
    expect(fill).toEqual({ ...parsePlacedFills(payload('order-filled'), order)[0], clientOrderId: null });
  });

  it('leaves out assets of which nothing is held', () => {
    const account = {
      balances: [
        { asset: 'A', free: '0.00', locked: '0' },
        { asset: 'B', free: '0', locked: '1.5' },
      ],
    };
    expect(parseAccount(account)).toEqual([{ currency: 'B', free: Money.of('0', 'B'), locked: Money.of('1.5', 'B') }]);
  });

  const spoiled: readonly [string, Record<string, unknown>][] = [
    ['an unknown status', { X: 'DREAMING' }],
    ['an unknown execution type', { x: 'DREAMING' }],
    ['a fee that is no exact amount', { n: '1e-5' }],
    ['a side that is none', { S: 'HOLD' }],
  ];
  it.each(spoiled)('refuses a report with %s', (_, fault) => {
    expect(() => parseUserEvent({ ...payload('execution-report-trade'), ...fault }, find)).toThrow(UnreadablePayload);
  });
});

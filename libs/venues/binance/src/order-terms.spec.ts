import { describe, expect, it } from '@jest/globals';
import { InstrumentId, Price, Quantity, type Trigger } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { type HeldTerms, lackOf, parseHeldTerms, termsRule } from './order-terms.js';
import { orderParams } from './order-wire.js';
import { parseOrderRow } from './parse-account.js';
import { filtersOf } from './parse-rules.js';

const price = Price.of;
const at = (kind: 'stop' | 'take-profit', source: Trigger['source'] = 'last'): Trigger => ({
  kind,
  price: price('100'),
  source,
});
const trailing = (distanceBps: number, activation: Price | null = null): Trigger => ({
  kind: 'trailing',
  distanceBps,
  activation,
  source: 'last',
});
const atMarket = { type: 'market', price: null } as const;
const all = ['LIMIT', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'];
const delta = {
  filterType: 'TRAILING_DELTA',
  minTrailingAboveDelta: 10,
  maxTrailingAboveDelta: 2000,
  minTrailingBelowDelta: 20,
  maxTrailingBelowDelta: 1000,
};
const held = (row: object = {}): HeldTerms => {
  const filters = [delta, { filterType: 'ICEBERG_PARTS', limit: 10 }];
  const symbol = { orderTypes: all, allowTrailingStop: true, icebergAllowed: true, filters, ...row };
  return parseHeldTerms(symbol, filtersOf(symbol));
};

describe('an order that waits, as Binance wants it', () => {
  it.each<[string, Parameters<typeof anOrderRequest>[0], object]>([
    ['a stop', { ...atMarket, trigger: at('stop') }, { type: 'STOP_LOSS', stopPrice: '100' }],
    [
      'a stop-limit',
      { price: price('99'), trigger: at('stop') },
      { type: 'STOP_LOSS_LIMIT', stopPrice: '100', price: '99', timeInForce: 'GTC' },
    ],
    ['a take-profit', { ...atMarket, trigger: at('take-profit') }, { type: 'TAKE_PROFIT', stopPrice: '100' }],
    ['one that trails', { ...atMarket, trigger: trailing(150) }, { type: 'STOP_LOSS', trailingDelta: 150 }],
    [
      'one that trails from a price on',
      { price: price('99'), trigger: trailing(150, price('120')) },
      { type: 'TAKE_PROFIT_LIMIT', trailingDelta: 150, stopPrice: '120', price: '99', timeInForce: 'GTC' },
    ],
    [
      'an iceberg',
      { price: price('99'), displayQuantity: Quantity.of('0.001') },
      { type: 'LIMIT', price: '99', timeInForce: 'GTC', icebergQty: '0.001' },
    ],
  ])('%s', (_, wish, expected) => {
    const request = anOrderRequest(wish);
    const {
      symbol: _symbol,
      side: _side,
      quantity: _quantity,
      ...params
    } = orderParams(request, 'BTCUSDT', false) as Record<string, unknown>;
    expect(params).toEqual({ ...expected, newClientOrderId: request.clientOrderId, newOrderRespType: 'FULL' });
  });
});

describe('what Binance holds', () => {
  it.each<[string | null, Parameters<typeof anOrderRequest>[0], object]>([
    [null, {}, {}],
    [null, { trigger: at('stop') }, {}],
    [null, { trigger: trailing(150) }, {}],
    [null, { displayQuantity: Quantity.of('0.001') }, {}],
    ['trigger-source', { trigger: at('stop', 'mid') }, {}],
    ['trigger-source', { trigger: at('stop', 'mark') }, {}],
    ['expiry', { timeInForce: 'GTD', expiresAt: 1 as never }, {}],
    ['trigger', { trigger: at('stop') }, { orderTypes: ['LIMIT'] }],
    ['trailing', { trigger: trailing(150) }, { allowTrailingStop: false }],
    ['iceberg', { displayQuantity: Quantity.of('0.001') }, { icebergAllowed: false }],
  ])('%s is what it lacks (%#)', (lack, wish, row) => {
    expect(lackOf(anOrderRequest(wish), held(row))).toBe(lack);
  });

  it('is for the venue to say where its listing is not known', () => {
    expect(lackOf(anOrderRequest({ trigger: trailing(150) }), null)).toBeNull();
    expect(lackOf(anOrderRequest({ trigger: at('stop', 'mid') }), null)).toBe('trigger-source');
  });

  it('has a range for how far it trails, by the direction in which it waits', () => {
    const range = (side: 'buy' | 'sell', trigger: Trigger) =>
      termsRule(anOrderRequest({ ...atMarket, side, trigger }), held())?.limit ?? null;
    expect(range('buy', trailing(10))).toBeNull();
    expect(range('sell', trailing(10))).toBe('20..1000 bps');
    expect(range('sell', trailing(10, price('120')))).toBeNull();
    expect(range('buy', trailing(2_001))).toBe('10..2000 bps');
  });

  it('shows an iceberg in at most so many parts', () => {
    const parts = (display: string) =>
      termsRule(anOrderRequest({ quantity: Quantity.of('1'), displayQuantity: Quantity.of(display) }), held())?.code;
    expect([parts('0.1'), parts('0.09')]).toEqual([undefined, 'ICEBERG_PARTS_ABOVE_MAXIMUM']);
  });
});

describe('an order that waits, as Binance tells it', () => {
  const row = (changes: object) =>
    parseOrderRow(
      {
        symbol: 'BTCUSDT',
        orderId: 7,
        clientOrderId: 'mine',
        price: '0.00',
        origQty: '1.0',
        executedQty: '0.0',
        status: 'NEW',
        side: 'SELL',
        time: 1,
        stopPrice: '100.00',
        isWorking: false,
        ...changes,
      },
      InstrumentId.of('sim', 'BTC-USDT'),
    );

  it('has the trigger that it was placed with, and says when it is in the book', () => {
    expect(row({ type: 'STOP_LOSS' })).toMatchObject({ type: 'market', trigger: at('stop'), triggered: false });
    expect(row({ type: 'TAKE_PROFIT_LIMIT', price: '99.00', isWorking: true })).toMatchObject({
      type: 'limit',
      price: price('99'),
      trigger: at('take-profit'),
      triggered: true,
    });
    const trails = { type: 'STOP_LOSS', stopPrice: '0.00', trailingDelta: 150 };
    expect(row(trails)).toMatchObject({ trigger: trailing(150), triggered: false });
  });

  it('in the answer to its placement says since when it works', () => {
    const answer = { type: 'STOP_LOSS', isWorking: undefined };
    expect(row({ ...answer, workingTime: -1 }).triggered).toBe(false);
    expect(row({ ...answer, workingTime: 1_700_000_000_000 }).triggered).toBe(true);
  });

  it('is nothing special where it never waited', () => {
    const plain = row({ type: 'LIMIT', price: '99.00', stopPrice: '0.00', isWorking: true });
    expect([plain.trigger, plain.triggered]).toEqual([undefined, undefined]);
    expect(Object.keys(plain)).not.toContain('trigger');
  });
});

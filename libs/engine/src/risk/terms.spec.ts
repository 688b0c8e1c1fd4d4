import { describe, expect, it } from '@jest/globals';
import { type OrderRequest, Price, Quantity, type Trigger } from '@scalpstorm/model';
import { createOrder } from '../orders/order.js';
import { at, exampleRequest, usdt } from '../testing.js';
import { exposureOf } from './exposure.js';
import { approved, code, context, empty, holding, instrument, limits, market, slot, wanted } from './scene.js';
import { applyOrder, botStanding } from './standing.js';

const price = Price.of;
const stop = (level: string, changes: object = {}): Trigger => ({
  kind: 'stop',
  price: price(level),
  source: 'last',
  ...changes,
});
const atMarket = { type: 'market', price: null } as const;
/** The market is at 100. */
const stopBuy = (level: string, changes: Partial<OrderRequest> = {}) =>
  wanted({ ...atMarket, trigger: stop(level), quantity: Quantity.of('1'), ...changes });

describe('an order that waits', () => {
  it.each<[string, string, OrderRequest]>([
    ['a stop above the market', 'approved', stopBuy('110')],
    [
      'a take-profit below it',
      'approved',
      stopBuy('90', { trigger: { ...stop('90'), kind: 'take-profit' } as Trigger }),
    ],
    ['a stop that the market has reached', 'WOULD_TRIGGER', stopBuy('100')],
    ['one by the middle of the book', 'approved', stopBuy('100.005', { trigger: stop('100.01', { source: 'mid' }) })],
    ['a trigger between the ticks', 'TRIGGER_OFF_TICK', stopBuy('110.001')],
    ['a trigger out of every range', 'TRIGGER_OUT_OF_RANGE', stopBuy('99999999')],
    ['a trigger at nothing', 'TRIGGER_OUT_OF_RANGE', stopBuy('0')],
    ['terms that do not fit', 'TERMS_UNFIT', stopBuy('110', { timeInForce: 'PO' })],
    ['a GTD order without its expiry', 'TERMS_UNFIT', wanted({ timeInForce: 'GTD' })],
    ['an expiry that has passed', 'EXPIRY_PASSED', wanted({ timeInForce: 'GTD', expiresAt: at(10) })],
    ['an expiry to come', 'approved', wanted({ timeInForce: 'GTD', expiresAt: at(11) })],
    ['a part between the steps', 'DISPLAY_OFF_STEP', wanted({ displayQuantity: Quantity.of('0.0000001') })],
    [
      'a limit far from the market and near its trigger',
      'approved',
      wanted({ price: price('111'), trigger: stop('110') }),
    ],
    ['a limit far from its trigger', 'PRICE_OUTSIDE_COLLAR', wanted({ price: price('112'), trigger: stop('110') })],
  ])('%s: %s', (_, expected, request) => expect(code(request)).toBe(expected));

  it('is judged by the worst that it may come to', () => {
    const nine = Quantity.of('9');
    expect(code(wanted({ ...atMarket, quantity: nine }))).toBe('approved');
    // 9 × 110 is 990, and with the collar of 1 % it is 999.9; a tick more is too much.
    expect(code(stopBuy('110', { quantity: nine }))).toBe('approved');
    expect(code(stopBuy('110.02', { quantity: nine }))).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
  });

  it('to close is refused for what is wrong with it, and not for where the market is', () => {
    const close = (changes: Partial<OrderRequest>) =>
      wanted({
        ...slot(2, 'exit'),
        ...atMarket,
        side: 'sell',
        purpose: 'close',
        quantity: Quantity.of('1'),
        ...changes,
      });
    const long = holding('1');
    expect(code(close({ trigger: stop('90') }), long)).toBe('approved');
    expect(code(close({ trigger: stop('110') }), long)).toBe('approved');
    expect(code(close({ trigger: stop('90.001') }), long)).toBe('TRIGGER_OFF_TICK');
    expect(code(close({ trigger: stop('90') }), long, { market: null })).toBe('approved');
    // The stop works: it is what gives the position back, and nothing else may count on it.
    const guarded = approved(long, close({ trigger: stop('90') }));
    expect(code(close({ ...slot(3, 'exit') }), guarded)).toBe('EXCEEDS_POSITION');
  });

  it('counts as working and reserved like any other', () => {
    const standing = approved(empty, stopBuy('150'));
    expect(standing.openOrders).toBe(1);
    expect(exposureOf(standing, limits, context.marks)?.amount).toBe(100n * 10n ** 18n);
  });

  it('trades with nobody before its trigger is reached', () => {
    const buy = wanted({ price: price('100.5'), trigger: stop('100.4') });
    const waiting = approved(empty, buy);
    const sell = wanted({ ...slot(7), side: 'sell', price: price('100.45') });
    expect(code(sell, waiting)).toBe('approved');
    const order = { ...createOrder(buy, usdt, at(1)), version: 3 };
    const accepted = applyOrder(waiting, { ...order, status: 'accepted' }, instrument);
    expect(code(sell, accepted)).toBe('approved');
    const triggered = applyOrder(accepted, { ...order, status: 'triggered', version: 4 }, instrument);
    expect(code(sell, triggered)).toBe('SELF_TRADE');
    expect(code(sell, waiting, market({ last: price('100') }))).toBe('approved');
  });

  it('is not the same order as one with another trigger', () => {
    const many = (limitsAlike: string, other: string) => {
      const standing = Array.from({ length: 3 }).reduce<typeof empty>(
        (before, _, index) => approved(before, stopBuy(limitsAlike, slot(200 + index))),
        empty,
      );
      const { orders } = botStanding(standing, exampleRequest().botId);
      return [...orders.values()].filter(({ trigger }) => trigger?.kind === 'stop' && trigger.price === price(other))
        .length;
    };
    expect([many('110', '110'), many('110', '111')]).toEqual([3, 0]);
  });
});

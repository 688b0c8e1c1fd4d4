import { describe, expect, it } from '@jest/globals';
import { anOrderRequest } from '@scalpstorm/testkit';
import { orderParams } from './order-wire.js';

describe('an order as Binance wants it', () => {
  it.each([
    ['GTC', { type: 'LIMIT', timeInForce: 'GTC' }],
    ['IOC', { type: 'LIMIT', timeInForce: 'IOC' }],
    ['FOK', { type: 'LIMIT', timeInForce: 'FOK' }],
  ] as const)('%s is a limit order with its time in force', (timeInForce, expected) => {
    expect(orderParams(anOrderRequest({ timeInForce }), 'BTCUSDT')).toMatchObject(expected);
  });

  it('post-only is a type of its own, without a time in force', () => {
    const params = orderParams(anOrderRequest({ timeInForce: 'PO' }), 'BTCUSDT');
    expect(params).toMatchObject({ type: 'LIMIT_MAKER' });
    expect(params).not.toHaveProperty('timeInForce');
  });

  it('a market order has neither price nor time in force', () => {
    const params = orderParams(anOrderRequest({ type: 'market', price: null }), 'BTCUSDT');
    expect(Object.keys(params)).toEqual(['symbol', 'side', 'type', 'quantity', 'newClientOrderId', 'newOrderRespType']);
  });
});

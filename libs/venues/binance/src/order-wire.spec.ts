import { describe, expect, it } from '@jest/globals';
import { anOrderRequest } from '@scalpstorm/testkit';
import { orderParams } from './order-wire.js';

describe('an order as Binance wants it', () => {
  it.each([
    ['GTC', { type: 'LIMIT', timeInForce: 'GTC' }],
    ['IOC', { type: 'LIMIT', timeInForce: 'IOC' }],
    ['FOK', { type: 'LIMIT', timeInForce: 'FOK' }],
  ] as const)('%s is a limit order with its time in force', (timeInForce, expected) => {
    expect(orderParams(anOrderRequest({ timeInForce }), 'BTCUSDT', false)).toMatchObject(expected);
  });

  it('post-only is a type of its own, without a time in force', () => {
    const params = orderParams(anOrderRequest({ timeInForce: 'PO' }), 'BTCUSDT', false);
    expect(params).toMatchObject({ type: 'LIMIT_MAKER' });
    expect(params).not.toHaveProperty('timeInForce');
  });

  it('a market order has neither price nor time in force', () => {
    const params = orderParams(anOrderRequest({ type: 'market', price: null }), 'BTCUSDT', false);
    expect(Object.keys(params)).toEqual(['symbol', 'side', 'type', 'quantity', 'newClientOrderId', 'newOrderRespType']);
  });

  it('gives way to a newer order of ours, where the venue allows to say so', () => {
    expect(orderParams(anOrderRequest(), 'BTCUSDT', true)).toMatchObject({ selfTradePreventionMode: 'EXPIRE_MAKER' });
    expect(orderParams(anOrderRequest(), 'BTCUSDT', false)).not.toHaveProperty('selfTradePreventionMode');
  });
});

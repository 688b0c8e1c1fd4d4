import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { isPlain, type OrderTerms, type Trigger, termsFault, termsOf } from './order-terms.js';
import { Price } from './price.js';
import { Quantity } from './quantity.js';

const limit = { type: 'limit', timeInForce: 'GTC', quantity: Quantity.of('1') } as const;
const atMarket = { ...limit, type: 'market' } as const;
const stop: Trigger = { kind: 'stop', price: Price.of('90'), source: 'last' };
const trailing = (distanceBps: number): Trigger => ({ kind: 'trailing', distanceBps, activation: null, source: 'mid' });
const expiresAt = Timestamp.fromMillis(1);
const part = (text: string) => ({ displayQuantity: Quantity.of(text) });

describe('the terms of an order', () => {
  it.each([
    ['none', limit],
    ['a stop', { ...atMarket, trigger: stop }],
    ['one that trails', { ...atMarket, trigger: trailing(150) }],
    ['an expiry', { ...limit, timeInForce: 'GTD', expiresAt }],
    ['an expiry of one that waits', { ...atMarket, timeInForce: 'GTD', expiresAt, trigger: stop }],
    ['a part that shows', { ...limit, ...part('0.1') }],
  ] as const)('fit one another: %s', (_, request) => expect(termsFault(request)).toBeNull());

  it.each([
    ['/expiresAt', { ...limit, expiresAt }],
    ['/expiresAt', { ...limit, timeInForce: 'GTD' }],
    ['/timeInForce', { ...atMarket, timeInForce: 'GTD', expiresAt }],
    ['/timeInForce', { ...limit, timeInForce: 'PO', trigger: stop }],
    ['/trigger/distanceBps', { ...atMarket, trigger: trailing(0) }],
    ['/trigger/distanceBps', { ...atMarket, trigger: trailing(1.5) }],
    ['/trigger/distanceBps', { ...atMarket, trigger: trailing(5_001) }],
    ['/displayQuantity', { ...atMarket, ...part('0.1') }],
    ['/displayQuantity', { ...limit, timeInForce: 'IOC', ...part('0.1') }],
    ['/displayQuantity', { ...limit, ...part('1') }],
    ['/displayQuantity', { ...limit, ...part('0') }],
  ] as const)('do not, and the fault is at %s (%#)', (field, request) =>
    expect(termsFault(request)).toMatchObject({ field }),
  );

  it('are not there at all in a plain order', () => {
    const none: OrderTerms = {};
    expect(isPlain(none)).toBe(true);
    expect(Object.keys(termsOf({ ...limit, trigger: undefined }))).toEqual([]);
    expect([{ trigger: stop }, { expiresAt }, part('0.1')].map(isPlain)).toEqual([false, false, false]);
  });
});

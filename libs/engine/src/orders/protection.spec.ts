import { describe, expect, it } from '@jest/globals';
import { BotId, type Order, Price, Quantity } from '@scalpstorm/model';
import { anOrder, anOrderRequest } from '@scalpstorm/testkit';
import { isProtective, lostBy, protects, unprotected } from './protection.js';

const stop = { kind: 'stop', price: Price.of('100'), source: 'last' } as const;
const request = anOrderRequest({ side: 'sell', purpose: 'close', trigger: stop, quantity: Quantity.of('1') });
const orderOf = (changes: Partial<Order>): Order => anOrder({ request, ...changes });
const units = (text: string): bigint => Quantity.of(text);

describe('an order that protects', () => {
  it('is a close by a stop or a trailing trigger, and no other', () => {
    expect(isProtective(request)).toBe(true);
    expect(isProtective({ ...request, trigger: { ...stop, kind: 'take-profit' } })).toBe(false);
    expect(isProtective({ ...request, purpose: 'open' })).toBe(false);
    expect(isProtective({ ...request, trigger: undefined })).toBe(false);
  });

  it.each(['accepted', 'triggered', 'partially-filled', 'emulated', 'released'] as const)(
    'does so while it is %s',
    (status) => {
      expect(protects(orderOf({ status, filledQuantity: Quantity.of('0.4') }))).toBe(units('0.6'));
    },
  );

  it.each(['sending', 'unknown', 'pending-cancel', 'canceled', 'rejected'] as const)(
    'does not while it is %s',
    (status) => {
      expect(protects(orderOf({ status }))).toBe(0n);
    },
  );

  it('is lost when it ends though nobody here wanted that', () => {
    for (const status of ['canceled', 'rejected', 'expired', 'denied'] as const)
      expect(lostBy(orderOf({ status, filledQuantity: Quantity.of('0.25') }))).toBe(units('0.75'));
    expect(lostBy(orderOf({ status: 'canceled', cancelReason: 'manual' }))).toBe(0n);
    const byHand = { ...request, botId: null };
    expect(lostBy(orderOf({ request: byHand, status: 'canceled', cancelReason: 'flatten' }))).toBe(units('1'));
    const ofBot = { ...request, botId: BotId.of('bot_00000001') };
    expect(lostBy(orderOf({ request: ofBot, status: 'canceled', cancelReason: 'flatten' }))).toBe(0n);
    expect(lostBy(orderOf({ status: 'filled' }))).toBe(0n);
    expect(lostBy(orderOf({ status: 'accepted' }))).toBe(0n);
  });
});

describe('what has no stop', () => {
  const of = (held: string, side: 'buy' | 'sell', lost: string, working: string) =>
    Quantity.format(unprotected({ quantity: Quantity.of(held) }, side, units(lost), units(working)));

  it('is what was lost, as far as it is still held and no other stop covers it', () => {
    expect(of('1', 'sell', '1', '0')).toBe('1');
    expect(of('1', 'sell', '0.4', '0')).toBe('0.4');
    expect(of('1', 'sell', '1', '0.7')).toBe('0.3');
    expect(of('0.2', 'sell', '1', '0')).toBe('0.2');
    expect(of('-1', 'buy', '1', '0')).toBe('1');
  });

  it('is nothing where everything is covered, sold, or on the other side', () => {
    expect(of('1', 'sell', '1', '1')).toBe('0');
    expect(of('0', 'sell', '1', '0')).toBe('0');
    expect(of('-1', 'sell', '1', '0')).toBe('0');
  });
});

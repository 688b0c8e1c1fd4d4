import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { pauseOf, rateUsesOf } from './rate-headers.js';
import { SharedBudget } from './shared-budget.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(seconds * second);
const limits = [
  { kind: 'weight' as const, limit: 100, interval: 60 * second },
  { kind: 'orders' as const, limit: 10, interval: 10 * second },
];
const read = { weight: 10, orders: 0 };
const order = { weight: 1, orders: 1 };

describe('what the venue says that was used', () => {
  it('is read from its headers, however they are written', () => {
    expect(
      rateUsesOf({ 'X-Mbx-Used-Weight-1m': '42', 'x-mbx-order-count-10S': '3', 'X-MBX-ORDER-COUNT-1D': '9' }),
    ).toEqual([
      { kind: 'weight', interval: 60 * second, used: 42 },
      { kind: 'orders', interval: 10 * second, used: 3 },
      { kind: 'orders', interval: 86_400 * second, used: 9 },
    ]);
  });

  it.each([
    null,
    'text',
    { 'x-mbx-used-weight': '5' },
    { 'x-mbx-used-weight-1m': 'many' },
    { 'x-mbx-used-weight-1y': '1' },
  ])('is nothing in %p', (headers) => {
    expect(rateUsesOf(headers)).toEqual([]);
  });

  it('names how long to stay away: in seconds, or as the end of a ban', () => {
    expect(pauseOf(7, '', at(0))).toBe(7 * second);
    expect(pauseOf(null, 'IP banned until 1800000010000. Please', at(1_800_000_000))).toBe(10 * second);
    expect(pauseOf(null, 'Too many requests', at(0))).toBeNull();
  });
});

describe('one budget for all clients of a process', () => {
  const client = (rest: string, apiKey: string | null) => {
    const budget = new SharedBudget({ rest, apiKey, ledger: null }, { now: () => at(0) });
    budget.adopt(limits);
    return budget;
  };

  it('counts the weight of all of one address, and the orders of each account', () => {
    const one = client('http://shared.example/a', 'key-1');
    const other = client('http://shared.example/b', 'key-2');
    const elsewhere = client('http://other.example', 'key-1');
    for (let spent = 0; spent < 5; spent += 1) expect(one.take(read, 'read')).toBe(0);
    expect(other.take(read, 'read')).toBeGreaterThan(0);
    expect(elsewhere.take(read, 'read')).toBe(0);
    for (let spent = 0; spent < 7; spent += 1) expect(one.take(order, 'order')).toBe(0);
    expect(one.take(order, 'order')).toBeGreaterThan(0);
    expect(other.take(order, 'order')).toBe(0);
  });

  it('does not fill up because another client reads the limits again', () => {
    const budget = client('http://again.example', null);
    for (let spent = 0; spent < 5; spent += 1) budget.take(read, 'read');
    client('http://again.example', null);
    expect(budget.take(read, 'read')).toBeGreaterThan(0);
  });

  it('slows questions before orders, and orders before what ends a risk', () => {
    const budget = client('http://slow.example', 'key');
    budget.heard([{ kind: 'weight', interval: 60 * second, used: 60 }]);
    expect(budget.take(read, 'read')).toBeGreaterThan(0);
    expect(budget.take(order, 'order')).toBe(0);
    budget.heard([{ kind: 'weight', interval: 60 * second, used: 80 }]);
    expect(budget.take(order, 'order')).toBeGreaterThan(0);
    expect(budget.take(order, 'urgent')).toBe(0);
  });

  it('does not believe a venue that counts less than we sent', () => {
    const budget = client('http://less.example', null);
    for (let spent = 0; spent < 5; spent += 1) budget.take(read, 'read');
    budget.heard([{ kind: 'weight', interval: 60 * second, used: 1 }]);
    expect(budget.take(read, 'read')).toBeGreaterThan(0);
  });
});

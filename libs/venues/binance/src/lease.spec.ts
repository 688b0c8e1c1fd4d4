import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import type { LedgerGrant, Purses } from '@scalpstorm/venue-api';
import { Lease } from './lease.js';
import type { Priority, RateLimit } from './rate-budget.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(Math.round(seconds * second));
const orders: RateLimit = { kind: 'orders', limit: 100, interval: 10 * second };
const weight: RateLimit = { kind: 'weight', limit: 1_000, interval: 60 * second };

const lend = (lease: Lease, granted: Purses | null, now: Timestamp, others: Partial<LedgerGrant> = {}): void => {
  const { wants } = lease.request(now);
  lease.granted({ granted, others: 0, members: 1, pausedMs: 0, ...others }, wants, now);
};

/** How many pass one after the other at one moment. */
function burst(lease: Lease, priority: Priority, now: Timestamp, amount = 1): number {
  for (let count = 0; count < 10_000; count += 1) {
    if (lease.wait(amount, priority, now) > 0) return count;
    lease.spend(amount, priority, now);
  }
  return 10_000;
}

describe('what a process was lent', () => {
  it('is spent at once, and no more than that', () => {
    const lease = new Lease('scope', orders);
    lend(lease, [0, 12, 8], at(0));
    expect(burst(lease, 'order', at(0))).toBe(12);
    expect(burst(lease, 'urgent', at(0))).toBe(8);
  });

  it('is taken from the least urgent purse first, so that what is urgent finds its own', () => {
    const lease = new Lease('scope', orders);
    lend(lease, [0, 12, 8], at(0));
    for (let time = 0; time < 5; time += 1) lease.spend(1, 'urgent', at(0));
    expect(burst(lease, 'order', at(0))).toBe(7);
    expect(burst(lease, 'urgent', at(0))).toBe(8);
  });

  it('is asked for again when a purse is half empty, and by and by whatever was spent', () => {
    const lease = new Lease('scope', orders);
    // The first request did not know yet that nobody shares the limit.
    for (let time = 0; time < 2; time += 1) lend(lease, [0, 27, 18], at(0));
    expect([lease.isHungry(at(0)), lease.isDue(at(0.1))]).toEqual([false, false]);
    lease.spend(1, 'order', at(0.1));
    expect([lease.isHungry(at(0.1)), lease.isDue(at(0.1))]).toEqual([false, true]);
    for (let time = 0; time < 14; time += 1) lease.spend(1, 'order', at(0.1));
    expect(lease.isHungry(at(0.1))).toBe(true);
  });

  it('says what it misses, so that a dear question is lent for too', () => {
    const lease = new Lease('scope', weight);
    lend(lease, [1, 1, 1], at(0));
    expect(lease.wait(80, 'urgent', at(0))).toBeGreaterThan(0);
    expect(lease.request(at(0)).wants[2]).toBeGreaterThanOrEqual(78);
  });

  it('does not lend again what was spent while the question was under way', () => {
    const lease = new Lease('scope', orders);
    lend(lease, [0, 18, 18], at(0));
    const { wants } = lease.request(at(0.1));
    for (let time = 0; time < 10; time += 1) lease.spend(1, 'order', at(0.1));
    lease.granted({ granted: [0, 18, 18], others: 0, members: 1, pausedMs: 0 }, wants, at(0.1));
    expect(burst(lease, 'order', at(0.1))).toBe(8);
  });

  it('tells everything that was spent within the window, each time', () => {
    const lease = new Lease('scope', orders);
    lend(lease, [0, 18, 18], at(0));
    lease.spend(3, 'order', at(0));
    lease.spend(2, 'order', at(4));
    expect(lease.request(at(5)).spent).toEqual([
      { ageMs: 5_000, amount: 3 },
      { ageMs: 1_000, amount: 2 },
    ]);
    expect(lease.request(at(5)).spent).toHaveLength(2);
    expect(lease.request(at(11.5)).spent).toEqual([{ ageMs: 7_500, amount: 2 }]);
  });
});

describe('while nobody lends', () => {
  it('a quarter of the limit is spent at most, of which a part is kept for what is urgent', () => {
    const lease = new Lease('scope', weight);
    expect(burst(lease, 'read', at(0))).toBe(135);
    expect(burst(lease, 'order', at(0))).toBe(45);
    expect(burst(lease, 'urgent', at(0))).toBe(45);
    expect(burst(lease, 'urgent', at(30))).toBe(0);
    expect(burst(lease, 'urgent', at(70))).toBe(225);
  });

  it('no more than the others had left when they were last heard of', () => {
    const lease = new Lease('scope', weight);
    lend(lease, [10, 10, 10], at(0), { others: 850, members: 2 });
    // What was lent runs out.
    expect(lease.isLent(at(6))).toBe(false);
    expect(burst(lease, 'urgent', at(6))).toBe(50);
  });

  it('a ledger that begins anew lends nothing, and nobody stalls', () => {
    const lease = new Lease('scope', weight);
    lend(lease, null, at(0), { members: 2 });
    expect(burst(lease, 'urgent', at(0))).toBe(450);
  });

  it('a ledger that forgot what the others have spent makes us forget nothing', () => {
    const lease = new Lease('scope', weight);
    lend(lease, [10, 10, 10], at(0), { others: 850, members: 2 });
    lend(lease, null, at(1), { others: 0, members: 1 });
    expect(burst(lease, 'urgent', at(1))).toBe(50);
  });

  it('what was lent before is counted in the own share', () => {
    const lease = new Lease('scope', weight);
    lend(lease, [0, 0, 400], at(0), { members: 2 });
    expect(burst(lease, 'urgent', at(0), 100)).toBe(4);
    expect(burst(lease, 'urgent', at(6))).toBe(50);
  });

  it('a purse that is empty is not waited for when the ledger does not answer: the own share begins at once', () => {
    const lease = new Lease('scope', weight);
    lend(lease, [10, 10, 10], at(0), { members: 2 });
    expect(burst(lease, 'urgent', at(0))).toBe(30);
    lease.request(at(0.1));
    lease.unanswered();
    expect(lease.isLent(at(0.2))).toBe(true);
    expect(burst(lease, 'urgent', at(0.2))).toBe(420);
    // It is worth to look again soon: the ledger may be back.
    expect(lease.wait(1, 'urgent', at(0.2))).toBeLessThanOrEqual(0.1 * second);
    lend(lease, [0, 0, 5], at(0.3), { members: 2 });
    expect(burst(lease, 'urgent', at(0.3))).toBe(5);
  });

  it('a single question that is dearer than the whole share passes when nothing else did', () => {
    const lease = new Lease('scope', { kind: 'weight', limit: 10, interval: 60 * second });
    expect(lease.wait(80, 'urgent', at(0))).toBe(0);
    lease.spend(80, 'urgent', at(0));
    expect(lease.wait(1, 'urgent', at(0))).toBeGreaterThan(0);
  });
});

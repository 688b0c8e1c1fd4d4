import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { RateBudget, type RateLimit } from './rate-budget.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(Math.round(seconds * second));
const order = { weight: 1, orders: 1 };
const cancel = { weight: 1, orders: 0 };
const limits: readonly RateLimit[] = [
  { kind: 'orders', limit: 10, interval: 10 * second },
  { kind: 'weight', limit: 100, interval: 60 * second },
];

/** How many are let through at one moment. */
function burst(budget: RateBudget, priority: 'order' | 'urgent', now: Timestamp): number {
  for (let count = 0; count < 100; count += 1) if (budget.take(order, priority, now) > 0) return count;
  return 100;
}

describe('the rate budget', () => {
  it('keeps a part back for urgent orders and never passes the limit of the venue', () => {
    const budget = new RateBudget(limits, at(0));
    expect(burst(budget, 'order', at(0))).toBe(7);
    expect(burst(budget, 'urgent', at(0))).toBe(2);
  });

  it('lets a cancel pass when the orders are used up', () => {
    const budget = new RateBudget(limits, at(0));
    burst(budget, 'urgent', at(0));
    expect(budget.take(order, 'urgent', at(0))).toBeGreaterThan(0);
    expect(budget.take(cancel, 'urgent', at(0))).toBe(0);
  });

  it('says how long to wait, takes nothing meanwhile, and lets it pass then', () => {
    const budget = new RateBudget(limits, at(0));
    burst(budget, 'order', at(0));
    const wait = budget.take(order, 'order', at(0));
    expect(wait).toBeGreaterThan(0);
    expect(budget.take(order, 'order', at(wait / second - 0.01))).toBeGreaterThan(0);
    expect(budget.take(order, 'order', at(wait / second))).toBe(0);
  });

  it('lets nothing pass after the venue said stop, until the time that it named', () => {
    const budget = new RateBudget([], at(0));
    expect(budget.take(order, 'order', at(0))).toBe(0);
    budget.pause(at(1), 3 * second);
    expect(budget.take(cancel, 'urgent', at(2))).toBe(2 * second);
    expect(budget.take(cancel, 'urgent', at(4))).toBe(0);
  });

  it('lets nothing pass after a firewall turned it away, longer each time, and never longer than five minutes', () => {
    const budget = new RateBudget([], at(0));
    const lengths: number[] = [];
    for (let [times, now] = [0, 0]; times < 9; times += 1) {
      const length = budget.turnAway(at(now), null);
      lengths.push(length / second);
      expect(budget.take(cancel, 'urgent', at(now))).toBe(length);
      now += length / second;
      expect(budget.take(cancel, 'urgent', at(now))).toBe(0);
    }
    expect(lengths).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('counts once what was turned away together, and begins anew after five quiet minutes', () => {
    const budget = new RateBudget([], at(0));
    budget.turnAway(at(0), null);
    expect(budget.turnAway(at(1), null)).toBe(4 * second);
    expect(budget.turnAway(at(5), null)).toBe(10 * second);
    expect(budget.turnAway(at(15 + 300), null)).toBe(5 * second);
  });

  it('stays away from a firewall as long as it says, but no longer than five minutes', () => {
    expect(new RateBudget([], at(0)).turnAway(at(0), 60 * second)).toBe(60 * second);
    expect(new RateBudget([], at(0)).turnAway(at(0), 86_400 * second)).toBe(300 * second);
  });

  it('lets a request pass that costs more than the bucket holds, once the bucket is full', () => {
    const budget = new RateBudget([{ kind: 'weight', limit: 10, interval: second }], at(0));
    expect(budget.take({ weight: 80, orders: 0 }, 'order', at(0))).toBe(0);
    expect(budget.take(cancel, 'urgent', at(1))).toBeGreaterThan(0);
  });
});

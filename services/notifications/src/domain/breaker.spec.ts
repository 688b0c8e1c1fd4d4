import { describe, expect, it } from '@jest/globals';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { Breaker, retryDelay } from './breaker.js';

const start = Timestamp.fromMicros(1_700_000_000_000_000);
const after = (ms: number) => Timestamp.plus(start, ms * millisecond);
const breaker = () => new Breaker({ failuresMax: 3, firstMs: 100, longestMs: 1_000 });

describe('a breaker', () => {
  it('opens with the third failure in a row, and lets one try after a growing while', () => {
    const line = breaker();
    line.failed(start);
    line.failed(start);
    expect(line.blockedUntil(start)).toBeNull();
    line.failed(start);
    expect(line.blockedUntil(start)).toBe(after(100));
    expect([line.blockedUntil(after(100)), line.isOpen]).toEqual([null, true]);
    line.failed(after(100));
    expect(line.blockedUntil(after(100))).toBe(after(300));
    for (let index = 0; index < 50; index += 1) line.failed(start);
    expect(line.blockedUntil(start)).toBe(after(1_000));
  });

  it('closes with a success and counts anew', () => {
    const line = breaker();
    for (let index = 0; index < 3; index += 1) line.failed(start);
    line.succeeded();
    line.failed(start);
    expect([line.isOpen, line.blockedUntil(start)]).toEqual([false, null]);
  });
});

describe('the wait before the next attempt', () => {
  const settings = { attemptsMax: 24, firstMs: 5_000, longestMs: 3_600_000 };

  it('doubles up to its bound, spread by a quarter to both sides', () => {
    expect([1, 2, 3].map((attempts) => retryDelay(attempts, settings, 0.5))).toEqual(
      [5_000, 10_000, 20_000].map((ms) => ms * millisecond),
    );
    expect(retryDelay(23, settings, 0.5)).toBe(3_600_000 * millisecond);
    expect([retryDelay(1, settings, 0), retryDelay(1, settings, 0.999)]).toEqual([
      3_750 * millisecond,
      6_248 * millisecond,
    ]);
  });

  it('ends, after some fourteen hours', () => {
    expect(retryDelay(24, settings, 0.5)).toBeNull();
    let hours = 0;
    for (let attempts = 1; attempts < 24; attempts += 1)
      hours += (retryDelay(attempts, settings, 0.5) ?? 0) / millisecond / 3_600_000;
    expect(Math.round(hours)).toBe(14);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { CircuitBreaker, defaultCircuitLimits } from './circuit-breaker.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(Math.round(seconds * second));

describe('the circuit breaker of a venue', () => {
  let told: string[];
  let breaker: CircuitBreaker;

  beforeEach(() => {
    told = [];
    breaker = new CircuitBreaker(defaultCircuitLimits, seededRng(1), (state) => told.push(state));
  });

  const fail = (times: number, seconds = 0) => {
    for (let time = 0; time < times; time += 1) breaker.failed('HTTP 503', at(seconds));
  };

  it('lets everything pass while the venue answers now and then', () => {
    for (let round = 0; round < 20; round += 1) {
      breaker.failed('no answer', at(round * 40));
      breaker.answered(at(round * 40 + 1));
    }
    expect(breaker.admit('order', at(1_000))).toBe(0);
    expect(told).toEqual([]);
  });

  it('holds back what opens and what only asks after five failures in a row, and nothing that ends a risk or a doubt', () => {
    fail(4);
    expect(breaker.admit('order', at(0))).toBe(0);
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.admit('order', at(0))).toBeGreaterThan(0);
    expect(breaker.admit('read', at(0))).toBeGreaterThan(0);
    expect(breaker.admit('urgent', at(0))).toBe(0);
  });

  it('opens when half of many answers are failures, though never five in a row', () => {
    for (let time = 0; time < 10; time += 1) {
      breaker.answered(at(time));
      fail(1, time);
    }
    expect(breaker.state).toBe('open');
  });

  it('forgets answers that are older than its window', () => {
    for (let time = 0; time < 30; time += 1) {
      breaker.answered(at(time * 10));
      fail(1, time * 10);
    }
    expect(breaker.state).toBe('closed');
  });

  it('lets the next one try when the one that might did not ask', () => {
    fail(5);
    const later = at(100);
    expect(breaker.admit('order', later)).toBe(0);
    expect(breaker.admit('order', later)).toBeGreaterThan(0);
    breaker.unused('urgent');
    expect(breaker.admit('order', later)).toBeGreaterThan(0);
    breaker.unused('order');
    expect(breaker.admit('order', later)).toBe(0);
  });

  it('lets one try when its time is over, and stays open longer each time that one fails', () => {
    fail(5);
    const lengths: number[] = [];
    for (let [round, now] = [0, 0]; round < 8; round += 1) {
      const wait = breaker.admit('order', at(now));
      lengths.push(wait / second);
      now += wait / second;
      expect(breaker.admit('order', at(now))).toBe(0);
      expect(breaker.state).toBe('half-open');
      expect(breaker.admit('order', at(now))).toBeGreaterThan(0);
      fail(1, now);
    }
    expect(lengths[0]).toBeGreaterThanOrEqual(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(60);
    expect(lengths[5]).toBeGreaterThan((lengths[0] ?? 0) * 4);
  });

  it('is closed by two good answers, of cancels and look-ups too', () => {
    fail(5);
    breaker.answered(at(0.1));
    expect(breaker.state).toBe('half-open');
    breaker.answered(at(0.2));
    expect(breaker.state).toBe('closed');
    expect(breaker.admit('order', at(0.2))).toBe(0);
    expect(told).toEqual(['open', 'half-open', 'closed']);
  });

  it('does not wait for ever for a trial that nobody answers', () => {
    fail(5);
    const now = breaker.admit('order', at(0)) / second;
    expect(breaker.admit('order', at(now))).toBe(0);
    expect(breaker.admit('order', at(now + 9))).toBeGreaterThan(0);
    expect(breaker.admit('order', at(now + 11))).toBe(0);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@scalpstorm/cache/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { FakeClock } from '@scalpstorm/testkit';
import { attemptLimits, attemptWindowMs } from '../domain/attempt-limits.js';
import { CacheLoginThrottle } from './cache-login-throttle.js';

const attempt = { account: 'ann@example.com', clientAddress: '192.0.2.1' };

describe('the log-in throttle', () => {
  let cache: MemoryCache;
  let clock: FakeClock;
  let throttle: CacheLoginThrottle;

  beforeEach(() => {
    cache = new MemoryCache();
    clock = new FakeClock(Timestamp.fromMillis(Math.floor(1_700_000_000_000 / attemptWindowMs) * attemptWindowMs));
    throttle = new CacheLoginThrottle(cache, clock);
  });

  async function exhaust(used: CacheLoginThrottle): Promise<void> {
    for (let count = 0; count < attemptLimits.accountFromAddress; count += 1)
      expect(await used.enter(attempt)).toBeNull();
  }

  it('asks for a wait until the window ends, and lets in again after it', async () => {
    await exhaust(throttle);
    clock.advance(1_000_000);
    expect(await throttle.enter(attempt)).toBe(attemptWindowMs / 1_000 - 1);
    clock.advance(attemptWindowMs * 1_000);
    expect(await throttle.enter(attempt)).toBeNull();
  });

  it('does not lock the owner out at another address', async () => {
    await exhaust(throttle);
    expect(await throttle.enter({ ...attempt, clientAddress: '192.0.2.2' })).toBeNull();
  });

  it('counts together with other gateways', async () => {
    await exhaust(throttle);
    expect(await new CacheLoginThrottle(cache, clock).enter(attempt)).not.toBeNull();
  });

  it('goes on counting when the cache is lost', async () => {
    cache.lost = true;
    await exhaust(throttle);
    expect(await throttle.enter(attempt)).not.toBeNull();
  });

  it('forgets failures after a success', async () => {
    await exhaust(throttle);
    await throttle.succeeded(attempt);
    expect(await throttle.enter(attempt)).toBeNull();
  });

  it('limits an account however many addresses try it', async () => {
    const answers: (number | null)[] = [];
    for (let host = 0; host <= attemptLimits.account; host += 1) {
      answers.push(await throttle.enter({ ...attempt, clientAddress: `192.0.2.${host}` }));
    }
    expect(answers.slice(0, -1).every((answer) => answer === null)).toBe(true);
    expect(answers.at(-1)).not.toBeNull();
  });

  it('limits an address however many accounts it tries', async () => {
    let refused = 0;
    for (let user = 0; user < attemptLimits.address + 5; user += 1) {
      if ((await throttle.enter({ ...attempt, account: `user${user}@example.com` })) !== null) refused += 1;
    }
    expect(refused).toBe(5);
  });

  it('keeps no e-mail in a key', async () => {
    const keys: string[] = [];
    const spying = new (class extends MemoryCache {
      override increment(key: string, ttlMs: number): Promise<number> {
        keys.push(key);
        return super.increment(key, ttlMs);
      }
    })();
    await new CacheLoginThrottle(spying, clock).enter(attempt);
    expect(keys).toHaveLength(3);
    expect(keys.join()).not.toContain('ann');
  });
});

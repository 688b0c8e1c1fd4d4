import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@scalpstorm/cache/testing';
import { second, Timestamp } from '@scalpstorm/kernel';
import { FakeClock } from '@scalpstorm/testkit';
import { CacheRateLimits } from './cache-rate-limits.js';

const settings = {
  setupToken: null,
  signingSecret: '',
  allowedOrigins: [],
  trustedProxies: [],
  requestsPerSecondPerUser: 1,
  requestsPerSecondPerAddress: 2,
};

describe('the limit of requests', () => {
  function world() {
    const clock = new FakeClock(Timestamp.fromMillis(1_000_000_000));
    const cache = new MemoryCache(() => Timestamp.toMillis(clock.now()));
    return { clock, cache, limits: new CacheRateLimits(cache, clock, settings) };
  }
  /** Null where it may go on, else the seconds to wait. */
  const enter = async (limits: CacheRateLimits, ...asked: Parameters<CacheRateLimits['enter']>) => {
    const { exceeded, resetSeconds } = await limits.enter(...asked);
    return exceeded ? resetSeconds : null;
  };
  const enterTimes = async (limits: CacheRateLimits, count: number, who = 'ann') => {
    const answers: (number | null)[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await enter(limits, 'user', who));
    return answers;
  };

  it('lets ten seconds’ worth through, then says how long to wait, and begins anew', async () => {
    const { limits, clock } = world();
    expect(await enterTimes(limits, 10)).toEqual(Array(10).fill(null));
    expect(await enter(limits, 'user', 'ann')).toBe(10);
    expect(await enter(limits, 'user', 'bob')).toBeNull();
    clock.advance(10 * second);
    expect(await enter(limits, 'user', 'ann')).toBeNull();
  });

  it('gives an address more than a user', async () => {
    const { limits } = world();
    for (let index = 0; index < 20; index += 1) expect(await enter(limits, 'address', '::1')).toBeNull();
    expect(await enter(limits, 'address', '::1')).toBe(10);
  });

  it('keeps apart what a user and an address may halt and release, bounded by itself', async () => {
    const { limits } = world();
    await enterTimes(limits, 50);
    expect(await enter(limits, 'user', 'ann')).toBe(10);
    for (let index = 0; index < 20; index += 1) expect(await enter(limits, 'user', 'ann', 'brake')).toBeNull();
    expect(await enter(limits, 'user', 'ann', 'brake')).toBe(10);
    expect(await enter(limits, 'user', 'bob', 'brake')).toBeNull();
    for (let index = 0; index < 100; index += 1) expect(await enter(limits, 'address', '::1', 'brake')).toBeNull();
    expect(await enter(limits, 'address', '::1', 'brake')).toBe(10);
    expect(await enter(limits, 'address', '::1')).toBeNull();
  });

  it('says what is left of a budget', async () => {
    const { limits } = world();
    expect(await limits.enter('user', 'ann')).toEqual({
      ...{ name: 'user', limit: 10, remaining: 9 },
      ...{ resetSeconds: 10, exceeded: false },
    });
    await enterTimes(limits, 20);
    expect(await limits.enter('user', 'ann')).toMatchObject({ remaining: 0, exceeded: true });
    expect(await limits.enter('user', 'ann', 'brake')).toMatchObject({ name: 'brake-user', remaining: 19 });
  });

  it('is one for all gateways while the cache is there', async () => {
    const { limits, cache, clock } = world();
    const other = new CacheRateLimits(cache, clock, settings);
    await enterTimes(limits, 6);
    expect(await enterTimes(other, 5)).toEqual([null, null, null, null, 10]);
  });

  it('holds in each gateway by itself while the cache is lost', async () => {
    const { limits, cache } = world();
    cache.lost = true;
    expect((await enterTimes(limits, 12)).filter((answer) => answer !== null)).toEqual([10, 10]);
  });
});

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '@scalpstorm/testkit';
import { type Cache, CacheUnavailable } from '../src/cache.js';

export interface CacheUnderTest {
  readonly cache: Cache;
  /** Makes the cache unreachable. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

const minuteMs = 60_000;

/** What every cache does; run on Redis and on the one in memory. */
export function cacheContract(open: () => Promise<CacheUnderTest>): void {
  let subject: CacheUnderTest;
  let cache: Cache;

  beforeEach(async () => {
    subject = await open();
    cache = subject.cache;
  });

  afterEach(() => subject.close());

  it('gives back what was set, and null for what was not', async () => {
    await cache.set('a', '1', minuteMs);
    await cache.set('b', '2', minuteMs);
    expect(await cache.get('a')).toBe('1');
    expect(await cache.get('missing')).toBeNull();
    expect(await cache.getMany(['b', 'missing', 'a'])).toEqual(['2', null, '1']);
    expect(await cache.getMany([])).toEqual([]);
  });

  it('forgets after the time to live', async () => {
    await cache.set('short', '1', 20);
    await cache.set('long', '1', minuteMs);
    await eventually(async () => expect(await cache.get('short')).toBeNull());
    expect(await cache.get('long')).toBe('1');
  });

  it('forgets what is deleted', async () => {
    await cache.set('a', '1', minuteMs);
    await cache.delete('a');
    await cache.delete('missing');
    expect(await cache.get('a')).toBeNull();
  });

  it('replaces single fields of a hash', async () => {
    await cache.setFields('prices', { 'sim:BTC-USDT': '50000', 'sim:ETH-USDT': '3000' }, minuteMs);
    await cache.setFields('prices', { 'sim:ETH-USDT': '3001' }, minuteMs);
    await cache.setFields('prices', {}, minuteMs);
    expect(await cache.getFields('prices')).toEqual({ 'sim:BTC-USDT': '50000', 'sim:ETH-USDT': '3001' });
    expect(await cache.getFields('missing')).toEqual({});
  });

  it('counts within a window and begins again after it', async () => {
    expect(await cache.increment('hits', minuteMs)).toBe(1);
    expect(await cache.increment('hits', minuteMs)).toBe(2);
    expect(await cache.increment('brief', 20)).toBe(1);
    await eventually(async () => expect(await cache.get('brief')).toBeNull());
    expect(await cache.increment('brief', minuteMs)).toBe(1);
  });

  it('does not make those pay for its loss who can live without it', async () => {
    await cache.set('a', '1', minuteMs);
    await subject.lose();
    expect(await cache.get('a')).toBeNull();
    expect(await cache.getMany(['a', 'b'])).toEqual([null, null]);
    expect(await cache.getFields('a')).toEqual({});
    await cache.set('a', '2', minuteMs);
    await cache.setFields('h', { a: '1' }, minuteMs);
  });

  it('tells those of its loss who must know', async () => {
    await subject.lose();
    await expect(cache.delete('a')).rejects.toBeInstanceOf(CacheUnavailable);
    await expect(cache.increment('a', minuteMs)).rejects.toBeInstanceOf(CacheUnavailable);
    await expect(cache.healthy()).rejects.toMatchObject({ code: 'CACHE_UNAVAILABLE' });
  });
}

import { describe, expect, it } from '@jest/globals';
import { NewestWrites } from './newest-writes.js';

describe('writes of which only the newest counts', () => {
  it('go one after the other, and of those that wait under a key only the newest goes', async () => {
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const writes = new NewestWrites<string>();
    const put = (key: string, what: string) =>
      writes.put(key, () => {
        begun.push(what);
        return new Promise((resolve) => ends.push(resolve));
      });
    put('price', 'price 0');
    for (let round = 1; round <= 1_000; round += 1) {
      put('price', `price ${round}`);
      put('candles', `candles ${round}`);
    }
    expect(begun).toEqual(['price 0']);
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(begun).toEqual(['price 0', 'price 1000', 'candles 1000']);
    put('price', 'price 1001');
    expect(begun.at(-1)).toBe('price 1001');
    ends.shift()?.();
  });
});

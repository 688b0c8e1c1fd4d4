import { describe, expect, it } from '@jest/globals';
import { RefusalCount } from './refusal-count.js';

const refusal = Object.assign(new Error('too large'), { code: 'REFUSED' });
const weather = Object.assign(new Error('late'), { code: 'UNACKNOWLEDGED' });

/** How often a row has to be refused until it is put aside. */
function timesUntilFinal(count: RefusalCount, seq: bigint): number {
  let times = 1;
  while (!count.isFinal(seq, refusal)) times += 1;
  return times;
}

describe('what is refused for good', () => {
  it('was refused three times in a row', () => {
    const count = new RefusalCount();
    expect(timesUntilFinal(count, 1n)).toBe(3);
    expect(timesUntilFinal(count, 2n)).toBe(3);
  });

  it('is never a message that only was not acknowledged, and weather in between starts the count again', () => {
    const count = new RefusalCount();
    for (let times = 0; times < 100; times += 1) expect(count.isFinal(1n, weather)).toBe(false);
    expect([count.isFinal(1n, refusal), count.isFinal(1n, refusal), count.isFinal(1n, weather)]).not.toContain(true);
    expect(timesUntilFinal(count, 1n)).toBe(3);
  });

  it('takes longer to believe when everything is refused, so that a fault of the line does not empty the outbox', () => {
    const count = new RefusalCount();
    const needed = Array.from({ length: 12 }, (_, index) => timesUntilFinal(count, BigInt(index)));
    expect(needed).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 10, 10]);
    count.acknowledged();
    expect(timesUntilFinal(count, 99n)).toBe(3);
  });
});

import { describe, expect, it } from '@jest/globals';
import { DataClock } from './data-clock.js';
import type { Frame } from './frames.js';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (milliseconds: number) => new Date(start + milliseconds).toISOString();
const delta = (own: Partial<Frame>): Frame => ({
  ...{ ch: 'prices', type: 'delta', seq: 2, epoch: null, data: [], ts: iso(0), ageMs: 200 },
  ...own,
});

describe('the age of data', () => {
  it('is that of the newest data of a channel: what else is heard makes it no younger', () => {
    const clock = new DataClock();
    expect(clock.ageOf('prices', start)).toBeNull();
    clock.hear(delta({}), start);
    clock.hear(delta({ ch: 'orders', ts: iso(9_000), ageMs: 0 }), start + 9_000);
    expect(clock.ageOf('prices', start + 9_000)).toBe(9_200);
    expect(clock.ageOf('orders', start + 9_000)).toBe(0);
  });

  it('of a snapshot is that of its newest row, not of the moment at which it came', () => {
    const clock = new DataClock();
    const data = [{ at: iso(-60_000) }, { at: iso(-30_000) }, { at: null }];
    clock.hear(delta({ type: 'snapshot', data, ageMs: null }), start);
    expect(clock.ageOf('prices', start + 1_000)).toBe(31_000);
  });

  it('is told by the gateway’s clock: one of this machine that is an hour wrong changes nothing', () => {
    for (const wrong of [-3_600_000, 3_600_000]) {
      const clock = new DataClock();
      clock.hear(delta({}), start + wrong);
      expect(clock.ageOf('prices', start + wrong + 5_000)).toBe(5_200);
      expect(clock.since(start - 2_000, start + wrong)).toBe(2_000);
    }
  });

  it('grows with the time that a frame was under way', () => {
    const clock = new DataClock();
    clock.hear(delta({}), start);
    clock.hear(delta({ ts: iso(1_000), ageMs: 0 }), start + 31_000);
    expect(clock.ageOf('prices', start + 31_000)).toBe(30_000);
  });
});

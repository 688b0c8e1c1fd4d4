import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { type QuoteSeries, touchBarriers } from './triple-barrier.js';

const spec = { targetBps: 10, stopBps: 10, horizon: 4 * second, delay: second };

/** One quote a second; the spread is 1. */
const series = (...bids: number[]): QuoteSeries => ({
  times: Float64Array.from(bids, (_, index) => index * second),
  bids: Float64Array.from(bids),
  asks: Float64Array.from(bids, (bid) => bid + 1),
});
const label = (...bids: number[]) => touchBarriers(series(...bids), 0, 0, spec);

describe('the triple barrier', () => {
  it('buys at the ask after the delay, and wins when the bid reaches the target first', () => {
    // The price at 0 can not be had any more.
    expect(label(1, 10_000, 10_005, 10_012, 9_000, 9_000)?.up).toEqual({
      won: true,
      grossBps: (10_012 / 10_001 - 1) * 1e4,
    });
    expect(label(1, 10_000, 9_980, 10_100, 10_100, 10_100)?.up.won).toBe(false);
  });

  it('sells at the bid and buys back at the ask', () => {
    expect(label(1, 10_000, 9_988, 9_988, 9_988, 9_988)?.down).toEqual({
      won: true,
      grossBps: (1 - 9_989 / 10_000) * 1e4,
    });
  });

  it('has lost when the time is over, at the last price within it', () => {
    const touches = label(1, 10_000, 10_002, 10_003, 10_004, 10_005, 10_100, 10_100);
    expect(touches?.up).toEqual({ won: false, grossBps: (10_005 / 10_001 - 1) * 1e4 });
  });

  it('is not told where the series ends before the time is over', () => {
    expect(label(1, 10_000, 10_100)).toBeNull();
  });
});

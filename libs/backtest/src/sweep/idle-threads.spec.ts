import { afterEach, describe, expect, it } from '@jest/globals';
import { plainMarket } from '../bars/bar-market.js';
import { IdleThreads } from './idle-threads.js';
import type { Ground } from './messages.js';
import { sharedBars } from './shared-bars.js';
import { type SweepThread, ThreadDied } from './sweep-thread.js';

const column = Float64Array.from({ length: 60 }, (_, bar) => 100 + Math.sin(bar));
const bars = { length: 60, openedAt: column, open: column, high: column, low: column, close: column, volume: column };
const ground: Ground = {
  ...{ bars: sharedBars(bars), strategy: 'ema-cross', market: plainMarket(1_000, 1) },
  series: 'series between two sweeps',
};
const threads = new IdleThreads();
const taken: SweepThread[] = [];
afterEach(async () => {
  await threads.end();
  await Promise.all(taken.splice(0).map((thread) => thread.end()));
});

function take(): SweepThread {
  const thread = threads.take(1);
  taken.push(thread);
  return thread;
}

describe('threads between two sweeps', () => {
  it('run again, over other bars', async () => {
    const first = take();
    await first.begin(ground);
    await threads.giveBack(first);
    const second = take();
    expect(second).toBe(first);
    expect(take()).not.toBe(first);
    expect(await second.begin({ ...ground, market: plainMarket(2_000, 1) })).toEqual({ kind: 'begun' });
    const [outcome] = await second.run({ from: 0, combinations: [{ fast: 2, slow: 5 }] }, 60);
    expect(outcome?.ok === true && outcome.value.finalEquity).toBeGreaterThan(1_500);
  });

  it('have let go of what they ran over', async () => {
    const thread = take();
    await thread.begin(ground);
    await threads.giveBack(thread);
    await expect(take().run({ from: 0, combinations: [{}] }, 60)).rejects.toThrow(/before it began/);
  });

  it('are taken only while they live', async () => {
    const ended = take();
    await ended.end();
    await threads.giveBack(ended);
    expect(take()).not.toBe(ended);
    const idle = take();
    await threads.giveBack(idle);
    await threads.end();
    expect(take()).not.toBe(idle);
    await expect(idle.begin(ground)).rejects.toThrow(ThreadDied);
  });
});

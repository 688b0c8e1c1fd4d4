import { describe, expect, it } from '@jest/globals';
import { endAfter, endAfterWork, endedSoFar, StrategyLoops, workedMs } from './end-after.js';

const loops = (): never => {
  for (;;);
};

describe('work that is ended', () => {
  it('gives what it made, throws what it throws, and is ended when it does not end by itself', () => {
    const error = new Error('its own');
    const before = endedSoFar();
    expect(endAfter(60_000, () => 3)).toBe(3);
    expect(() =>
      endAfter(60_000, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(endedSoFar()).toBe(before);
    expect(() => endAfter(10, loops)).toThrow(StrategyLoops);
    expect(endedSoFar()).toBe(before + 1);
  });

  it('may have other such work in it', () => {
    expect(endAfter(60_000, () => endAfter(60_000, () => 1) + endAfter(60_000, () => 2))).toBe(3);
  });
});

describe('work that is ended by how long it works', () => {
  it('may wait for longer than it may work', () => {
    const nothing = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    expect(endAfterWork(100, () => Atomics.wait(nothing, 0, 0, 200))).toBe('timed-out');
  });

  it('is too long where it works for longer, also when it comes to its end', () => {
    const slow = () => {
      for (const began = workedMs(); workedMs() - began < 30; );
    };
    expect(() => endAfterWork(20, slow)).toThrow('it had not finished after 0.02 s');
    expect(() => endAfterWork(1, loops)).toThrow(StrategyLoops);
  });
});

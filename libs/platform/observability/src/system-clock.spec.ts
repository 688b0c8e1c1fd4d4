import { describe, expect, it } from '@jest/globals';
import { SystemClock } from './system-clock.js';

function sources() {
  const state = { wall: 1_700_000_000_000, steady: 5_000 };
  const clock = new SystemClock({ wall: () => state.wall, steady: () => state.steady });
  return {
    clock,
    state,
    /** Both go on together, as they should. */
    pass: (ms: number) => {
      state.wall += ms;
      state.steady += ms;
    },
  };
}

describe('SystemClock', () => {
  it('counts microseconds from the wall clock at its start', () => {
    const { clock, state } = sources();
    expect(clock.now()).toBe(1_700_000_000_000_000);
    state.steady += 0.25;
    expect(clock.now()).toBe(1_700_000_000_000_250);
  });

  it('is close to the real time', () => {
    const clock = new SystemClock();
    expect(Math.abs(clock.now() / 1_000 - Date.now())).toBeLessThan(1_000);
  });

  it('follows a wall clock that was set forward, or a machine that slept', () => {
    const { clock, state, pass } = sources();
    state.wall += 3_600_000;
    pass(1_000);
    expect(clock.now()).toBe((1_700_000_000_000 + 3_601_000) * 1_000);
  });

  it('stands still rather than going back, until a wall clock that was set back has caught up', () => {
    const { clock, state, pass } = sources();
    pass(2_000);
    const before = clock.now();
    state.wall -= 1_500;
    pass(1_000);
    expect(clock.now()).toBe(before);
    pass(500);
    expect(clock.now()).toBe(before);
    pass(1_000);
    expect(clock.now()).toBe(before + 1_000_000);
  });

  it('takes the rounding of the wall clock for what it is', () => {
    const { clock, state, pass } = sources();
    pass(999.5);
    state.wall -= 0.9;
    pass(1);
    expect(clock.now()).toBe(1_700_000_001_000_500);
  });
});

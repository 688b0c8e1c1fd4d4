import { describe, expect, it } from '@jest/globals';
import { StrategyLoops } from './end-after.js';
import { limitedSteps } from './limited-steps.js';

describe('the steps of a module', () => {
  it('that do not end are not taken any more after three of them, until a while has passed', () => {
    let now = 0;
    let taken = 0;
    const within = limitedSteps(100, () => now);
    const loop = () =>
      within(() => {
        taken += 1;
        for (;;);
      });
    for (let times = 0; times < 3; times += 1) {
      expect(within(() => times)).toBe(times);
      expect(loop).toThrow('it had not finished after 0.1 s');
    }
    expect(loop).toThrow('3 times; its module is not run for 10 minutes');
    expect(() => within(() => 1)).toThrow(StrategyLoops);
    expect(taken).toBe(3);
    now = 10 * 60_000;
    expect(within(() => 1)).toBe(1);
  });

  it('may throw as often as they like', () => {
    const within = limitedSteps(60_000);
    const throws = () =>
      within(() => {
        throw new RangeError('its own');
      });
    for (let times = 0; times < 9; times += 1) expect(throws).toThrow('its own');
  });
});

import { describe, expect, it } from '@jest/globals';
import { StrategyLoops } from './end-after.js';
import { limitedLoops } from './limited-loops.js';

describe('what may loop', () => {
  it('is not tried any more after three times, until a while has passed', () => {
    let [now, tried] = [0, 0];
    const within = limitedLoops(
      (work) => {
        tried += 1;
        return work();
      },
      () => now,
    );
    const loop = () =>
      within(() => {
        throw new StrategyLoops(2_000);
      });
    for (let times = 0; times < 3; times += 1) {
      expect(within(() => times)).toBe(times);
      expect(loop).toThrow(/^it had not finished after 2 s$/);
    }
    expect(tried).toBe(6);
    expect(() => within(() => 1)).toThrow(
      expect.objectContaining({
        message: 'it had not finished after 2 s, 3 times, and is not tried for 10 minutes',
        wasTried: false,
      }),
    );
    expect(tried).toBe(6);
    now = 10 * 60_000;
    expect(within(() => 1)).toBe(1);
  });

  it('may throw as often as it likes', () => {
    const within = limitedLoops((work) => work());
    const throws = () =>
      within(() => {
        throw new RangeError('its own');
      });
    for (let times = 0; times < 9; times += 1) expect(throws).toThrow('its own');
  });
});

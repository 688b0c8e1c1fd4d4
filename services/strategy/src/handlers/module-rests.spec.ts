import { describe, expect, it } from '@jest/globals';
import { ModuleRests } from './module-rests.js';

const minute = 60_000;

describe('modules, after a rule that did not end', () => {
  it('all rest for a second', () => {
    const modules = new ModuleRests();
    expect(modules.rests('one', 0)).toBe(false);
    modules.looped('one', 0);
    const told = [0, 999, 1_000].map((now) => [modules.rests('one', now), modules.rests('other', now)]);
    expect(told).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ]);
  });

  it('rest for a minute each time from the third within ten minutes on, and no other does', () => {
    const modules = new ModuleRests();
    for (const at of [0, 2, 9]) modules.looped('one', at * minute);
    expect([1, 59, 60].map((seconds) => modules.rests('one', 9 * minute + 1_000 * seconds))).toEqual([
      true,
      true,
      false,
    ]);
    expect(modules.rests('other', 9 * minute + 1_000)).toBe(false);
    modules.looped('one', 11 * minute);
    expect(modules.rests('one', 11.5 * minute)).toBe(true);
    // Long after that it is one of few again.
    modules.looped('one', 60 * minute);
    expect(modules.rests('one', 60 * minute + 1_000)).toBe(false);
  });
});

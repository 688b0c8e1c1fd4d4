import { describe, expect, it } from '@jest/globals';
import { UserId } from '@scalpstorm/model';
import { ModuleRests } from './module-rests.js';

const minute = 60_000;
const [ann, ben] = ['usr_00000001', 'usr_00000002'].map((id) => UserId.of(id)) as [UserId, UserId];
const one = { userId: ann, code: 'one' };
/** Of another user, of another module, and of both. */
const others = [
  { userId: ben, code: 'one' },
  { userId: ann, code: 'other' },
  { userId: ben, code: 'other' },
];

describe('modules, after a rule that did not end', () => {
  it('all rest for a second', () => {
    const modules = new ModuleRests();
    expect(modules.rests(one, 0)).toBe(false);
    modules.looped(one, 0);
    const told = [0, 999, 1_000].map((now) => [one, ...others].map((owner) => modules.rests(owner, now)));
    expect(told).toEqual([Array(4).fill(true), Array(4).fill(true), Array(4).fill(false)]);
  });

  it("rest for a minute each time from a user's third within ten minutes on, for that user alone", () => {
    const modules = new ModuleRests();
    for (const at of [0, 2, 9]) modules.looped(one, at * minute);
    expect([1, 59, 60].map((seconds) => modules.rests(one, 9 * minute + 1_000 * seconds))).toEqual([true, true, false]);
    expect(others.map((owner) => modules.rests(owner, 9 * minute + 1_000))).toEqual([false, false, false]);
    modules.looped(one, 11 * minute);
    expect(modules.rests(one, 11.5 * minute)).toBe(true);
    // Long after that it is one of few again.
    modules.looped(one, 60 * minute);
    expect(modules.rests(one, 60 * minute + 1_000)).toBe(false);
  });

  it('are heard by everybody else, however often somebody starts a bot that loops', () => {
    const modules = new ModuleRests();
    const heard = { loops: 0, others: 0 };
    for (let now = 0; now < 60 * minute; now += 1_000) {
      if (!modules.rests(one, now)) {
        heard.loops += 1;
        modules.looped(one, now);
      }
      if (others.every((owner) => !modules.rests(owner, now))) heard.others += 1;
    }
    expect(heard).toEqual({ loops: 62, others: 3_600 - 62 });
  });
});

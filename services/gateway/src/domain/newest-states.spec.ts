import { expect, it } from '@jest/globals';
import { NewestStates, statesMax } from './newest-states.js';

it('takes each state that is not older than the newest of the same thing', () => {
  const states = new NewestStates();
  expect([states.admits('a', 2), states.admits('a', 3), states.admits('a', 3)]).toEqual([true, true, true]);
  expect([states.admits('a', 2), states.admits('b', 1)]).toEqual([false, true]);
});

it('forgets only those of which nothing was told for longest', () => {
  const states = new NewestStates();
  states.admits('old', 9);
  states.admits('told again', 9);
  for (let index = 0; index < statesMax - 2; index += 1) states.admits(`other ${index}`, 1);
  states.admits('told again', 9);
  states.admits('one too many', 1);
  expect([states.admits('told again', 8), states.admits('old', 8)]).toEqual([false, true]);
});

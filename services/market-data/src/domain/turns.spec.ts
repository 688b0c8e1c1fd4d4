import { expect, it } from '@jest/globals';
import { Turns } from './turns.js';

it('gives so many turns and no more, and one again for each that came back', () => {
  const turns = new Turns(2);
  expect([turns.take(), turns.take(), turns.take()]).toEqual([true, true, false]);
  turns.giveBack();
  expect([turns.take(), turns.take()]).toEqual([true, false]);
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Agenda } from './agenda.js';

describe('an agenda', () => {
  it('gives what is next, and of one time what was entered first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const agenda = new Agenda<number>();
        for (const [index, at] of times.entries()) agenda.enter(at, index);
        const taken: number[] = [];
        for (let next = agenda.take(); next !== null; next = agenda.take()) taken.push(next);
        const expected = times.map((at, index) => [at, index] as const).toSorted((left, right) => left[0] - right[0]);
        expect(taken).toEqual(expected.map(([, index]) => index));
        expect(agenda.nextAt).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});

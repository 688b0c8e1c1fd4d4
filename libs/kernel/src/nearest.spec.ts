import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearest, nearestFirst } from './nearest.js';

const verbs = ['start', 'stop', 'pause', 'resume', 'flatten', 'halt'];

describe('the word that was probably meant', () => {
  it.each([
    ['staus', 'start'],
    ['FLATEN', 'flatten'],
    ['ahlt', 'halt'],
    ['pasue', 'pause'],
    ['resmeu', 'resume'],
  ])('is found for %s', (typed, meant) => {
    expect(nearest(typed, verbs)).toBe(meant);
  });

  it.each(['forcebuy', 'x'.repeat(10_000), 'withdrawal'])('is none for another word: %s', (typed) => {
    expect(nearest(typed, verbs)).toBeNull();
    expect(nearest(typed, [])).toBeNull();
  });

  it('may be longer by more slips when it is long', () => {
    expect(nearest('stopLossPrcntg', ['stopLossPercent'])).toBe('stopLossPercent');
  });

  it('is itself where it is known, and first of those that are like it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (word) => {
        expect(nearest(word, [`${word}xyz`, word])).toBe(word);
        expect(nearestFirst(word, [`${word}xyz`, word, `${word}x`], 2)).toEqual([word, `${word}x`]);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { passwordFaults } from './password-policy.js';

const codes = (password: string) => passwordFaults(password, 'anna@example.com').map(({ code }) => code);

describe('a new password', () => {
  it.each([
    ['short', 'PASSWORD_TOO_SHORT'],
    ['x'.repeat(129), 'PASSWORD_TOO_LONG'],
    ['aaaaaaaaaaaaaaaa', 'PASSWORD_TOO_SIMPLE'],
    ['abababababababab', 'PASSWORD_TOO_SIMPLE'],
    ['Password12345678', 'PASSWORD_GUESSED_FIRST'],
    ['anna-is-at-home-now', 'PASSWORD_GUESSED_FIRST'],
  ])('%j breaks the rule %s', (password, code) => {
    expect(codes(password)).toEqual([code]);
  });

  it.each(['the storm passes over', 'äöüßéèàùîôñç', 'fe9a8b7c6d5e4f3a2b1c', '🚀🌊🔥⚡🎲🪐🌋🧭🪁🎻🧊🌵'])(
    '%j is good',
    (password) => {
      expect(codes(password)).toEqual([]);
    },
  );

  it('tells the rule that it breaks', () => {
    expect(passwordFaults('short', 'a@b.co')[0]?.rule).toBe('12 to 128 characters');
  });
});

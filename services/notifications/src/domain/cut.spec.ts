import { describe, expect, it } from '@jest/globals';
import { notificationChannels } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { parseChatCommand } from './chat-command.js';
import { cut } from './cut.js';
import { dress, type Facts } from './dress.js';

const nul = String.fromCharCode(0);
const facts: Facts = {
  id: 'one',
  kind: 'activity',
  level: 'INFO',
  mode: null,
  botId: null,
  at: Timestamp.fromMillis(1),
};

/** Any units at all: lone halves of characters, NUL, line breaks, pairs. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom(nul, '😀', '\ud83d', '\ude00', 'a', ' ', '\n', '<'),
);
const anyText = fc.array(unit, { maxLength: 400 }).map((units) => units.join(''));
const veryLong = fc.tuple(anyText, fc.integer({ min: 1, max: 200 })).map(([text, times]) => text.repeat(times));
const text = fc.oneof(anyText, veryLong);

/** What Postgres takes in a text and in a JSON. */
const isStorable = (value: string): boolean => value.isWellFormed() && !value.includes(nul);

describe('a text that is cut', () => {
  it.each([
    ['short', 10, '', 'short'],
    ['exactly', 7, '…', 'exactly'],
    ['too long for it', 8, '…', 'too lon…'],
    ['123😀', 4, '', '123'],
    ['123😀', 5, '', '123😀'],
    ['\ud83d alone', 20, '', '\ufffd alone'],
    [`with ${nul}`, 20, '', 'with \ufffd'],
  ])('%j at %i with %j is %j', (whole, lengthMax, mark, expected) => {
    expect(cut(whole, lengthMax, mark)).toBe(expected);
  });

  it('can be stored, is no longer than allowed, and keeps what can be kept', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 500 }), fc.constantFrom('', '…'), (whole, lengthMax, mark) => {
        const kept = cut(whole, lengthMax, mark);
        expect(isStorable(kept)).toBe(true);
        expect(kept.length).toBeLessThanOrEqual(lengthMax);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(whole.length, lengthMax - 1));
        if (isStorable(whole) && whole.length <= lengthMax) expect(kept).toBe(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is what a chat command holds, whatever was typed', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const argument = parseChatCommand(`/halt ${typed}`)?.argument ?? '';
        expect(isStorable(argument)).toBe(true);
        expect(argument.length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it('makes payloads that can be stored, whatever a notice says', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (title, lines) => {
        for (const channel of notificationChannels) {
          for (const payload of dress(channel, { title, lines }, facts)) {
            for (const value of Object.values(payload)) expect(isStorable(value)).toBe(true);
            if (payload.channel === 'webhook') expect(isStorable(JSON.parse(payload.body).title)).toBe(true);
            if (payload.channel === 'email') expect(payload.subject.length).toBeLessThanOrEqual(150);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('bounds a notice of any length', () => {
    const endless = Array.from({ length: 1_000 }, () => 'x'.repeat(20_000));
    expect(dress('telegram', { title: 'much', lines: endless }, facts).length).toBeLessThan(8);
  });
});

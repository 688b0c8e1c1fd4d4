import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml, telegramParts } from './markup.js';

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const line = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 120 }), bold: fc.boolean() });

describe('the parts of a message', () => {
  it('are never too long, have no tag but whole bold lines, and together say everything', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.integer({ min: 40, max: 200 }), (written, lengthMax) => {
        const parts = telegramParts(written, lengthMax);
        const said = parts.map((part) => unescaped(part.replace(/<\/?b>/g, ''))).join('');
        expect(said.replaceAll('\n', '')).toBe(
          written
            .map(({ text }) => text)
            .join('')
            .replaceAll('\n', ''),
        );
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(lengthMax);
          expect(part.replace(/<b>[^<>]*<\/b>/g, '')).not.toMatch(/[<>]/);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('are cut between lines where that is possible', () => {
    const lines = ['first', 'second', 'third'].map((text) => ({ text, bold: false }));
    expect(telegramParts(lines, 13)).toEqual(['first\nsecond', 'third']);
  });
});

describe('an escaped text', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(unescaped(escapeHtml(text))).toBe(text)));
    expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
  });
});

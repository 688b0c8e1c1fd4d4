import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventsDocument } from './events-doc.js';
import { registeredMessages } from './index.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const document = eventsDocument((path) => read(`proto/${path}`));

describe('docs/events.md', () => {
  it('is what libs/contracts/scripts/events-doc.mjs writes today', () => {
    expect(read('docs/events.md')).toBe(document);
  });

  it('says of every message what it means', () => {
    for (const { name } of registeredMessages) {
      const [, section = ''] = document.split(`\n### ${name}\n\n`);
      expect([name, /^[A-Z].{10,}/.test(section)]).toEqual([name, true]);
    }
  });
});

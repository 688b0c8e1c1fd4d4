import { SourceTextModule } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { skeleton } from './skeleton.js';

/** Of the language, and of the skeleton's own files. */
const words = ['class', 'new', 'default', 'await', 'let', 'yield', 'enum', 'static', 'test', 'ema', 'strategy', 'play'];
const pairs = ['define-bar', 'define-bar-strategy', 'check', 'check-strategy', 'bars-of', 'decider-over', 'deep-equal'];

describe('the files of a new strategy', () => {
  it.each([...words, ...pairs])('are code whatever it is called: %s', (id) => {
    const files = skeleton(id);
    // Read as modules, and nothing more: a name that is reserved, or there twice, is a SyntaxError.
    for (const name of [`${id}.ts`, `${id}.test.ts`]) {
      const read = new SourceTextModule(files[name] as string);
      expect(read.status).toBe('unlinked');
    }
  });
});

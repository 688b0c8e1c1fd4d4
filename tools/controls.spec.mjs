import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './paths.mjs';

const rows = readFileSync(join(root, 'docs/controls.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| control '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, control, , , state, proof]) => ({
    control,
    state,
    proofs: [...proof.matchAll(/\]\(([^)#]+)/g)].map(([, path]) => path),
  }));

test('every control says whether it is met, and none is without a proof', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter(({ state }) => !/^(met|in part|not met)/.test(state))).toEqual([]);
  expect(rows.filter(({ state, proofs }) => !state.startsWith('not met') && proofs.length === 0)).toEqual([]);
});

test.each(rows.flatMap(({ control, proofs }) => proofs.map((path) => [control, path])))(
  '%s: %s is there',
  (_, path) => {
    expect(existsSync(join(root, 'docs', path))).toBe(true);
  },
);

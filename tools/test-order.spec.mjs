import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from './paths.mjs';
import { heavySuites, inOrder, lastingSuites } from './test-order.mjs';

const light = Array.from({ length: 7 }, (_, index) => `/clone/libs/x/src/${index}.spec.ts`);
const heavy = heavySuites.map((path) => (path.includes('.spec.') ? `/clone/${path}` : `/clone/${path}/a.spec.ts`));

describe('the order of the suites', () => {
  test('spreads the heavy ones, and leaves none out', () => {
    const ordered = inOrder([...light, ...heavy]);
    expect(ordered.toSorted()).toEqual([...light, ...heavy].toSorted());
    const places = ordered.flatMap((path, index) => (heavy.includes(path) ? [index] : []));
    expect(places[0]).toBe(0);
    expect(places.slice(1).every((place, index) => place > places[index] + 1)).toBe(true);
  });

  test('is the same however they were found', () => {
    expect(inOrder([...heavy, ...light].reverse())).toEqual(inOrder([...light, ...heavy]));
    expect(inOrder(light.toReversed())).toEqual(light);
    expect(inOrder([])).toEqual([]);
  });

  test('ends with suites that are soon over', () => {
    const lasting = lastingSuites.map((path) => `/clone/${path}`);
    const ordered = inOrder([...light, ...heavy, ...lasting]);
    expect(ordered.slice(-light.length).filter((path) => lasting.includes(path))).toEqual([]);
    expect(ordered.toSorted()).toEqual([...light, ...heavy, ...lasting].toSorted());
  });

  test('names suites that exist', () => {
    const missing = [...heavySuites, ...lastingSuites].filter(
      (path) => !existsSync(join(root, path)) && globSync(`${path}*.spec.ts`, { cwd: root }).length === 0,
    );
    expect(missing).toEqual([]);
  });
});

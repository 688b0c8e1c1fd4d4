import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import settings from '../jest.config.mjs';
import { root } from './paths.mjs';
import { loadInTurn, suitesAfter, tellTogether, together, togetherMax, togetherVariable } from './suites-together.mjs';

const path = (name) => join(root, name);
const src = Array.from({ length: 30 }, (_, index) => path(`services/x/src/handlers/${index}.spec.ts`));
const flows = Array.from({ length: 7 }, (_, index) => path(`services/x/test/${index}.spec.ts`));
const tools = [path('tools/a.spec.mjs'), path('tools/b.spec.mjs')];
const other = path('libs/venues/y/src/z.spec.ts');
const all = [...src, ...flows, ...tools, other];

const lists = (paths, { alone = [], texts = {} } = {}) =>
  together(paths, { isAlone: (one) => alone.includes(one), textOf: (one) => texts[one] ?? 'describe(' });

describe('suites that share a load', () => {
  const told = process.env[togetherVariable];
  afterEach(() => {
    if (told === undefined) delete process.env[togetherVariable];
    else process.env[togetherVariable] = told;
  });

  test('are of one workspace and one kind, in their order, and none is left out', () => {
    const shared = lists(all);
    expect(shared.flat().toSorted()).toEqual(all.toSorted());
    expect(shared).toContainEqual(src.slice(0, togetherMax.src));
    expect(shared).toContainEqual(flows.slice(0, togetherMax.test));
    for (const tool of tools) expect(shared).toContainEqual([tool]);
    expect(shared).toContainEqual([other]);
  });

  test.each([
    ['a hook that stands outside of every describe', 'beforeEach(() => undefined);'],
    ['a clock of its own', '  jest.useFakeTimers();'],
    ['the tracer', '  flush = startTracing({});'],
    ['a snapshot in a file of its name', '  expect(1).toMatchSnapshot();'],
  ])('do not take in one with %s', (_, text) => {
    expect(lists(src.slice(0, 3), { texts: { [src[1]]: text } })).toEqual([[src[0], src[2]], [src[1]]]);
  });

  test('take in one whose hooks are in a describe', () => {
    expect(lists(src.slice(0, 3), { texts: { [src[1]]: '  beforeEach(() => undefined);' } })).toHaveLength(1);
  });

  test('do not take in one whose time matters', () => {
    expect(lists(src.slice(0, 3), { alone: [src[0]] })).toEqual([[src[0]], [src[1], src[2]]]);
  });

  test('are told to the workers', () => {
    tellTogether(lists([...flows, other]));
    expect(suitesAfter(flows[0]).map(path)).toEqual(flows.slice(1, togetherMax.test));
    expect(suitesAfter(other)).toEqual([]);
    delete process.env[togetherVariable];
    expect(suitesAfter(flows[0])).toEqual([]);
  });

  describe('loaded in turn', () => {
    const testsOf = { a: 2, b: 0, c: 1 };
    const loadAll = (names) => {
      let count = 0;
      const load = async (one) => {
        count += testsOf[one.at(-1)];
        return one;
      };
      return loadInTurn(names.map(path), { load, registered: () => count });
    };

    test('each gives what it gave', async () => {
      expect(await loadAll(['a', 'c'])).toEqual([path('a'), path('c')]);
    });

    test.each([[['a', 'b', 'c']], [['b', 'a']]])(
      '%j fail by the name of the one that registers no test',
      async (names) => {
        await expect(loadAll(names)).rejects.toThrow('SUITE_WITHOUT_TEST: b registers no test');
      },
    );
  });

  test('are brought in by the runner that Jest is told of, and what they start is not told', () => {
    expect(existsSync(settings.testRunner.replace('<rootDir>', root))).toBe(true);
    expect(process.env[togetherVariable]).toBeUndefined();
  });
});

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from './paths.mjs';
import { countsOf, secondTriesMax, toTryAgain, unstable } from './second-try.mjs';

const load = (name, statuses, message = '') => ({
  name: join(root, name),
  status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
  message,
  assertionResults: statuses.map((status, index) => ({
    status,
    fullName: `${name} ${index}`,
    failureMessages: status === 'failed' ? [`\u001b[31mError: late ${index}\u001b[39m\n    at somewhere`] : [],
  })),
});
const good = load('a.spec.ts', ['passed', 'pending', 'todo']);
const bad = load('b.spec.ts', ['passed', 'failed', 'failed']);
const gone = load('c.spec.ts', [], 'A jest worker process (pid=1) was terminated\nby another');
const hookThrew = { ...load('d.spec.ts', ['passed']), status: 'failed', message: 'afterAll threw' };

describe('a second try', () => {
  test('is of the few that failed, and of none where many did', () => {
    expect(toTryAgain([good, bad, gone, hookThrew])).toEqual([bad, gone, hookThrew]);
    const many = Array.from({ length: secondTriesMax + 1 }, (_, index) => load(`${index}.spec.ts`, ['failed']));
    expect(toTryAgain(many.slice(1))).toHaveLength(secondTriesMax);
    expect(toTryAgain(many)).toEqual([]);
  });

  test('counts every test once, and what failed without one', () => {
    expect(countsOf([good, bad, gone, hookThrew])).toEqual({ passed: 3, failed: 4, skipped: 2 });
    expect(countsOf([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  test('names what failed at first and then no more, and what it said', () => {
    const second = [load('b.spec.ts', ['passed', 'passed', 'failed']), load('c.spec.ts', ['passed'])];
    expect(unstable([bad, gone], second)).toEqual([
      'UNSTABLE: b.spec.ts › b.spec.ts 1: passed when run by itself; at first: Error: late 1',
      'UNSTABLE: c.spec.ts: passed when run by itself; at first: A jest worker process (pid=1) was terminated',
    ]);
    expect(unstable([bad, gone, hookThrew], [bad, gone, hookThrew])).toEqual([]);
    expect(unstable([bad], [load('b.spec.ts', [], 'it could not be loaded')])).toEqual([]);
    // Loads of one folder may be one load when they are run again.
    expect(unstable([gone, hookThrew], [load('c.spec.ts', ['passed', 'passed'])])).toHaveLength(2);
  });
});

import { describe, expect, test } from '@jest/globals';
import { faultKinds, planOf } from './plan.mjs';

describe('the faults of a run', () => {
  test('are the same for the same seed, and others for another', () => {
    const plan = (seed) => JSON.stringify(planOf({ kills: 60, seed }));
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  test('of a longer run begin as those of a shorter one', () => {
    expect(planOf({ kills: 100, seed: 3 }).slice(0, 40)).toEqual(planOf({ kills: 40, seed: 3 }));
  });

  test.each([1, 2, 3])('are of every kind before any comes again, with seed %i', (seed) => {
    const first = planOf({ kills: faultKinds.length, seed });
    expect(first.map(({ kind }) => kind).sort()).toEqual(faultKinds.toSorted());
  });

  test('in a hundred kill every process, restart every server, and fight for every lease', () => {
    const plan = planOf({ kills: 100, seed: 1 });
    const of = (wanted, member) =>
      new Set(plan.filter(({ kind }) => kind === wanted).flatMap((fault) => fault[member])).size;
    expect([of('kill', 'victims'), of('restart', 'victim'), of('two-writers', 'service')]).toEqual([12, 3, 3]);
  });

  test('are only those that are asked for', () => {
    const kinds = ['flush', 'halt'];
    expect(new Set(planOf({ kills: 20, seed: 1, kinds }).map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  test('let nobody stand still for less than a second or more than twenty, and never kill one process as two', () => {
    const plan = planOf({ kills: 2_000, seed: 1 });
    const pauses = plan.filter(({ kind }) => kind === 'pause').map(({ lastsMs }) => lastsMs);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(20_000);
    const pairs = plan.filter(({ kind }) => kind.startsWith('kill-')).map(({ victims }) => new Set(victims).size);
    expect(new Set(pairs)).toEqual(new Set([2]));
  });
});

import { describe, expect, it } from '@jest/globals';
import { type BarStrategy, barStrategies, defineBarStrategy } from '@scalpstorm/strategies';
import { Ground } from './ground.js';
import { checkSearch, type SearchSpec, search } from './search.js';
import { indicesAt, readSpace } from './space.js';

const idle = { onClose: () => undefined, snapshot: () => ({}), restore: () => undefined };
const whole = { kind: 'integer', title: 'A', description: 'A.', default: 1, min: 1, max: 60 } as const;
const anything = defineBarStrategy({
  id: 'anything',
  title: 'Anything',
  description: 'Takes what it is given.',
  source: 'This spec.',
  parameters: {
    a: whole,
    b: { ...whole, kind: 'number', min: 0, max: 6 },
    c: whole,
    mode: { kind: 'choice', title: 'M', description: 'M.', default: 'x', options: ['x', 'y', 'z'] },
    on: { kind: 'flag', title: 'O', description: 'O.', default: true },
  },
  warmUp: () => 1,
  decider: () => idle,
});

function groundOf(strategy: BarStrategy | undefined, ...texts: readonly string[]): Ground {
  if (strategy === undefined) throw new Error('no such strategy');
  const space = readSpace(strategy.parameters, texts);
  if (!space.ok) throw new Error(space.error.text);
  return new Ground(space.value, strategy);
}

type Score = (indices: readonly number[]) => number | null;

/** Places in the order in which they were asked for, and the best score after each. */
function asked(ground: Ground, spec: SearchSpec, score: Score) {
  const places: number[] = [];
  const scores: (number | null)[] = [];
  const going = search(ground, spec);
  for (let next = going.next(); !next.done; ) {
    const told = next.value.map((place) => ({ place, score: score(indicesAt(ground.space, place)) }));
    places.push(...next.value);
    scores.push(...told.map((one) => one.score));
    next = going.next(told);
  }
  return { places, scores };
}

const cross = () => groundOf(barStrategies.get('ema-cross'), 'fast=5..50:5', 'slow=20..60:10');
const none: Score = () => null;

describe('a grid', () => {
  it('tries every combination that is allowed, once, and counts the others', () => {
    const ground = cross();
    const { places } = asked(ground, { kind: 'grid', tries: 0, seed: 0 }, none);
    // fast below slow: 3 for 20, 5 for 30, 7 for 40, 9 for 50, 10 for 60.
    expect(places).toHaveLength(34);
    expect(new Set(places).size).toBe(34);
    expect(ground.refused).toBe(50 - 34);
  });

  it('is refused where nobody would wait for it', () => {
    const ground = groundOf(barStrategies.get('ema-cross'));
    expect(checkSearch(ground, { kind: 'grid', tries: 0, seed: 0 })).toMatchObject({
      ok: false,
      error: { code: 'SPACE_TOO_LARGE' },
    });
    expect(checkSearch(ground, { kind: 'tpe', tries: 100, seed: 0 }).ok).toBe(true);
  });
});

describe.each(['random', 'tpe'] as const)('the search %s', (kind) => {
  it('asks for nothing twice and for nothing that is refused, and ends when all was asked', () => {
    const ground = cross();
    const { places } = asked(ground, { kind, tries: 1_000, seed: 1 }, ([fast = 0]) => fast);
    expect(places).toHaveLength(34);
    expect(new Set(places).size).toBe(34);
    expect(places.every((place) => ground.at(place) !== null)).toBe(true);
  });

  it('asks the same for the same seed, and other things for another', () => {
    const of = (seed: number) => asked(cross(), { kind, tries: 20, seed }, ([fast = 0]) => fast).places;
    expect(of(1)).toHaveLength(20);
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
  });

  it('goes on where nothing has a score', () => {
    expect(asked(cross(), { kind, tries: 30, seed: 3 }, none).places).toHaveLength(30);
  });

  it('reaches every corner of a space with more places than 32 bits count', () => {
    const ground = groundOf(barStrategies.get('macd-trend'));
    expect(ground.space.size).toBeGreaterThan(2 ** 32);
    const { places } = asked(ground, { kind, tries: 200, seed: 5 }, none);
    expect(new Set(places.map((place) => place % 2)).size).toBe(2);
    expect(Math.max(...places)).toBeGreaterThan(0.9 * ground.space.size);
  });
});

describe('TPE', () => {
  /** Smooth about a planted best, which only one choice and one flag reach. */
  const planted: Score = ([a = 0, b = 0, c = 0, mode = 0, on = 0]) =>
    -(((a - 41) / 60) ** 2) -
    ((b - 17) / 100) ** 2 -
    ((c - 8) / 60) ** 2 -
    (mode === 2 ? 0 : 0.1) -
    (on === 1 ? 0 : 0.1);
  const tries = 200;
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);

  /** Trials until it is as near as this; `tries` where it never was. */
  const needed = (kind: 'random' | 'tpe', seed: number): number => {
    const { scores } = asked(groundOf(anything), { kind, tries, seed }, planted);
    const at = scores.findIndex((score) => (score ?? -1) > -0.006);
    return at < 0 ? tries : at + 1;
  };

  it('finds a planted best with a fraction of the trials of a random search', () => {
    const table = seeds.map((seed) => ({ seed, tpe: needed('tpe', seed), random: needed('random', seed) }));
    const median = (values: readonly number[]) => values.toSorted((one, two) => one - two)[values.length / 2] as number;
    expect(table.filter(({ tpe, random }) => tpe < random).length).toBeGreaterThanOrEqual(18);
    expect(table.filter(({ tpe }) => tpe < tries)).toHaveLength(20);
    expect(median(table.map(({ tpe }) => tpe))).toBeLessThan(median(table.map(({ random }) => random)) / 3);
  });
});

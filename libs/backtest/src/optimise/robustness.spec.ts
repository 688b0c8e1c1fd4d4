import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { type BarStrategy, barStrategies } from '@scalpstorm/strategies';
import type { TrialFigures } from '../figures/trial-figures.js';
import { type ChoosePlan, tryPlaces } from './choose.js';
import { Ground } from './ground.js';
import { robustness } from './robustness.js';
import { placeOf, readSpace } from './space.js';
import type { Tries } from './tries.js';

const strategy = barStrategies.get('ema-cross') as BarStrategy;
const stretch = { from: 0, to: 100 };

function planOver(...texts: readonly string[]): ChoosePlan {
  const space = readSpace(strategy.parameters, texts);
  if (!space.ok) throw new Error(space.error.text);
  const ground = new Ground(space.value, strategy);
  return { ground, search: { kind: 'grid', tries: 0, seed: 1 }, objective: 'return', barsAYear: 1 };
}

/** Comes to what is written down for each combination. */
const written =
  (of: (parameters: JsonObject) => number): Tries =>
  async (_, combinations) => ({
    ok: true,
    value: combinations.map((parameters) => ({
      figures: {
        returnPct: of(parameters),
        trades: 9,
        observations: 100,
        sharpe: 1,
        maxDrawdownPct: 1,
      } as TrialFigures,
    })),
  });

async function around(plan: ChoosePlan, parameters: JsonObject, tries: Tries) {
  const { space } = plan.ground;
  const indices = space.axes.map(({ name, values }) => values.indexOf(parameters[name] as number));
  const best = await tryPlaces(plan, [stretch], [placeOf(space, indices)], tries);
  const found =
    best.ok && best.value[0] ? await robustness(plan, best.value[0], { stretch, withinPct: 20 }, tries) : best;
  if (!found.ok) throw new Error(found.error.text);
  return found.value as Exclude<typeof found.value, readonly unknown[]>;
}

describe('the map about the best', () => {
  it('has the scores two steps to every side, and none where the strategy refuses', async () => {
    const plan = planOver('fast=2..12:2', 'slow=8..20:4');
    const found = await around(
      plan,
      { fast: 8, slow: 12 },
      written(({ fast, slow }) => 100 - Math.abs(Number(fast) - 8) - Math.abs(Number(slow) - 12)),
    );
    expect(found.tables).toEqual([
      {
        x: 'fast',
        y: 'slow',
        xValues: [4, 6, 8, 10, 12],
        yValues: [8, 12, 16, 20],
        scores: [
          [92, 94, null, null, null],
          [96, 98, 100, 98, null],
          [92, 94, 96, 94, 92],
          [88, 90, 92, 90, 88],
        ],
      },
    ]);
    expect(found).toMatchObject({ neighbours: 15, withinShare: 1 });
  });

  it('says how many neighbours are nearly as good', async () => {
    const plan = planOver('fast=1..5', 'slow=20');
    const scores = [50, 85, 100, 79, 80];
    const found = await around(
      plan,
      { fast: 3, slow: 20 },
      written(({ fast }) => scores[Number(fast) - 1] as number),
    );
    expect(found).toMatchObject({ neighbours: 4, withinShare: 0.5 });
    expect(found.tables[0]).toMatchObject({ x: 'fast', y: null, scores: [scores] });
  });

  it('finds a neighbour that is better', async () => {
    const found = await around(
      planOver('fast=1..5', 'slow=20'),
      { fast: 3, slow: 20 },
      written(({ fast }) => Number(fast)),
    );
    expect(found.better).toEqual({ parameters: { fast: 5, slow: 20 }, score: 5 });
  });

  it('goes further where an axis is long: the next of many periods is no other parameter', async () => {
    const found = await around(
      planOver('fast=1..200', 'slow=1000'),
      { fast: 100, slow: 1_000 },
      written(() => 1),
    );
    expect(found.tables[0]?.xValues).toEqual([80, 90, 100, 110, 120]);
  });

  it('has no neighbour where nothing has an order', async () => {
    const found = await around(
      planOver('fast=3', 'slow=20'),
      { fast: 3, slow: 20 },
      written(() => 1),
    );
    expect(found).toEqual({ neighbours: 0, withinPct: 20, withinShare: null, better: null, tables: [] });
  });
});

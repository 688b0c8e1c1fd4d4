import { describe, expect, it } from '@jest/globals';
import { isPlanOver, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import { PlanStage } from '../../test/plan-stage.js';
import { PlanWorld } from '../../test/plan-world.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target: null };
const twap: PlanTerms = {
  kind: 'twap',
  side: 'buy',
  purpose: 'open',
  quantity: q('1'),
  slices: 4,
  intervalSeconds: 1,
  price: null,
};

async function until(stage: PlanStage, holds: () => boolean): Promise<void> {
  for (let moment = 0; moment < 60 && !holds(); moment += 1) await stage.moment();
  expect(holds()).toBe(true);
}

const isOver = ({ plan }: PlanWorld): boolean => isPlanOver(plan.status);
const stops = (world: PlanWorld) => world.restingOf('sell').map(({ quantity }) => Quantity.format(quantity));

/** Its entry was ended by the venue with nothing, as far as the venue had counted. */
async function unopened(): Promise<{ world: PlanWorld; stage: PlanStage; entryId: string }> {
  const world = new PlanWorld();
  const stage = await PlanStage.rise(world);
  await stage.plan(bracket);
  await until(stage, () => world.restingOf('buy').length === 1);
  const entryId = world.restingOf('buy')[0]?.clientOrderId ?? '';
  stage.endAtVenue(entryId);
  await until(stage, () => isOver(world));
  expect(world.plan).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_CANCELED' } });
  return { world, stage, entryId };
}

describe('a plan that is over', () => {
  it('and whose entry was filled after all gives it its stop', async () => {
    const { world, stage, entryId } = await unopened();
    stage.fillLate(entryId, q('0.4'));
    await until(stage, () => world.plan.status === 'protecting');
    expect(stops(world)).toEqual(['0.4']);
  });

  it('learns of such a fill also when execution died before the plan had it', async () => {
    const { world, stage, entryId } = await unopened();
    stage.plans.read = () => Promise.reject(new Error('away'));
    stage.fillLate(entryId, q('0.4'));
    await stage.moment();
    expect(isOver(world)).toBe(true);
    const next = await PlanStage.rise(world);
    await until(next, () => world.plan.status === 'protecting');
    expect(stops(world)).toEqual(['0.4']);
  });

  it('is not taken up again by a repeat that read it before its end', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.plan(twap);
    await stage.moment();
    const answered = Promise.withResolvers<void>();
    const refused: unknown[] = [];
    const { plans } = stage;
    const [add, save] = [plans.add.bind(plans), plans.save.bind(plans)];
    plans.add = async (plan) => {
      const stored = await add(plan);
      await answered.promise;
      return stored;
    };
    plans.save = async (...given) => {
      const saved = save(...given);
      saved.catch((error: unknown) => refused.push(error));
      return saved;
    };
    const repeat = stage.plan(twap);
    await until(stage, () => isOver(world));
    const [before] = [world.plan];
    answered.resolve();
    await repeat;
    for (let moment = 0; moment < 3; moment += 1) await stage.moment();
    expect([refused, world.plan]).toEqual([[], before]);
  });
});

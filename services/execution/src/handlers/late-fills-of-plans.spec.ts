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

/** Its entry is filled, and its stop works. */
async function held() {
  const world = new PlanWorld();
  const stage = await PlanStage.rise(world);
  const stored = await stage.plan(bracket);
  await until(stage, () => world.restingOf('buy').length === 1);
  stage.fill(world.restingOf('buy')[0]?.clientOrderId ?? '', q('1'));
  await until(stage, () => stops(world).length === 1);
  return { world, stage, stored };
}

const stopOf = (world: PlanWorld): string => world.restingOf('sell')[0]?.clientOrderId ?? '';

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
    await until(next, () => stops(world).length > 0);
    expect([world.plan.status, stops(world)]).toEqual(['protecting', ['0.4']]);
  });

  it('because its exits sold more than it held tells its user so', async () => {
    const { world, stage } = await held();
    const first = stopOf(world);
    stage.endAtVenue(first);
    await until(stage, () => stops(world).length === 1);
    stage.fill(stopOf(world), q('1'));
    await until(stage, () => isOver(world));
    expect([world.plan.status, world.told]).toEqual(['done', []]);
    stage.fillLate(first, q('0.1'));
    await until(stage, () => world.plan.status === 'failed');
    expect(world.told).toMatchObject([{ level: 'ERROR', code: 'PLAN_OVERFILLED', userId: 'usr_1' }]);
    expect(world.told[0]?.text).toContain('its exits filled 0.1 more than it held');
  });

  it('with something left that has no stop any more tells its user so, once', async () => {
    const { world, stage, stored } = await held();
    await stage.runPlans.cancel(stored);
    await until(stage, () => isOver(world));
    expect(world.told).toMatchObject([{ code: 'PLAN_UNPROTECTED', data: { planId: 'plan_000000000001' } }]);
    expect(world.told[0]?.text).toContain('1 are held without a stop');
  });

  it('or is not says what it holds while the gate denies its stop', async () => {
    const world = new PlanWorld();
    world.denials.set(
      'stop',
      Array.from({ length: 20 }, () => 'GATE_RECOVERING'),
    );
    const stage = await PlanStage.rise(world);
    const { plan } = await stage.plan(bracket);
    await until(stage, () => world.restingOf('buy').length === 1);
    expect(stage.runPlans.uncovered(plan.accountId)).toEqual([]);
    stage.fill(world.restingOf('buy')[0]?.clientOrderId ?? '', q('1'));
    await until(stage, () => stage.runPlans.uncovered(plan.accountId).length === 1);
    expect(stage.runPlans.uncovered(plan.accountId)).toMatchObject([
      { planId: plan.id, side: 'sell', quantity: q('1') },
    ]);
    world.denials.clear();
    await until(stage, () => stops(world).length === 1 && stage.runPlans.uncovered(plan.accountId).length === 0);
  });

  it('as failed tells its user why and what to do', async () => {
    const world = new PlanWorld();
    world.denials.set('entry', ['TRADING_HALTED']);
    const stage = await PlanStage.rise(world);
    await stage.plan(bracket);
    await until(stage, () => isOver(world));
    expect(world.told).toMatchObject([{ code: 'PLAN_FAILED', data: { kind: 'bracket' } }]);
    expect(world.told[0]?.text).toMatch(/TRADING_HALTED.*plan anew/);
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
    plans.add = async (...given) => {
      const stored = await add(...given);
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

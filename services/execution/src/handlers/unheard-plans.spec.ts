import { describe, expect, it } from '@jest/globals';
import { ClientOrderId, PlanId, type PlanTerms, Price, Quantity, UserId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { account, instrument, PlanStage } from '../../test/plan-stage.js';
import { PlanWorld } from '../../test/plan-world.js';

const q = Quantity.of;
const userId = UserId.of('usr_1');
const planId = PlanId.of('plan_000000000001');
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
const oco: PlanTerms = { kind: 'oco', side: 'sell', purpose: 'close', quantity: q('0.5'), stop, target };
const create = { kind: 'create', userId, planId, accountId: account, instrumentId: instrument.id, terms: oco } as const;
const bought = anOrderRequest({
  ...{ clientOrderId: ClientOrderId.of('hand'), userId, botId: null, accountId: account, instrumentId: instrument.id },
  ...{ quantity: q('0.5'), type: 'market', price: null, timeInForce: 'IOC' },
});

async function holding(): Promise<PlanStage> {
  const stage = await PlanStage.rise(new PlanWorld());
  await stage.moment();
  await stage.parts.approve(bought);
  await stage.moment();
  return stage;
}
const resting = ({ world }: PlanStage) =>
  world.restingOf('sell').reduce((sum, { quantity }) => Quantity.plus(sum, quantity), Quantity.zero);

describe('a plan that was stored, and whose answer got lost', () => {
  it('is carried out by whoever looks next, though nobody asks for it again', async () => {
    const stage = await holding();
    stage.plans.answersLost = 1;
    await expect(stage.questions.answer(create)).rejects.toThrow('while committing');
    await stage.moment();
    await stage.moment();
    expect([resting(stage), stage.world.plan.status]).toEqual([q('0.5'), 'protecting']);
  });

  it('is carried out when it is asked for again under the same key, also where it came too late for that look', async () => {
    const stage = await holding();
    stage.plans.answersLost = 1;
    const { open } = stage.plans;
    stage.plans.open = async () => [];
    await expect(stage.questions.answer(create)).rejects.toThrow('while committing');
    await stage.look();
    stage.plans.open = open;
    expect(stage.world.asked).toEqual([]);
    expect(await stage.questions.answer(create)).toMatchObject({ ok: true, value: [{ id: planId }] });
    await stage.moment();
    await stage.moment();
    expect([resting(stage), stage.world.plan.status]).toEqual([q('0.5'), 'protecting']);
  });

  it('is canceled when its user cancels it', async () => {
    const stage = await holding();
    stage.plans.answersLost = 1;
    const { open } = stage.plans;
    stage.plans.open = async () => [];
    await expect(stage.questions.answer(create)).rejects.toThrow('while committing');
    await stage.look();
    stage.plans.open = open;
    await stage.questions.answer({ kind: 'cancel', userId, planId });
    expect(stage.world.plan.canceling).toBe(true);
    await stage.moment();
    expect(stage.world.plan.status).toBe('canceled');
  });

  it('keeps its stop at level flatten for as long as its account may send no close', async () => {
    const stage = await holding();
    await stage.questions.answer(create);
    for (let moment = 0; moment < 3; moment += 1) await stage.moment();
    stage.parts.venue.brokenCircuit = 'open';
    await stage.say('halted', 'flatten');
    for (let moment = 0; moment < 6; moment += 1) await stage.moment();
    expect(resting(stage)).toBe(q('0.5'));
    stage.parts.venue.brokenCircuit = 'closed';
    for (let moment = 0; moment < 10; moment += 1) await stage.moment();
    expect([resting(stage), stage.world.net]).toEqual([0n, 0n]);
  });

  it('closes what is held where a halt of level flatten has begun it', async () => {
    const stage = await holding();
    stage.plans.answersLost = 1;
    const { open } = stage.plans;
    stage.plans.open = async () => [];
    await stage.say('halted', 'flatten');
    await stage.look();
    expect([stage.world.plans.size, stage.plans.answersLost]).toEqual([1, 0]);
    for (let moment = 0; moment < 6; moment += 1) await stage.moment();
    stage.plans.open = open;
    expect([stage.world.net, stage.world.plans.size, stage.world.plan.status]).toEqual([0n, 1, 'done']);
  });
});

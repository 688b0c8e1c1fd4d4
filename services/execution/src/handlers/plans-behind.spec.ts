import { describe, expect, it } from '@jest/globals';
import { PlanId, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { account, PlanStage } from '../../test/plan-stage.js';
import { PlanWorld } from '../../test/plan-world.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target: null };
const twap: PlanTerms = {
  ...{ kind: 'twap', side: 'buy', purpose: 'open', quantity: q('1'), slices: 4, intervalSeconds: 1, price: null },
};

async function moments(stage: PlanStage, count: number): Promise<void> {
  for (let moment = 0; moment < count; moment += 1) await stage.moment();
}
const legs = ({ arrivals }: PlanWorld) => arrivals.map((id) => PlanId.slotOf(id)?.leg);

describe('a plan out of a back-up', () => {
  it('whose next slice the venue has filled since places it no more, and says so', async () => {
    const before = new PlanWorld();
    const first = await PlanStage.rise(before);
    await first.plan(twap);
    await moments(first, 2);
    const restore = before.backedUp();
    await moments(first, 4);
    const sent = before.arrivals.length;
    expect(sent).toBeGreaterThan(1);
    const world = restore();
    await moments(await PlanStage.rise(world), 20);
    expect(world.arrivals).toHaveLength(sent);
    expect(world.plan).toMatchObject({ status: 'failed', reason: { code: 'PLAN_BEHIND_VENUE' } });
    expect(world.told.map(({ code }) => code)).toEqual(['PLAN_FAILED']);
  });

  it('whose first order the venue has and no order is in the books sends nothing, also when the gate approves it again', async () => {
    const before = new PlanWorld();
    const first = await PlanStage.rise(before);
    await first.plan(bracket);
    await first.look();
    const restore = before.backedUp();
    await moments(first, 1);
    expect(legs(before)).toEqual(['entry']);
    first.fill(before.arrivals[0] ?? '', q('1'));
    const world = restore();
    expect(world.orders.orders.size).toBe(0);
    await moments(await PlanStage.rise(world), 20);
    expect([legs(world), world.plan.status, world.plan.reason?.code]).toEqual([
      ['entry'],
      'failed',
      'PLAN_BEHIND_VENUE',
    ]);
  });

  it('is not behind where the books know every order of it', async () => {
    const before = new PlanWorld();
    const first = await PlanStage.rise(before);
    await first.plan(twap);
    await moments(first, 6);
    const world = before.backedUp()();
    await moments(await PlanStage.rise(world), 20);
    expect([world.plan.status, -world.net]).toEqual(['done', q('1')]);
  });

  it('is sent nothing from the moment on when that is known, whatever the gate has let through and whoever stores its end', async () => {
    const stage = await PlanStage.rise(new PlanWorld());
    const planId = PlanId.of('plan_00000000000a');
    const idOf = (attempt: number) => PlanId.childOf({ planId, leg: 'slice', attempt });
    void stage.parts.adoptOrders.leavePlans(account, [{ clientOrderId: idOf(2) }]);
    const order = anOrderRequest({ clientOrderId: idOf(1), botId: null });
    await stage.parts.approve(order);
    expect(stage.parts.stored(order)).toMatchObject({ status: 'denied', reason: { code: 'PLAN_BEHIND_VENUE' } });
    expect(stage.world.arrivals).toEqual([]);
  });

  it('ends with the next comparison where the database was away in the first one', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    const { plan } = await stage.plan(bracket);
    await moments(stage, 1);
    const { adoptOrders } = stage.parts;
    const orders = [{ clientOrderId: PlanId.childOf({ planId: plan.id, leg: 'stop', attempt: 3 }) }];
    const { save } = stage.plans;
    stage.plans.save = () => Promise.reject(new Error('Postgres is away'));
    await expect(adoptOrders.leavePlans(account, orders)).rejects.toThrow('away');
    stage.plans.save = save;
    await adoptOrders.leavePlans(account, orders);
    expect(world.plan.failing?.code).toBe('PLAN_BEHIND_VENUE');
  });

  it('ends when an order of it is met later, too', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.plan(twap);
    await moments(stage, 2);
    const [known] = world.venueOrders.values();
    if (known === undefined) throw new Error('no slice');
    const id = PlanId.childOf({ planId: world.plan.id, leg: 'slice', attempt: 3 });
    stage.parts.venue.orders.set(id, { ...known, clientOrderId: id, venueOrderId: known.venueOrderId, status: 'open' });
    await stage.reconcile();
    const sent = world.arrivals.length;
    await moments(stage, 20);
    expect([world.plan.reason?.code, world.arrivals.length]).toEqual(['PLAN_BEHIND_VENUE', sent]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { isFinal, isPlanOver, PlanId, type PlanTerms, Price, Quantity, RiskScope } from '@scalpstorm/model';
import { PlanStage } from '../../test/plan-stage.js';
import { Mortal, PlanWorld } from '../../test/plan-world.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target };
const iceberg: PlanTerms = {
  kind: 'iceberg',
  side: 'buy',
  purpose: 'open',
  quantity: q('1'),
  price: Price.of('100'),
  show: q('0.4'),
};
const twap: PlanTerms = {
  kind: 'twap',
  side: 'buy',
  purpose: 'open',
  quantity: q('1'),
  slices: 4,
  intervalSeconds: 1,
  price: null,
};

const left = (views: PlanWorld['venueOrders'] extends Map<string, infer View> ? readonly View[] : never) =>
  views.reduce((sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity, 0n);

/** What must never be at the venue: more on its way out than is held. */
function checkVenue(world: PlanWorld): void {
  expect(world.net + left(world.restingOf('sell'))).toBeLessThanOrEqual(0n);
}

type Script = (stage: PlanStage) => void;

/** Fills the entry in two parts, then lets the market go where the plan ends. */
const traded =
  (end: 'target' | 'stop'): Script =>
  (stage) => {
    const { world } = stage;
    const [buy] = world.restingOf('buy');
    if (buy !== undefined) {
      if (buy.filledQuantity === 0n) stage.fill(buy.clientOrderId, q('0.4'));
      else if (left(world.restingOf('sell')) > 0n) stage.fill(buy.clientOrderId, q('0.6'), false);
      return;
    }
    const stops = world.restingOf('sell');
    if (end === 'target') {
      if (left(stops) === q('1')) world.price = '120';
      return;
    }
    if (left(stops) === q('1')) world.price = '90';
    if (world.price !== '90') return;
    for (const { clientOrderId, quantity, filledQuantity } of stops)
      stage.fill(clientOrderId, Quantity.minus(quantity, filledQuantity));
  };

const partsFilled: Script = (stage) => {
  for (const { clientOrderId, quantity } of stage.world.restingOf('buy')) {
    expect(quantity).toBeLessThanOrEqual(q('0.4'));
    stage.fill(clientOrderId, quantity);
  }
};

interface Run {
  readonly terms: PlanTerms;
  readonly script: Script;
}

/** Plays a plan to its end; the first life ends at the point, the second goes on. */
async function play({ terms, script }: Run, diesAt?: number): Promise<{ world: PlanWorld; points: number }> {
  const world = new PlanWorld();
  const mortal = new Mortal(diesAt);
  let stage = await PlanStage.rise(world, mortal);
  const first = stage.plan(terms);
  for (let moment = 0; moment < 120; moment += 1) {
    const [stored] = world.plans.values();
    if (stored !== undefined && isPlanOver(world.plan.status)) break;
    if (stage.mortal.dead) stage = await PlanStage.rise(world);
    // Whoever planned it and was not answered asks again.
    if (stored === undefined && moment > 1) await stage.plan(terms);
    script(stage);
    await Promise.race([stage.moment(), stage.mortal.death]);
    checkVenue(world);
    if (moment % 5 === 4) await Promise.race([stage.reconcile(), stage.mortal.death]);
  }
  void first;
  return { world, points: mortal.points };
}

const statuses = (world: PlanWorld) => [...world.orders.orders.values()].map(({ tracked }) => tracked.order.status);

describe('a plan', () => {
  const runs: readonly (readonly [string, Run])[] = [
    ['a bracket that takes its profit', { terms: bracket, script: traded('target') }],
    ['a bracket that is stopped', { terms: bracket, script: traded('stop') }],
    ['an iceberg', { terms: iceberg, script: partsFilled }],
    ['a TWAP', { terms: twap, script: () => undefined }],
  ];

  it.each(runs)('comes to its end when nobody dies: %s', async (_, run) => {
    const { world } = await play(run);
    expect(world.plan).toMatchObject({ status: 'done', reason: null });
    expect(new Set(world.arrivals).size).toBe(world.arrivals.length);
    expect(statuses(world).every(isFinal)).toBe(true);
  });

  it.each(runs)('comes to the same end wherever execution dies, and nothing is sent twice: %s', async (_, run) => {
    const { points } = await play(run);
    expect(points).toBeGreaterThan(10);
    for (let diesAt = 0; diesAt < points; diesAt += 1) {
      const { world } = await play(run, diesAt);
      const { status, terms } = world.plan;
      const held = -world.net;
      // An entry of which nobody knows whether it left is not sent again when its time is over: then nothing was opened.
      if (terms.kind === 'bracket' && world.plan.reason?.code === 'NOT_FOUND_AFTER_EXPIRY')
        expect([diesAt, status, held]).toEqual([diesAt, 'canceled', 0n]);
      else if (terms.kind === 'bracket') expect([diesAt, status, held]).toEqual([diesAt, 'done', 0n]);
      // A slice whose time came while nobody ran is spread over the others, and at the end it is told.
      else if (terms.kind === 'twap' && world.plan.reason !== null)
        expect([diesAt, status, world.plan.reason.code, held < q('1')]).toEqual(
          held === 0n ? [diesAt, 'failed', 'NOT_FOUND_AFTER_EXPIRY', true] : [diesAt, 'done', 'TWAP_TIME_OVER', true],
        );
      else expect([diesAt, status, held]).toEqual([diesAt, 'done', q('1')]);
      // Whatever was sent again was not there, and no life wrote over another one.
      expect([diesAt, world.twice, world.broken]).toEqual([diesAt, [], []]);
      expect(statuses(world).every(isFinal)).toBe(true);
      expect(left([...world.venueOrders.values()].filter(({ status: at }) => at === 'open'))).toBe(0n);
    }
  });

  it('goes on from what the gate refuses', async () => {
    const world = new PlanWorld();
    world.denials.set('stop', ['GATE_RECOVERING']);
    const stage = await PlanStage.rise(world);
    await stage.plan(bracket);
    for (let moment = 0; moment < 4; moment += 1) {
      await stage.moment();
      const [buy] = world.restingOf('buy');
      if (buy?.filledQuantity === 0n) stage.fill(buy.clientOrderId, q('1'));
    }
    expect(world.plan.children.map(({ leg, code }) => [leg, code])).toEqual([
      ['entry', null],
      ['stop', 'GATE_RECOVERING'],
      ['stop', null],
    ]);
    expect(left(world.restingOf('sell'))).toBe(q('1'));
  });

  it.each([
    ['a TWAP', twap],
    ['an iceberg', iceberg],
    ['a bracket', bracket],
  ] as const)('opens nothing more while trading is halted, whatever the gate has let through: %s', async (_, terms) => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.plan(terms);
    await stage.moment();
    const before = world.arrivals.filter((id) => PlanId.slotOf(id)?.leg !== 'stop');
    expect(before).toHaveLength(1);
    await stage.parts.halts.hear({
      ...{ scope: RiskScope.platform, state: 'halted', text: '' },
      since: stage.parts.clock.now(),
    });
    for (const { clientOrderId, quantity } of world.restingOf('buy')) stage.fill(clientOrderId, quantity);
    for (let moment = 0; moment < 12; moment += 1) await stage.moment();
    expect(world.arrivals.filter((id) => PlanId.slotOf(id)?.leg !== 'stop')).toEqual(before);
    // What is held keeps its stop.
    expect(left(world.restingOf('sell'))).toBe(terms.kind === 'bracket' ? q('1') : 0n);
    if (terms.kind !== 'bracket') expect(statuses(world)).toContain('denied');
  });

  it('is canceled with all its orders, also the stop, and what is asked of it again is the same plan', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    const stored = await stage.plan(bracket);
    await stage.moment();
    const [buy] = world.restingOf('buy');
    if (buy === undefined) throw new Error('no entry');
    stage.fill(buy.clientOrderId, q('0.4'));
    await stage.moment();
    expect(left(world.restingOf('sell'))).toBe(q('0.4'));
    await stage.runPlans.cancel(stored);
    await stage.moment();
    await stage.moment();
    expect(world.plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_CANCELED' } });
    expect([...world.venueOrders.values()].map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    const reasons = [...world.orders.orders.values()].map(({ tracked }) => tracked.order.cancelReason);
    expect(reasons).toEqual(['manual', 'manual']);
    expect((await stage.plan(bracket)).plan.status).toBe('canceled');
    await stage.moment();
    expect(world.arrivals).toHaveLength(2);
  });

  it('spells its orders: whoever sees one knows the plan', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    const { plan } = await stage.plan(bracket);
    await stage.moment();
    expect(world.arrivals.map(PlanId.slotOf)).toEqual([{ planId: plan.id, leg: 'entry', attempt: 0 }]);
  });
});

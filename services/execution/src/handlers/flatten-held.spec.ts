import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, isFinal, isPlanOver, PlanId, type PlanTerms, Price, Quantity, UserId } from '@scalpstorm/model';
import { anAccount, anOrderRequest } from '@scalpstorm/testkit';
import { held } from '../../test/execution-parts.js';
import { account, instrument, PlanStage } from '../../test/plan-stage.js';
import { Mortal, PlanWorld } from '../../test/plan-world.js';
import { flattenPlan } from '../domain/flatten-plan.js';
import { planFromText } from '../domain/plan-body.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const entry = { type: 'market', price: null, timeInForce: 'IOC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target: null };
const twap: PlanTerms = {
  ...{ kind: 'twap', side: 'buy', purpose: 'open', quantity: q('1'), slices: 4, intervalSeconds: 1, price: null },
};
const second = PlanId.of('plan_000000000002');

const byHand = (side: 'buy' | 'sell', quantity: string, id = `hand${side}`) =>
  anOrderRequest({
    ...{ clientOrderId: ClientOrderId.of(id), userId: UserId.of('usr_1'), botId: null, accountId: account, side },
    ...{ instrumentId: instrument.id, quantity: q(quantity), type: 'market', price: null, timeInForce: 'IOC' },
    purpose: 'open',
  });
const stopByHand = (quantity: string) => ({
  ...byHand('sell', quantity, 'handstop'),
  ...{ purpose: 'close' as const, trigger: stop.trigger },
});

const plans = (world: PlanWorld) => [...world.plans.values()].map(({ text }) => planFromText(text));
const closes = (world: PlanWorld) =>
  world.arrivals.filter((id) =>
    plans(world).some(({ id: of, terms }) => terms.kind === 'flatten' && PlanId.slotOf(id)?.planId === of),
  );
const onItsWayOut = (world: PlanWorld) =>
  world.restingOf('sell').reduce((sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity, 0n);

async function moments(stage: PlanStage, count: number): Promise<void> {
  for (let moment = 0; moment < count; moment += 1) {
    await Promise.race([stage.moment(), stage.mortal.death]);
    // Never is more on its way out than is held.
    expect(stage.world.net + onItsWayOut(stage.world)).toBeLessThanOrEqual(0n);
  }
}

/** A bracket under its stop, a TWAP in the middle, and something that was bought by hand, under a stop by hand. */
async function busy(world = new PlanWorld(), mortal = new Mortal()) {
  const stage = await PlanStage.rise(world, mortal);
  await stage.plan(bracket);
  await moments(stage, 3);
  await stage.plan(twap, second);
  await stage.parts.approve(byHand('buy', '0.5'));
  await moments(stage, 2);
  await stage.parts.approve(stopByHand('0.5'));
  await moments(stage, 2);
  expect(onItsWayOut(world)).toBe(q('1.5'));
  expect(-world.net > q('1.5')).toBe(true);
  return { world, stage };
}

describe('a halt of level flatten', () => {
  it('closes what plans and hands hold, after what gives back of it has ended, and once', async () => {
    const { world, stage } = await busy();
    await stage.say('halted', 'flatten');
    await moments(stage, 20);
    expect([world.net, onItsWayOut(world)]).toEqual([0n, 0n]);
    expect(plans(world).every(({ status }) => isPlanOver(status))).toBe(true);
    const sent = world.arrivals.length;
    await stage.say('halted', 'flatten');
    await moments(stage, 10);
    expect(world.arrivals).toHaveLength(sent);
    // What the bracket held it has closed itself; the rest, of the TWAP and by hand, was closed by one order.
    expect(closes(world)).toHaveLength(1);
    expect(plans(world).map(({ terms, status, reason }) => [terms.kind, status, reason?.code])).toEqual([
      ['bracket', 'done', undefined],
      ['twap', 'canceled', 'PLAN_HALTED'],
      ['flatten', 'done', undefined],
    ]);
  });

  it('comes to the same end wherever execution dies, and closes nothing twice', async () => {
    const first = await busy();
    const counted = first.stage.mortal.points;
    await first.stage.say('halted', 'flatten');
    await moments(first.stage, 20);
    const { points } = first.stage.mortal;
    expect(points - counted).toBeGreaterThan(20);
    for (let diesAt = counted; diesAt < points; diesAt += 1) {
      const { world, stage: before } = await busy(new PlanWorld(), new Mortal(diesAt));
      await Promise.race([before.say('halted', 'flatten'), before.mortal.death]);
      for (let moment = 0; moment < 20 && !before.mortal.dead; moment += 1)
        await Promise.race([before.moment(), before.mortal.death]);
      const after = await PlanStage.rise(world);
      for (let round = 0; round < 6; round += 1) {
        await moments(after, 10);
        await after.reconcile();
      }
      expect([diesAt, world.net, onItsWayOut(world), world.twice, world.broken]).toEqual([diesAt, 0n, 0n, [], []]);
    }
  });

  it('ends plans that open also at level cancel, and keeps what closes', async () => {
    const { world, stage } = await busy();
    await stage.say('halted', 'cancel');
    await moments(stage, 2);
    const sent = world.arrivals.length;
    await stage.say('active');
    await moments(stage, 20);
    expect(world.arrivals).toHaveLength(sent);
    expect(plans(world).map(({ status, reason }) => [status, reason?.code])).toEqual([
      ['protecting', undefined],
      ['canceled', 'PLAN_HALTED'],
    ]);
    expect(onItsWayOut(world)).toBe(q('1.5'));
  });

  it('closes no more than was bought here: what its user brought and sold is not bought back', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.parts.approve(byHand('sell', '0.4'));
    await stage.moment();
    await stage.moment();
    const sent = world.arrivals.length;
    await stage.say('halted', 'flatten');
    for (let moment = 0; moment < 6; moment += 1) await stage.moment();
    expect([world.arrivals.length, world.net]).toEqual([sent, q('0.4')]);
  });

  it('leaves the stop where it is while nothing can be sent, and closes when it can', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.parts.approve(byHand('buy', '0.5'));
    await moments(stage, 2);
    await stage.parts.approve(stopByHand('0.5'));
    await moments(stage, 2);
    stage.parts.venue.brokenCircuit = 'open';
    await stage.say('halted', 'flatten');
    await moments(stage, 4);
    expect(onItsWayOut(world)).toBe(q('0.5'));
    expect(stage.flattenHeld.whyHeld(account, instrument.id)?.code).toBe('ACCOUNT_SENDS_NOTHING');
    stage.parts.venue.brokenCircuit = 'closed';
    await moments(stage, 8);
    expect([world.net, onItsWayOut(world)]).toEqual([0n, 0n]);
  });

  it('closes while nothing is told of the account, as long as the venue takes orders', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.parts.approve(byHand('buy', '0.5'));
    await moments(stage, 2);
    stage.parts.venue.state = 'disconnected';
    await stage.say('halted', 'flatten');
    await moments(stage, 8);
    expect([world.net, onItsWayOut(world)]).toEqual([0n, 0n]);
  });

  it('that comes while a slice is on its way closes what that fills after all', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    const arrives = held<void>();
    const { onPlace } = stage.parts.venue;
    stage.parts.venue.onPlace = async (request) => {
      await arrives.promise;
      return onPlace(request);
    };
    await stage.plan(twap);
    await stage.moment();
    await stage.say('halted', 'flatten');
    await moments(stage, 2);
    stage.parts.venue.onPlace = onPlace;
    arrives.keep();
    await moments(stage, 10);
    expect([world.net, closes(world).length]).toEqual([0n, 1]);
    expect([...world.orders.orders.values()].every(({ tracked }) => isFinal(tracked.order.status))).toBe(true);
  });

  it('waits for a bracket that closes its own, and leaves it the stop that it places meanwhile', async () => {
    const { world, stage } = await busy();
    world.denials.set('exit', ['GATE_RECOVERING']);
    await stage.say('halted', 'flatten');
    await moments(stage, 4);
    expect([onItsWayOut(world), stage.flattenHeld.whyHeld(account, instrument.id)?.code]).toEqual([
      q('1.5'),
      'PLAN_ENDS_FIRST',
    ]);
    await moments(stage, 20);
    expect([world.net, plans(world)[0]?.status]).toEqual([0n, 'done']);
  });

  it('begins the same plan for the same state of a position, and another one after the next fill', () => {
    const state = {
      account: anAccount(),
      userId: UserId.of('usr_1'),
      instrument,
      quantity: q('0.5'),
      fills: 3,
      round: 0,
    };
    const idAt = (time: number, changes: Partial<typeof state> = {}) =>
      flattenPlan({ ...state, ...changes }, Timestamp.fromMicros(time)).id;
    expect(idAt(1)).toBe(idAt(2));
    const all = [idAt(1), idAt(1, { fills: 4 }), idAt(1, { round: 1 }), idAt(1, { userId: UserId.of('usr_2') })];
    expect(new Set(all).size).toBe(4);
  });

  it('stops with the release', async () => {
    const world = new PlanWorld();
    const stage = await PlanStage.rise(world);
    await stage.parts.approve(byHand('buy', '0.5'));
    await moments(stage, 2);
    const { onPlace } = stage.parts.venue;
    stage.parts.venue.onPlace = () => ({ kind: 'rejected', code: 'VENUE_OVERLOADED', text: 'busy', retryable: true });
    await stage.say('halted', 'flatten');
    await moments(stage, 4);
    expect(stage.flattenHeld.whyHeld(account, instrument.id)).toMatchObject({ code: 'CLOSE_NOT_TAKEN' });
    await stage.say('active');
    stage.parts.venue.onPlace = onPlace;
    await moments(stage, 12);
    expect([-world.net, plans(world).map(({ status }) => status)]).toEqual([q('0.5'), ['canceled']]);
  });
});

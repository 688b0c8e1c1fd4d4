import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { ClientOrderId, PlanId, Quantity, UserId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { account, instrument, PlanStage } from '../../test/plan-stage.js';
import { PlanWorld } from '../../test/plan-world.js';
import { planFromText } from '../domain/plan-body.js';

const minute = 60 * second;
const roundsOfDay = 3_000;
const bought = (user: string) =>
  anOrderRequest({
    ...{
      clientOrderId: ClientOrderId.of(user.replace('_', '')),
      userId: UserId.of(user),
      botId: null,
      accountId: account,
    },
    ...{ instrumentId: instrument.id, quantity: Quantity.of('0.5'), type: 'market', price: null, timeInForce: 'IOC' },
  });

/** Users hold something at an account, and each close of it is refused as too much: its plan ends, and another one begins. */
async function refusing(...users: readonly string[]) {
  const world = new PlanWorld();
  const stage = await PlanStage.rise(world);
  await stage.moment();
  for (const user of users) await stage.parts.approve(bought(user));
  await stage.moment();
  world.denials.set(
    'exit',
    Array.from({ length: 9_999 }, () => 'EXCEEDS_POSITION'),
  );
  await stage.say('halted', 'flatten');
  return { world, stage };
}
const plansOf = ({ plans }: PlanWorld) => [...plans.values()].map(({ text }) => planFromText(text));

describe('a close that comes to nothing again and again', () => {
  it('is looked for where it was left, for each of those who hold something', async () => {
    const { world, stage } = await refusing('usr_1', 'usr_2');
    for (let moment = 0; moment < 40; moment += 1) {
      await stage.moment();
      world.clock.advance(minute);
    }
    const made = world.plans.size;
    expect(made).toBeGreaterThan(10);
    let asked = 0;
    const { find } = stage.plans;
    stage.plans.find = (...which) => {
      asked += 1;
      return find.apply(stage.plans, which);
    };
    await stage.look();
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('sums the fills after each of them, and not with each look', async () => {
    const { stage } = await refusing('usr_1');
    for (let moment = 0; moment < 10; moment += 1) await stage.moment();
    expect(stage.holdings.sums).toBe(1);
    await stage.parts.approve({
      ...bought('usr_1'),
      clientOrderId: ClientOrderId.of('p1'),
      purpose: 'close',
      side: 'sell',
      quantity: Quantity.of('0.1'),
    });
    await stage.moment();
    await stage.moment();
    expect(stage.holdings.sums).toBe(2);
  });

  it('is told after a day of tries, with what to do, and tried every five minutes from then on', async () => {
    const { world, stage } = await refusing('usr_1');
    await stage.moment();
    const [plan] = plansOf(world);
    if (plan === undefined) throw new Error('no plan');
    const over = { plan: { ...plan, status: 'canceled' as const }, version: 1, sequence: 1n };
    // All of a day but the last one came to nothing.
    const find = stage.plans.find.bind(stage.plans);
    const tried = new Set<PlanId>();
    stage.plans.find = async (user, id) => {
      if (tried.size < roundsOfDay) tried.add(id);
      return tried.has(id) ? over : find(user, id);
    };
    world.clock.advance(minute);
    const made = world.plans.size;
    const later = () => world.plans.size - made;
    const told = () => world.told.filter(({ code }) => code === 'CLOSE_GIVEN_UP');
    let looks = 0;
    for (; later() === 0 && looks < 100; looks += 1) await stage.flattenHeld.look();
    // Many of them are never read in one look.
    expect(looks).toBeGreaterThan(10);
    const pass = async () => {
      for (let moment = 0; moment < 4; moment += 1) await stage.moment();
    };
    await pass();
    expect(stage.flattenHeld.whyHeld(account, instrument.id)?.code).toBe('CLOSE_GIVEN_UP');
    const text = expect.stringMatching(/has 0\.5 to close.*Close it by hand/);
    expect([later(), told()]).toMatchObject([1, [{ level: 'ERROR', userId: 'usr_1', text }]]);
    world.clock.advance(4 * minute);
    await pass();
    expect(later()).toBe(1);
    world.denials.clear();
    world.clock.advance(minute);
    await pass();
    expect([later(), told().length, world.net]).toEqual([2, 1, 0n]);
  });

  it('does not come under the id of a plan that is kept no more: its orders are known', async () => {
    const { world, stage } = await refusing('usr_1');
    await stage.moment();
    const [first] = plansOf(world);
    if (first === undefined) throw new Error('no plan');
    await stage.say('active');
    for (let moment = 0; moment < 4; moment += 1) await stage.moment();
    stage.plans.forget(first.id);
    world.denials.clear();
    await stage.say('halted', 'flatten');
    for (let moment = 0; moment < 6; moment += 1) await stage.moment();
    expect([world.net, plansOf(world).some(({ id }) => id === first.id)]).toEqual([0n, false]);
  });

  it('whose plan is kept no more ends nothing when a fill of it is told after all', async () => {
    const { world, stage } = await refusing('usr_1');
    const planId = PlanId.of('plan_00000000gone');
    stage.plans.forget(planId);
    const late = { ...bought('usr_1'), clientOrderId: PlanId.childOf({ planId, leg: 'stop', attempt: 0 }) };
    await stage.say('active');
    await stage.parts.approve(late);
    await stage.moment();
    await stage.runPlans.settled();
    expect(stage.parts.log.lines.map(({ text }) => text).join()).toContain('a plan that is kept no more');
    expect(stage.parts.log.lines.map(({ text }) => text).join()).not.toContain('could not be carried on');
    expect(world.net < 0n).toBe(true);
  });
});

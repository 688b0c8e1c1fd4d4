import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { activityLogged, orderRequested } from '@scalpstorm/contracts';
import { decidePlan, type Plan, startPlan } from '@scalpstorm/engine';
import { BrokenInvariant } from '@scalpstorm/kernel';
import {
  AccountId,
  type Activity,
  Money,
  type OrderEvent,
  PlanId,
  type PlanTerms,
  Price,
  Quantity,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';
import { Outbox } from '@scalpstorm/store';
import { aFill, anInstrument, anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresOrderPlans } from './postgres-order-plans.js';

const clock = new FakeClock();
const q = Quantity.of;
const accountId = AccountId.of('demo');
const userId = UserId.of('usr_1');
const told: Activity = { level: 'ERROR', code: 'PLAN_FAILED', text: 'no', userId, botId: null, data: {} };
const terms: PlanTerms = {
  kind: 'bracket',
  side: 'buy',
  quantity: q('1'),
  entry: { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null },
  stop: { trigger: { kind: 'trailing', distanceBps: 100, activation: Price.of('101'), source: 'mid' }, price: null },
  target: { price: Price.of('120'), source: 'last', type: 'limit' },
};
const planned = (id: string, of: PlanTerms = terms): Plan => {
  const owner = { id: PlanId.of(`plan_${id}`), userId, accountId, mode: 'demo' as const, hidden: false };
  return startPlan({ ...owner, terms: of, instrument: anInstrument() }, clock.now());
};
const decided = (plan: Plan) =>
  decidePlan(plan, { now: clock.now(), prices: null, halt: null, mayClose: true, orders: new Map() });

describeWithServers('plans in Postgres', ({ postgresUrl }) => {
  const schema = new ScratchSchema(postgresUrl, () => clock.now());
  const store = schema.store();
  let plans: PostgresOrderPlans;

  const writer = schema.ledger(store);
  const plansOf = (ledger = writer) => {
    const opened = ledger.open(accountId);
    const parts = { store, outbox: new Outbox(store), clock, writer: ledger };
    return opened.then(() => new PostgresOrderPlans(parts));
  };
  const asked = async () => {
    const rows = await store.sql<{ message_id: string; payload: Uint8Array }[]>`
      select message_id, payload from outbox where subject like 'order.requested.%' order by seq`;
    return rows.map(({ message_id: id, payload }) => [id, orderRequested.decode(payload)] as const);
  };

  beforeAll(async () => {
    await schema.migrate();
    plans = await plansOf();
  });
  afterAll(() => schema.remove());

  it('are kept to the last digit, with what they ask for in the same transaction', async () => {
    const stored = await plans.add(planned('000000000001'), null);
    const { plan, asks } = decided(stored.plan);
    await plans.save(stored, plan, asks, told);
    const [first] = await plans.open(accountId);
    expect(first).toEqual({ plan, version: 1, sequence: stored.sequence });
    const [[id, event] = ['', null]] = await asked();
    expect(id).toBe('p000000000001N0000:1');
    expect(event).toMatchObject({ order: asks[0]?.request, ask: 1 });
    expect((event?.validUntil ?? 0) > clock.now()).toBe(true);
    const [activity] = await store.sql<{ payload: Uint8Array }[]>`
      select payload from outbox where subject like 'ops.activity.%'`;
    expect(activityLogged.decode(activity?.payload ?? new Uint8Array()).activity).toEqual(told);
  });

  it('whose fills are summed up come back as numbers', async () => {
    const plan = { ...planned('000000000002'), folded: { opened: q('1'), closed: q('-0.5'), filled: q('0.5') } };
    const stored = await plans.add(plan, null);
    expect((await plans.read(plan.id))?.plan).toEqual(plan);
    expect(stored.plan.rules.notionalMin).toEqual(Money.of('5', 'USDT'));
  });

  it('are taken once: a repeat is what there is by now', async () => {
    const again = await plans.add(planned('000000000001'), told);
    expect([again.version, again.plan.children.length]).toEqual([1, 1]);
  });

  it('are found by their user alone, newest first, open or over', async () => {
    const third = await plans.add(planned('000000000003'), null);
    await plans.save(third, { ...third.plan, status: 'done' }, [], null);
    const listed = async (open: boolean | null, before: bigint | null = null) =>
      (await plans.list({ userId, open, before, limit: 10 })).map(({ plan }) => plan.id.slice(-1));
    expect([await listed(null), await listed(true), await listed(false)]).toEqual([['3', '2', '1'], ['2', '1'], ['3']]);
    expect(await listed(null, third.sequence)).toEqual(['2', '1']);
    expect(await plans.find(UserId.of('usr_2'), third.plan.id)).toBeNull();
    expect(await plans.list({ userId: UserId.of('usr_2'), open: null, before: null, limit: 10 })).toEqual([]);
  });

  it('that are over and know of fewer fills than the books are found', async () => {
    const fourth = await plans.add(planned('000000000004'), null);
    const { plan, asks } = decided(fourth.plan);
    const [{ request } = { request: anOrderRequest() }] = asks;
    const { clientOrderId } = request;
    const events: readonly OrderEvent[] = [
      { kind: 'sending', attempt: 1, expiresAt: clock.now() },
      { kind: 'accepted', venueOrderId: VenueOrderId.of('v-1') },
      { kind: 'filled', fill: aFill({ ...request, price: Price.of('100'), quantity: q('0.4') }) },
    ];
    await writer.admit(request, { clientOrderId, events, occurredAt: clock.now(), causedBy: null });
    const saved = await plans.save(fourth, { ...plan, status: 'canceled' }, asks, null);
    expect(await plans.behind(accountId)).toEqual([saved]);
    const children = plan.children.map((child) => ({ ...child, filled: q('0.4') }));
    await plans.save(saved, { ...saved.plan, children }, [], null);
    expect(await plans.behind(accountId)).toEqual([]);
  });

  it('that are forgotten are nothing, and one that never was is a broken invariant', async () => {
    const gone = PlanId.of('plan_00000000gone');
    await expect(plans.read(gone)).rejects.toThrow(BrokenInvariant);
    await store.sql`insert into forgotten_plans values (${gone})`;
    expect(await plans.read(gone)).toBeNull();
  });

  it('stay newest first when there are more than nine of them', async () => {
    for (const letter of 'abcdefghij') await plans.add(planned(`00000000001${letter}`), null);
    const listed = (await plans.list({ userId, open: null, before: null, limit: 10 })).map(({ sequence }) => sequence);
    expect(listed).toHaveLength(10);
    expect(listed).toEqual(listed.toSorted((left, right) => Number(right - left)));
    const opened = (await plans.open(accountId)).map(({ sequence }) => sequence);
    expect(opened).toEqual(opened.toSorted((left, right) => Number(left - right)));
  });

  it('tell their user once what is told with a new one', async () => {
    const count = async () => (await store.sql`select 1 from outbox where subject like 'ops.activity.%'`).length;
    const before = await count();
    for (let times = 0; times < 2; times += 1) await plans.add(planned('000000000005'), told);
    expect((await count()) - before).toBe(1);
  });

  it('are written by nobody who has lost the account, nor over a version that he has not seen', async () => {
    const before = (await asked()).length;
    const stored = await plans.read(PlanId.of('plan_000000000002'));
    if (stored === null) throw new Error('forgotten');
    const { plan, asks } = decided(stored.plan);
    await expect(plans.save({ ...stored, version: 7 }, plan, asks, null)).rejects.toThrow(/another version/);
    await store.sql`update leases set token = token + 1 where account_id = ${accountId}`;
    await expect(plans.save(stored, plan, asks, null)).rejects.toThrow(BrokenInvariant);
    expect([(await plans.read(plan.id))?.version, (await asked()).length]).toEqual([0, before]);
  });
});

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { orderChanged } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type OrderEvent, PlanId, Quantity, VenueOrderId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Outbox, type PostgresStore } from '@scalpstorm/store';
import { aFill, anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { FakePause } from '../../test/fake-pause.js';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PruneHistory } from '../handlers/prune-history.js';
import type { PostgresLedger } from './postgres-ledger.js';
import { PostgresOrderPlans } from './postgres-order-plans.js';

const account = AccountId.of('demo');
const minute = 60 * second;
const day = 24 * 60 * minute;

describeWithServers('the history of orders in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let ledger: PostgresLedger;
  let clock: FakeClock;

  beforeEach(async () => {
    clock = new FakeClock();
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    ledger = scratch.ledger(store);
    await ledger.open(account);
  });

  afterEach(() => scratch.remove());

  const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(7) };
  const fillOf = (id: string) => aFill({ clientOrderId: ClientOrderId.of(id), quantity: Quantity.of('0.01') });

  async function order(id: string, ...events: readonly OrderEvent[]) {
    const request = anOrderRequest({ clientOrderId: ClientOrderId.of(id) });
    const { clientOrderId } = request;
    const change = { clientOrderId, events: [sending, ...events], occurredAt: clock.now(), causedBy: null };
    return (await ledger.admit(request, change)).tracked.order;
  }

  const messages = async () =>
    (await store.sql<{ message_id: string; payload: Uint8Array }[]>`select * from outbox order by seq`).map((row) => ({
      id: row.message_id,
      ...orderChanged.decode(row.payload),
    }));

  it('tells the newest state of working and lately ended orders again, under the ids of the first telling', async () => {
    const ended: OrderEvent = { kind: 'rejected', reason: { code: 'NO', text: 'no' } };
    const working = await order('working', { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') });
    await order('longAgo', ended);
    clock.advance(2 * 60 * minute);
    const filled = await order('filled', { kind: 'filled', fill: fillOf('filled') });
    const first = await messages();
    await store.sql`delete from outbox`;
    expect(await scratch.retelling(store).retell(account, 60 * minute)).toBe(2);
    const again = await messages();
    // Working ones first, and all of it after whatever happens now.
    expect(again.map(({ order: told }) => told)).toEqual([working, filled]);
    expect(again.map(({ event }) => event)).toEqual([
      { kind: 'accepted', venueOrderId: 'v1' },
      { kind: 'filled', fill: fillOf('filled') },
    ]);
    expect(await store.sql`select distinct later from outbox`).toEqual([{ later: true }]);
    for (const { id, order: told } of again) {
      const original = first.find((message) => message.id === id);
      expect(original?.order).toEqual(told);
    }
    expect(again.map(({ meta }) => meta.occurredAt)).toEqual([working.updatedAt, filled.updatedAt]);
  });

  it('tells many orders again, page by page', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, index) => order(`o${index}`)));
    await store.sql`delete from outbox`;
    expect(await scratch.retelling(store).retell(account, 0)).toBe(600);
    const told = await messages();
    expect(new Set(told.map(({ id }) => id)).size).toBe(600);
  });

  it('tells again once what several starts in quick succession tell again, and forgets nothing else that waits', async () => {
    await order('working');
    await store.sql`delete from outbox`;
    await order('meanwhile');
    await store.transaction((tx) =>
      new Outbox(store).add(
        tx,
        [{ subject: 'other.v1', payload: new Uint8Array(), messageId: 'o', headers: {} }],
        'later',
      ),
    );
    const retelling = scratch.retelling(store);
    for (let start = 0; start < 3; start += 1) expect(await retelling.retell(account, 0)).toBe(2);
    const rows =
      await store.sql`select later, subject, count(*)::int as count from outbox group by later, subject order by 1, 2`;
    expect(rows).toEqual([
      { later: false, subject: 'order.changed.v1.demo', count: 1 },
      { later: true, subject: 'order.changed.v1.demo', count: 2 },
      { later: true, subject: 'other.v1', count: 1 },
    ]);
  });

  it('tells what an earlier telling had still to tell, though itself it does not go back so far', async () => {
    await order('over', { kind: 'rejected', reason: { code: 'NO', text: 'no' } });
    clock.advance(2 * 60 * minute);
    await order('working');
    await store.sql`delete from outbox`;
    const retelling = scratch.retelling(store);
    expect(await retelling.retell(account, 180 * minute)).toBe(2);
    expect(await retelling.retell(account, minute)).toBe(2);
    // All of it left meanwhile.
    await store.sql`delete from outbox`;
    expect(await retelling.retell(account, minute)).toBe(1);
  });

  it('forgets old events of orders that are over and old differences, in small steps, and never a fill or an order', async () => {
    await order('working', { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') });
    for (let index = 0; index < 3; index += 1) {
      const fill = { ...fillOf(`over${index}`), tradeId: fillOf('x').tradeId };
      await order(`over${index}`, { kind: 'filled', fill: { ...fill, tradeId: `${index}` as typeof fill.tradeId } });
    }
    await store.sql`insert into differences (account_id, found_at, trigger, kind, subject, ours, theirs, decision, repaired)
      select 'demo', to_timestamp(${clock.now()}::numeric / 1000000), 'timer', 'fill', 's', '', '', '', true from generate_series(1, 2500)`;
    clock.advance(91 * day);
    await order('young', { kind: 'rejected', reason: { code: 'NO', text: 'no' } });
    const pause = new FakePause();
    const prune = new PruneHistory(scratch.history(store), pause, clock, new RecordingLog());
    expect(await prune.round(90)).toBe(6 + 2_500);
    // 1006, 1000, 500: so many steps with a pause after each.
    expect(pause.waited).toHaveLength(3);
    const kept = await store.sql`select distinct client_order_id from order_events order by 1`;
    expect(kept.map((row) => row['client_order_id'])).toEqual(['working', 'young']);
    expect(await store.sql`select count(*)::int as count from fills`).toEqual([{ count: 3 }]);
    expect(await store.sql`select count(*)::int as count from orders`).toEqual([{ count: 5 }]);
    expect(await prune.round(90)).toBe(0);
  });

  it('forgets an order from elsewhere when it is gone, and so is whoever decided on it', async () => {
    const old = clock.now() - 10 * day;
    const row = { account_id: account, instrument_id: 'sim:BTC-USDT', client_order_id: 'web', side: 'buy' };
    const numbers = { quantity: '1', filled_quantity: '0', seen_at_us: old };
    const decided = { decision: 'ignore', decided_by: 'usr_1', decided_at_us: clock.now() };
    const undecided = { decision: null, decided_by: null, decided_at_us: null };
    const rows = [
      { ...row, ...numbers, venue_order_id: 'gone', working: false, ...undecided },
      { ...row, ...numbers, venue_order_id: 'there', working: true, ...undecided },
      { ...row, ...numbers, venue_order_id: 'decided', working: false, ...decided },
    ];
    await store.sql`insert into external_orders ${store.sql(rows)}`;
    expect(await scratch.history(store).prune(Timestamp.plus(clock.now(), -5 * day))).toBe(1);
    const left = await store.sql`select venue_order_id from external_orders order by id`;
    expect(left.map((one) => one['venue_order_id'])).toEqual(['there', 'decided']);
  });

  it('forgets a plan when it was over for so long, a week later than events, and never takes its id again', async () => {
    const plans = new PostgresOrderPlans({ store, outbox: new Outbox(store), clock, writer: ledger });
    const row = { account_id: account, user_id: 'usr_1', version: 1, body: '{}', created_at_us: clock.now() };
    const old = clock.now() - 17 * day;
    const rows = [
      { ...row, plan_id: 'plan_00000000done', status: 'done', updated_at_us: old - 1 },
      { ...row, plan_id: 'plan_00000working', status: 'protecting', updated_at_us: old - 1 },
      { ...row, plan_id: 'plan_0000000young', status: 'canceled', updated_at_us: old },
    ];
    for (const one of rows) await store.sql`insert into order_plans ${store.sql(one)}`;
    const before = Timestamp.plus(clock.now(), -10 * day);
    expect(await scratch.history(store).prune(before)).toBe(1);
    expect(await scratch.history(store).prune(before)).toBe(0);
    const left = await store.sql`select plan_id from order_plans order by sequence`;
    expect(left.map((one) => one['plan_id'])).toEqual(['plan_00000working', 'plan_0000000young']);
    const forgotten = await Promise.all(rows.map((one) => plans.isForgotten(PlanId.of(one.plan_id))));
    expect(forgotten).toEqual([true, false, false]);
  });

  it('keeps a plan that has failed for as long as a stop of it works', async () => {
    await order('itsStop', { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') });
    const body = JSON.stringify({ children: [{ clientOrderId: 'itsStop' }] });
    const old = clock.now() - 17 * day;
    const times = { created_at_us: old, updated_at_us: old - 1 };
    const row = { plan_id: 'plan_0000000faild', account_id: account, user_id: 'usr_1', status: 'failed', version: 1 };
    await store.sql`insert into order_plans ${store.sql({ ...row, body, ...times })}`;
    await store.sql`update order_plans set body = ${body}::text::jsonb`;
    const before = Timestamp.plus(clock.now(), -10 * day);
    expect(await scratch.history(store).prune(before)).toBe(0);
    await store.sql`update orders set status = 'canceled'`;
    expect(await scratch.history(store).prune(before)).toBe(1);
  });

  it('knows the newest orders that the venue took', async () => {
    for (const id of ['a', 'b', 'c']) {
      await order(id, { kind: 'accepted', venueOrderId: VenueOrderId.of(`v-${id}`) });
      clock.advance(second);
    }
    await order('neverTaken');
    const span = { from: Timestamp.plus(clock.now(), -day), to: Timestamp.plus(clock.now(), -2 * second) };
    const newest = await ledger.accepted(account, span, 2);
    expect(newest.map(({ order: { request } }) => request.clientOrderId)).toEqual(['b', 'a']);
  });
});

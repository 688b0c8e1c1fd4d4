import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, Quantity, TradeId, UserId, VenueOrderId } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers } from '@scalpstorm/testkit';
import { FakeVenue } from '../../test/fake-venue.js';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresBookedFills } from './postgres-booked-fills.js';
import { PostgresDifferenceLog } from './postgres-difference-log.js';
import { PostgresExternalOrders } from './postgres-external-orders.js';

const account = AccountId.of('demo');
const at = Timestamp.fromMicros(1_700_000_000_000_000);

describeWithServers('what a user lists of comparisons, on a real Postgres', (servers) => {
  let scratch: ScratchSchema;
  let store: ReturnType<ScratchSchema['store']>;

  beforeAll(async () => {
    scratch = new ScratchSchema(servers.postgresUrl, () => at);
    await scratch.migrate();
    store = scratch.store();
  });
  afterAll(() => scratch.remove());

  const view = (id: string, filled = '0') =>
    new FakeVenue(() => at).view(anOrderRequest(), {
      clientOrderId: `web_${id}`,
      venueOrderId: VenueOrderId.of(id),
      filledQuantity: Quantity.of(filled),
    });

  it('orders that nobody placed here are kept once, and marked when they are gone', async () => {
    const orders = new PostgresExternalOrders(store, { prove: async () => undefined });
    await orders.seen(account, [view('1'), view('2')], at);
    await orders.seen(account, [view('2', '0.1'), view('3')], at);
    const listed = await orders.list([account], { before: null, limit: 10 });
    expect(listed.map(({ venueOrderId, working, filledQuantity }) => [venueOrderId, working, filledQuantity])).toEqual([
      ['3', true, Quantity.zero],
      ['2', true, Quantity.of('0.1')],
      ['1', false, Quantity.zero],
    ]);
    const [newest, second] = listed;
    expect(await orders.list([account], { before: newest?.id ?? 0n, limit: 1 })).toEqual([second]);
    expect(await orders.list([AccountId.of('other')], { before: null, limit: 10 })).toEqual([]);
    expect(await orders.find([AccountId.of('other')], newest?.id ?? 0n)).toBeNull();
    expect(await orders.waiting()).toEqual(new Map([[account, 2]]));
    const by = UserId.of('somebody');
    await orders.decide({ accountId: account, id: newest?.id ?? 0n, kind: 'ignore', by, at });
    await orders.settle({ accountId: account, id: newest?.id ?? 0n }, 'left alone');
    // What is gone, and what somebody has decided on, waits for nobody.
    expect(await orders.waiting()).toEqual(new Map([[account, 1]]));
    await orders.seen(account, [], at);
    expect(await orders.find([account], newest?.id ?? 0n)).toMatchObject({
      working: false,
      decision: { kind: 'ignore', by, at },
      outcome: 'left alone',
    });
  });

  it('differences are listed newest first, page by page, with when and why', async () => {
    const log = new PostgresDifferenceLog(store);
    for (const subject of ['first', 'second', 'third'])
      await store.sql`
        insert into differences (account_id, trigger, kind, subject, ours, theirs, decision, repaired)
        values (${account}, 'timer', 'order', ${subject}, 'a', 'b', 'c', ${subject === 'first'})`;
    const page = await log.list([account], { before: null, limit: 2 });
    expect(page.map(({ difference }) => [difference.subject, difference.repaired])).toEqual([
      ['third', false],
      ['second', false],
    ]);
    const [rest] = await log.list([account], { before: page.at(-1)?.id ?? null, limit: 2 });
    expect(rest).toMatchObject({ trigger: 'timer', difference: { subject: 'first', accountId: account } });
    expect(rest?.foundAt).toBeGreaterThan(at);
    await store.sql`
      insert into differences (account_id, trigger, kind, subject, ours, theirs, decision, repaired)
      select account_id, trigger, kind, subject, ours, theirs, decision, repaired from differences, generate_series(1, 9)`;
    const ids = (await log.list([account], { before: null, limit: 12 })).map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(ids).toEqual(ids.toSorted((left, right) => Number(right - left)));
  });

  it('trades that are not booked are told apart from those that are', async () => {
    const booked = new PostgresBookedFills(store);
    const { instrumentId } = anOrderRequest();
    expect(await booked.among(account, instrumentId, [TradeId.of('1')])).toEqual(new Set());
    expect(await booked.among(account, instrumentId, [])).toEqual(new Set());
  });
});

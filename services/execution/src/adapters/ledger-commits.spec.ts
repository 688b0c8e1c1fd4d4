import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { AccountId, ClientOrderId, type OrderEvent, VenueOrderId } from '@scalpstorm/model';
import type { PostgresStore } from '@scalpstorm/store';
import { anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { PostgresLedger } from './postgres-ledger.js';

const clock = new FakeClock();
const names = ['one', 'two', 'three'];
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: clock.now() };
const accepted: OrderEvent = { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') };
const idOf = (name: string) => ClientOrderId.of(`order${name}`);
const change = (name: string, ...events: OrderEvent[]) => ({
  ...{ clientOrderId: idOf(name), events, occurredAt: clock.now(), causedBy: null },
});

describeWithServers('the commits of several accounts', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let ledger: PostgresLedger;
  let statements: number;

  beforeEach(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    ledger = scratch.ledger(store);
    for (const name of names) await ledger.open(AccountId.of(name));
    statements = 0;
    const statement = store.statement.bind(store);
    store.statement = (run) => {
      statements += 1;
      return statement(run);
    };
  });

  afterEach(() => scratch.remove());

  const admit = (name: string) =>
    ledger.admit(anOrderRequest({ clientOrderId: idOf(name), accountId: AccountId.of(name) }), change(name, sending));
  const orders = () => store.sql`select account_id, status, version from orders order by account_id`;
  const told = async () =>
    (await store.sql`select subject from outbox order by seq`).map((row) => String(row['subject']).split('.').at(-1));

  it('share one statement when they come at once, and each is told of its own', async () => {
    await Promise.all(names.map(admit));
    await Promise.all(names.map((name) => ledger.record(change(name, accepted))));
    expect(statements).toBe(2);
    expect(await orders()).toEqual(
      names.toSorted().map((name) => ({ account_id: name, status: 'accepted', version: 2 })),
    );
    expect(await told()).toEqual([...names, ...names]);
    expect(await store.sql`select count(*)::int as events from order_events`).toEqual([{ events: 6 }]);
  });

  it('an account that was taken by another writer is not written, and keeps no other from it', async () => {
    await Promise.all(names.map(admit));
    await store.sql`update leases set token = token + 1 where account_id = 'two'`;
    const results = await Promise.allSettled(names.map((name) => ledger.record(change(name, accepted))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await orders()).toEqual([
      { account_id: 'one', status: 'accepted', version: 2 },
      { account_id: 'three', status: 'accepted', version: 2 },
      { account_id: 'two', status: 'sending', version: 1 },
    ]);
    expect(await told()).toEqual([...names, 'one', 'three']);
    expect(scratch.deaths).toMatchObject([{ message: 'another writer took account two' }]);
  });

  it('a key that contradicts the books of one account fails that one alone', async () => {
    await Promise.all(names.map(admit));
    await store.sql`insert into order_events values (${idOf('two')}, 2, 'accepted', '{}', 0)`;
    const results = await Promise.allSettled(names.map((name) => ledger.record(change(name, accepted))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(scratch.deaths).toMatchObject([{ message: expect.stringContaining('contradicts the books') }]);
    expect((await orders()).map(({ version }) => version)).toEqual([2, 2, 1]);
  });

  it('an order that the database has in another version is written for no account but the others', async () => {
    await Promise.all(names.map(admit));
    await store.sql`update orders set version = 7 where account_id = 'one'`;
    const results = await Promise.allSettled(names.map((name) => ledger.record(change(name, accepted))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect((await orders()).map(({ version }) => version)).toEqual([7, 2, 2]);
  });
});

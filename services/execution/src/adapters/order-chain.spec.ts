import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type OrderEvent, VenueOrderId } from '@scalpstorm/model';
import { CommitUnknown, type PostgresStore } from '@scalpstorm/store';
import { aFill, anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { changingColumns } from './order-chain.js';
import type { PostgresLedger } from './postgres-ledger.js';

const account = AccountId.of('demo');
const day = 24 * 3_600 * second;
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(7) };
const accepted = (id: string): OrderEvent => ({ kind: 'accepted', venueOrderId: VenueOrderId.of(`v-${id}`) });
const rejected: OrderEvent = { kind: 'rejected', reason: { code: 'NO', text: 'no' } };

describeWithServers('the chain of the orders of an account', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let ledger: PostgresLedger;
  let clock: FakeClock;

  beforeAll(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
  });

  beforeEach(async () => {
    clock = new FakeClock();
    store = scratch.store();
    ledger = scratch.ledger(store);
    await ledger.open(account);
  });

  afterEach(async () => {
    await store.sql`alter table order_events enable trigger user`;
    await scratch.empty();
  });
  afterAll(() => scratch.remove());

  const change = (id: string, ...events: readonly OrderEvent[]) => ({
    ...{ clientOrderId: ClientOrderId.of(id), events, occurredAt: clock.now(), causedBy: null },
  });
  const admit = (id: string, ...events: readonly OrderEvent[]) =>
    ledger.admit(anOrderRequest({ clientOrderId: ClientOrderId.of(id) }), change(id, sending, ...events));
  const verify = (by = ledger) => scratch.chains(by, store).verify({ chain: 'orders-demo', after: null, anchors: [] });
  const faultOf = async (by = ledger) => {
    const check = await verify(by);
    if (check === null) throw new Error('there is no chain');
    return check.fault === null ? null : [check.fault.kind, check.fault.sequence];
  };
  const tamper = (...statements: readonly string[]) =>
    store.sql.unsafe(`alter table order_events disable trigger user; ${statements.join(';')}`);

  it('has every transition, of many orders in one commit too, and of the fills that they tell', async () => {
    await Promise.all(['a', 'b', 'c'].map((id) => admit(id)));
    await Promise.all(['a', 'b', 'c'].map((id) => ledger.record(change(id, accepted(id)))));
    const fill = aFill({ clientOrderId: ClientOrderId.of('a'), venueOrderId: VenueOrderId.of('v-a') });
    await ledger.record(change('a', { kind: 'filled', fill }));
    expect(await verify()).toMatchObject({ rows: 7, complete: true, fault: null, last: ledger.chainHead(account) });
    expect(await store.sql`select sequence from order_events order by sequence`).toHaveLength(7);
  });

  it('is written in the one statement of the ledger, and in no other', async () => {
    let statements = 0;
    const statement = store.statement.bind(store);
    store.statement = (run) => {
      statements += 1;
      return statement(run);
    };
    await admit('a');
    await ledger.record(change('a', accepted('a')));
    expect(statements).toBe(2);
  });

  const changes = {
    order_events: [
      `version = 7`,
      `kind = 'submitted'`,
      `body = jsonb_set(body, '{venueOrderId}', '"v-b"')`,
      `recorded_at_us = recorded_at_us + 1`,
      `hash = sha256(hash)`,
      `client_order_id = 'b', version = 9`,
    ],
    // What was asked for stands in the row of the order.
    orders: [
      `user_id = 'usr_other'`,
      `bot_id = null`,
      `instrument_id = 'sim:ETH-USDT'`,
      `mode = 'live'`,
      `side = 'sell'`,
      `type = 'market'`,
      `quantity = quantity * 2`,
      `price = price - 1`,
      `time_in_force = 'IOC'`,
      `purpose = 'close'`,
      `created_at_us = created_at_us - 1`,
      `account_id = 'other'`,
    ],
  };
  for (const [table, all] of Object.entries(changes)) {
    for (const change_ of all) {
      it(`names the first row that does not hold when of ${table} ${change_}`, async () => {
        await admit('b', rejected);
        await admit('a', accepted('a'));
        expect(await faultOf()).toBeNull();
        const where = table === 'orders' ? `client_order_id = 'a'` : 'sequence = 4';
        await tamper(`update ${table} set ${change_} where ${where}`);
        expect(await faultOf()).toEqual(['edited', table === 'orders' ? 3 : 4]);
      });
    }
  }

  it('takes for unchanging what the ledger never updates, so that a column added to both is not forgotten', () => {
    const statements = readFileSync(new URL('./ledger-statements.ts', import.meta.url), 'utf8');
    const [, put = ''] = /put_orders as \(([\s\S]*?)\n {4}\), put_events/.exec(statements) ?? [];
    const updated = [...put.matchAll(/(\w+) = excluded\.\1/g)].map(([, column]) => column);
    expect(updated.sort()).toEqual([...changingColumns].sort());
  });

  it('names a row that went to another account, one that is gone, and an end that was cut off', async () => {
    await admit('a', accepted('a'));
    await admit('b', rejected);
    await tamper(`update order_events set account_id = 'other' where sequence = 2`);
    expect(await faultOf()).toEqual(['missing', 2]);
    await tamper(`update order_events set account_id = 'demo' where sequence = 2`);
    expect(await faultOf()).toBeNull();
    await tamper('delete from order_events where sequence >= 3');
    // The writer knows how far it was.
    expect(await faultOf()).toEqual(['truncated', 3]);
  });

  it('names a row without a number that is younger than the chain', async () => {
    await admit('a', accepted('a'));
    await store.sql`insert into order_events values ('a', 9, 'filled', '{}', ${Timestamp.plus(clock.now(), second)})`;
    expect(await faultOf()).toEqual(['inserted', 0]);
  });

  it('leaves outside what is older than the chain, and says how much that is', async () => {
    await admit('a', accepted('a'));
    await tamper('update order_events set sequence = null, hash = null, account_id = null');
    await ledger.close();
    const next = scratch.ledger(store);
    await next.open(account);
    clock.advance(second);
    await next.record(change('a', rejected));
    expect(await verify(next)).toMatchObject({ rows: 1, complete: true, fault: null });
    expect(await scratch.chains(next, store).list()).toMatchObject([
      { chain: 'orders-demo', unchained: 2, head: { sequence: 1 } },
      { chain: 'keys' },
    ]);
  });

  it('goes on where it was after a restart, and is not forked by a writer that lost its lease', async () => {
    await admit('a');
    const next = scratch.ledger();
    await store.sql`update leases set expires_at = now() - interval '1 hour', holder = 'elsewhere/1/gone'`;
    await next.open(account);
    expect(next.chainHead(account)).toEqual(ledger.chainHead(account));
    await next.record(change('a', accepted('a')));
    await expect(ledger.record(change('a', rejected))).rejects.toThrow('another writer took account demo');
    const again = await store.sql`select sequence, kind from order_events order by sequence`;
    expect(again.map((row) => [Number(row['sequence']), row['kind']])).toEqual([
      [1, 'sending'],
      [2, 'accepted'],
    ]);
    expect(await faultOf(next)).toBeNull();
  });

  it('has no row twice, and no gap, when a batch is decided anew because the database knew more', async () => {
    await admit('a', rejected);
    await ledger.close();
    const next = scratch.ledger(store);
    await next.open(account);
    // The order is over, so the new life has not loaded it.
    const [known, fresh] = await Promise.all(
      ['a', 'n'].map((id) => next.admit(anOrderRequest({ clientOrderId: ClientOrderId.of(id) }), change(id, sending))),
    );
    expect([known?.fresh, fresh?.fresh]).toEqual([false, true]);
    expect(await faultOf(next)).toBeNull();
    expect(next.chainHead(account)?.sequence).toBe(3);
  });

  it('goes on behind a commit of which nobody heard whether it happened', async () => {
    await admit('a');
    const statement = store.statement.bind(store);
    store.statement = async (run) => {
      await statement(run);
      throw new CommitUnknown('the connection was lost while a statement was running');
    };
    await expect(ledger.record(change('a', accepted('a')))).rejects.toBeInstanceOf(CommitUnknown);
    store.statement = statement;
    // Its writer does not live to write the next.
    expect(scratch.deaths).toHaveLength(1);
    await expect(ledger.record(change('a', rejected))).rejects.toBeInstanceOf(CommitUnknown);
    const next = scratch.ledger();
    await store.sql`update leases set expires_at = now() - interval '1 hour', holder = 'elsewhere/1/gone'`;
    await next.open(account);
    expect(next.chainHead(account)?.sequence).toBe(2);
    await next.record(change('a', accepted('a'), rejected));
    expect(await verify(next)).toMatchObject({ rows: 3, complete: true, fault: null });
  });

  it('moves nothing when the statement fails', async () => {
    await admit('a');
    const head = ledger.chainHead(account);
    const statement = store.statement.bind(store);
    store.statement = async () => {
      throw new Error('the disk is full');
    };
    await expect(ledger.record(change('a', accepted('a')))).rejects.toThrow('the disk is full');
    expect(ledger.chainHead(account)).toEqual(head);
    store.statement = statement;
    await ledger.record(change('a', accepted('a')));
    expect(await faultOf()).toBeNull();
  });

  it('goes on behind what was forgotten, while a working order keeps its whole story', async () => {
    await admit('working', accepted('working'));
    await admit('over', rejected);
    clock.advance(91 * day);
    await admit('young', rejected);
    const before = Timestamp.plus(clock.now(), -90 * day);
    const history = scratch.history(store);
    expect(await history.prune(before)).toBe(2);
    expect(await verify()).toMatchObject({ rows: 2, from: { sequence: 4 }, complete: true, fault: null });
    expect(
      (await store.sql`select sequence from order_events order by 1`).map((row) => Number(row['sequence'])),
    ).toEqual([1, 2, 5, 6]);
    await ledger.record(change('working', rejected));
    expect(await history.prune(before)).toBe(2);
    await ledger.close();
    const next = scratch.ledger(store);
    await next.open(account);
    expect(next.chainHead(account)).toEqual(ledger.chainHead(account) ?? next.chainHead(account));
    expect(await verify(next)).toMatchObject({ rows: 3, complete: true, fault: null, last: { sequence: 7 } });
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Money, type OrderEvent, VenueOrderId } from '@scalpstorm/model';
import { CommitUnknown, type PostgresStore, type Sql, StoreUnavailable } from '@scalpstorm/store';
import {
  aFill,
  anOrderRequest,
  describeWithServers,
  eventually,
  FakeClock,
  SeveringProxy,
  type Verdict,
} from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { PostgresLedger } from './postgres-ledger.js';

const account = AccountId.of('demo');
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(7) };
const accepted = (id: string): OrderEvent => ({ kind: 'accepted', venueOrderId: VenueOrderId.of(`v-${id}`) });
const rejected: OrderEvent = { kind: 'rejected', reason: { code: 'NO', text: 'no' } };
const filled = (id: string): OrderEvent => {
  const fill = aFill({ clientOrderId: ClientOrderId.of(id), venueOrderId: VenueOrderId.of(`v-${id}`) });
  return { kind: 'filled', fill };
};

describeWithServers('the chain of the orders when Postgres fails its writer', ({ postgresUrl }) => {
  let proxy: SeveringProxy;
  let scratch: ScratchSchema;
  /** Not through the proxy. */
  let store: PostgresStore;
  let ledger: PostgresLedger;
  let clock: FakeClock;

  beforeAll(async () => {
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    proxy = await SeveringProxy.start(postgresUrl);
  });

  beforeEach(async () => {
    clock = new FakeClock();
    store = scratch.store();
    ledger = scratch.ledger(scratch.store(proxy.url));
    await ledger.open(account);
  });

  afterEach(async () => {
    proxy.judge = () => 'pass';
    proxy.back();
    await store.sql`alter table order_events enable trigger user`;
    await scratch.empty();
  });

  afterAll(async () => {
    await proxy.stop();
    await scratch.remove();
  });

  const change = (id: string, ...events: readonly OrderEvent[]) => ({
    ...{ clientOrderId: ClientOrderId.of(id), events, occurredAt: clock.now(), causedBy: null },
  });
  const requestOf = (id: string) => anOrderRequest({ clientOrderId: ClientOrderId.of(id) });
  const admit = (id: string, ...events: readonly OrderEvent[]) =>
    ledger.admit(requestOf(id), change(id, sending, ...events));
  /** In this process, so that it need not wait until the lease ends. */
  const successor = async (by = scratch.store()) => {
    const next = scratch.ledger(by);
    await next.open(account);
    return next;
  };
  const check = (by: PostgresLedger) =>
    scratch.chains(by, store).verify({ chain: 'orders-demo', after: null, anchors: [] });
  const written = async () => {
    const rows = await store.sql<{ id: string; kind: string }[]>`
      select client_order_id as id, kind from order_events order by sequence`;
    return rows.map(({ id, kind }) => `${id} ${kind}`);
  };
  /** What happens to the one statement of the ledger in which an event of this kind is. */
  const strikeAt = (kind: OrderEvent['kind'], verdict: Verdict) => {
    proxy.judge = (text) => (text.includes(`"kind":"${kind}"`) ? verdict : 'pass');
  };
  const waitFor = (statements: number) =>
    eventually(async () => {
      const waiting = await store.sql`
        select 1 from pg_stat_activity where application_name = ${scratch.schema} and wait_event_type = 'Lock'`;
      expect(waiting.length).toBeGreaterThanOrEqual(statements);
    });
  /** Holds every statement up that writes this version of the order, behind its fence; until the answer is called. */
  const standInTheWay = async (version: number) => {
    const [stands, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const takenBack = new Error('taken back');
    const standing = store.transaction(async (tx) => {
      await tx`insert into order_events values ('a', ${version}, 'accepted', '{}', 0)`;
      stands.resolve();
      await free.promise;
      throw takenBack;
    });
    const over = expect(standing).rejects.toBe(takenBack);
    await stands.promise;
    return () => {
      free.resolve();
      return over;
    };
  };

  it('has an order as it was written, when it was admitted before while Postgres was away', async () => {
    await admit('a');
    // As the bus does it: the message stays in hand, and what it asks for is the same object each time.
    const request = requestOf('b');
    proxy.leave();
    // A round trip of another client: by then the lost session has heard of it.
    expect(await written()).toEqual(['a sending']);
    await expect(ledger.admit(request, change('b', sending))).rejects.toBeInstanceOf(StoreUnavailable);
    proxy.back();
    clock.advance(second);
    expect(await ledger.admit(request, change('b', sending))).toMatchObject({ fresh: true });
    await ledger.record(change('b', accepted('b'), rejected));
    expect(await check(ledger)).toMatchObject({ rows: 4, complete: true, fault: null });
    expect(scratch.deaths).toEqual([]);
  });

  it('has an order as it was written, when its batch is decided anew', async () => {
    await admit('over', rejected);
    const slow = scratch.store();
    const statement = slow.statement.bind(slow);
    slow.statement = (run) => {
      clock.advance(second);
      return statement(run);
    };
    const next = await successor(slow);
    // The first is on its way alone; the others wait together.
    const ids = ['first', 'over', 'new'];
    const told = await Promise.all(ids.map((id) => next.admit(requestOf(id), change(id, sending))));
    expect(told.map(({ fresh }) => fresh)).toEqual([true, false, true]);
    expect(await check(next)).toMatchObject({ rows: 4, complete: true, fault: null });
  });

  it.each<[string, Verdict]>([
    ['the answer to a commit', 'cut-after'],
    ['the commit itself', 'cut-before'],
  ])('goes on in another life when the wire swallows %s', async (_, verdict) => {
    await admit('a', accepted('a'));
    strikeAt('filled', verdict);
    await expect(ledger.record(change('a', filled('a')))).rejects.toBeInstanceOf(CommitUnknown);
    // It does not write on an end that it only believes in.
    await expect(admit('b')).rejects.toBeInstanceOf(CommitUnknown);
    expect(scratch.deaths).toHaveLength(1);
    const kept = verdict === 'cut-after' ? 3 : 2;
    await eventually(async () => expect(await written()).toHaveLength(kept));
    const next = await successor();
    await next.record(change('a', filled('a')));
    await next.admit(requestOf('b'), change('b', sending));
    expect(await written()).toEqual(['a sending', 'a accepted', 'a filled', 'b sending']);
    expect(await store.sql`select fills from positions`).toEqual([{ fills: 1 }]);
    expect(await check(next)).toMatchObject({ rows: 4, complete: true, fault: null });
  });

  it('refuses what an old connection brings when a successor has written', async () => {
    await admit('a', accepted('a'));
    strikeAt('filled', 'hold');
    await expect(ledger.record(change('a', filled('a')))).rejects.toBeInstanceOf(CommitUnknown);
    const next = await successor();
    await next.record(change('a', rejected));
    await proxy.deliverHeld();
    expect(await written()).toEqual(['a sending', 'a accepted', 'a rejected']);
    expect(await store.sql`select 1 from fills`).toHaveLength(0);
    await next.record(change('a', filled('a')));
    expect(await check(next)).toMatchObject({ rows: 4, complete: true, fault: null });
  });

  it('takes in what an old connection brings before there is a successor', async () => {
    await admit('a', accepted('a'));
    strikeAt('filled', 'hold');
    await expect(ledger.record(change('a', filled('a')))).rejects.toBeInstanceOf(CommitUnknown);
    await proxy.deliverHeld();
    const next = await successor();
    expect(await next.record(change('a', filled('a')))).toMatchObject({ applied: 0 });
    expect(await check(next)).toMatchObject({ rows: 3, complete: true, fault: null });
  });

  it('lets no successor in before the commit that an old connection is in', async () => {
    await admit('a');
    const goOn = await standInTheWay(2);
    const late = ledger.record(change('a', accepted('a')));
    await waitFor(1);
    const opening = successor();
    await waitFor(2);
    await goOn();
    await late;
    const next = await opening;
    expect(next.chainHead(account)).toEqual(ledger.chainHead(account));
    await next.record(change('a', rejected));
    expect(await check(next)).toMatchObject({ rows: 3, complete: true, fault: null });
  });

  it('writes nothing behind rows that Postgres has lost, and is not broken by it', async () => {
    await admit('a', accepted('a'));
    await ledger.record(change('a', rejected));
    // A stand-by took over that had not got the last commit yet.
    await store.sql.unsafe(`alter table order_events disable trigger user; delete from order_events where sequence = 3;
      update orders set status = 'accepted', reason_code = null, reason_text = null, version = 2`);
    await expect(admit('b')).rejects.toThrow('does not end where');
    expect(scratch.deaths).toMatchObject([{ name: 'BrokenInvariant' }]);
    expect(await written()).toEqual(['a sending', 'a accepted']);
    const next = await successor();
    await next.admit(requestOf('b'), change('b', sending));
    expect(await check(next)).toMatchObject({ rows: 3, complete: true, fault: null });
  });

  it('writes nothing behind another row than the one it wrote', async () => {
    await admit('a', accepted('a'));
    await store.sql.unsafe(`alter table order_events disable trigger user;
      update order_events set hash = sha256(hash) where sequence = 2`);
    await expect(admit('b')).rejects.toThrow('does not end where');
    expect(await written()).toEqual(['a sending', 'a accepted']);
  });

  it('has no batch twice, whether it comes beside itself or after', async () => {
    await admit('a', accepted('a'));
    const own = scratch.store();
    const next = await successor(own);
    let write: (sql: Sql) => Promise<unknown> = () => Promise.reject(new Error('nothing was to be written'));
    own.statement = async (run) => {
      write = run;
      throw new StoreUnavailable('it is kept for later');
    };
    await expect(next.record(change('a', filled('a')))).rejects.toBeInstanceOf(StoreUnavailable);
    const goOn = await standInTheWay(3);
    // Under one token, so that the fence lets both in.
    const both = [scratch.store(), scratch.store()].map((one) => one.statement(write));
    await waitFor(2);
    await goOn();
    const ended = await Promise.allSettled(both);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '23505' } });
    await store.statement(write);
    expect(await written()).toEqual(['a sending', 'a accepted', 'a filled']);
    expect(await store.sql`select fills, quantity from positions`).toEqual([{ fills: 1, quantity: '0.00999' }]);
    const flows = await next.cashFlow(account);
    expect(flows.get('BTC')).toBe(Money.of('0.00999', 'BTC').amount);
    expect(await check(await successor())).toMatchObject({ rows: 3, complete: true, fault: null });
  });
});

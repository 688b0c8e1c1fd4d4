import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithServers, eventually, SeveringProxy, type Verdict } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { CommitUnknown, StoreBusy, StoreUnavailable } from './errors.js';
import type { PostgresStore } from './postgres-store.js';
import type { Transaction } from './session.js';

describeWithServers('PostgresStore', ({ postgresUrl }) => {
  let proxy: SeveringProxy;
  let scratch: ScratchStore;
  let store: PostgresStore;

  beforeEach(async () => {
    proxy = await SeveringProxy.start(postgresUrl);
    scratch = await scratchStore(postgresUrl, proxy.url);
    store = scratch.store;
  });

  afterEach(async () => {
    await scratch.drop();
    await proxy.stop();
  });

  const note = async (tx: Transaction, body: string) => {
    await tx`insert into notes (body) values (${body})`;
  };

  const notes = async () => {
    const rows = await scratch.another().sql<{ body: string }[]>`select body from notes order by id`;
    return rows.map((row) => row.body);
  };

  it('keeps what was committed', async () => {
    const result = await store.transaction(async (tx) => {
      await note(tx, 'kept');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await notes()).toEqual(['kept']);
  });

  it('leaves nothing behind when the work throws, and throws the same', async () => {
    const work = store.transaction(async (tx) => {
      await note(tx, 'lost');
      throw new RangeError('no');
    });
    await expect(work).rejects.toThrow(new RangeError('no'));
    expect(await notes()).toEqual([]);
    await store.transaction((tx) => note(tx, 'next'));
    expect(await notes()).toEqual(['next']);
  });

  it('gives back exact numbers: BIGINT as bigint, NUMERIC as text', async () => {
    const units = 9_223_372_036_854_775_807n;
    const amount = '123456789012345678901234.000000000000000001';
    await store.transaction(async (tx) => {
      await tx`insert into entries (id, units, amount) values ('a', ${units}, ${amount})`;
    });
    const rows = await store.sql`select units, amount, count(*) over () as total from entries`;
    expect([...rows]).toEqual([{ units, amount, total: 1n }]);
  });

  it('refuses to commit when a statement failed and the work looked away', async () => {
    const work = store.transaction(async (tx) => {
      await note(tx, 'before');
      await tx`insert into notes (nothing) values (1)`.catch(() => undefined);
    });
    await expect(work).rejects.toThrow('nothing was committed');
    expect(await notes()).toEqual([]);
  });

  it('takes back a savepoint and keeps the rest', async () => {
    await store.transaction(async (tx) => {
      await note(tx, 'before');
      const inner = tx.savepoint(async (nested) => {
        await note(nested, 'taken back');
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
      await note(tx, 'after');
    });
    expect(await notes()).toEqual(['before', 'after']);
  });

  it('runs the work again after a serialization failure', async () => {
    let attempts = 0;
    await store.transaction(async (tx) => {
      attempts += 1;
      await note(tx, `attempt ${attempts}`);
      if (attempts < 3) await tx.unsafe(`do $$ begin raise exception using errcode = '40001'; end $$`);
    });
    expect(await notes()).toEqual(['attempt 3']);
  });

  it('resolves a deadlock: both transactions end up committed', async () => {
    await store.transaction(async (tx) => {
      await tx`insert into entries (id, units, amount) values ('a', 0, 0), ('b', 0, 0)`;
    });
    let arrived = 0;
    let open: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => {
      open = resolve;
    });
    const add = (first: string, second: string) =>
      store.transaction(async (tx) => {
        await tx`update entries set units = units + 1 where id = ${first}`;
        arrived += 1;
        if (arrived === 2) open();
        await bothHoldOne;
        await tx`update entries set units = units + 1 where id = ${second}`;
      });
    await Promise.all([add('a', 'b'), add('b', 'a')]);
    const rows = await store.sql<{ units: bigint }[]>`select units from entries`;
    expect(rows.map((row) => row.units)).toEqual([2n, 2n]);
  });

  it('repeats the work when the connection is lost during a statement', async () => {
    let attempts = 0;
    await store.transaction(async (tx) => {
      attempts += 1;
      await note(tx, `attempt ${attempts}`);
      if (attempts > 1) return;
      const sleeping = tx`select pg_sleep(30)`;
      setImmediate(() => proxy.cutAll());
      await sleeping;
    });
    expect(await notes()).toEqual(['attempt 2']);
  });

  it('never runs a late statement of a lost transaction on another connection', async () => {
    let attempts = 0;
    await store.transaction(async (tx) => {
      attempts += 1;
      await note(tx, `attempt ${attempts}`);
      if (attempts > 1) return;
      const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      // Ended by the server while the work is busy elsewhere; others keep the client busy meanwhile.
      await scratch.another().sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
      await store.transaction((other) => note(other, 'other'));
      await note(tx, 'late').catch(() => undefined);
      await note(tx, 'later still');
    });
    expect(await notes()).toEqual(['other', 'attempt 2']);
  });

  it('refuses a statement that was not awaited before its transaction ended', async () => {
    const leaked = await store.transaction(async (tx) => ({ tx }));
    expect(() => leaked.tx`insert into notes (body) values ('leaked')`).toThrow('this transaction has ended');
    expect(await notes()).toEqual([]);
  });

  const cutAtCommit = (verdict: Verdict) => {
    proxy.judge = (text) => (/^Q.{4}commit/s.test(text) ? verdict : 'pass');
  };

  it.each<[Verdict, string[]]>([
    ['cut-after', ['unknown']],
    ['cut-before', []],
  ])('reports an unknown commit and does not repeat it when the wire is cut at COMMIT (%s)', async (verdict, kept) => {
    cutAtCommit(verdict);
    let attempts = 0;
    const work = store.transaction(async (tx) => {
      attempts += 1;
      await note(tx, 'unknown');
    });
    await expect(work).rejects.toBeInstanceOf(CommitUnknown);
    expect(attempts).toBe(1);
    await eventually(async () => expect(await notes()).toEqual(kept));
    proxy.judge = () => 'pass';
    await store.transaction((tx) => note(tx, 'next'));
    expect(await notes()).toEqual([...kept, 'next']);
  });

  it('says that the store is unavailable when nobody listens, after a bounded number of attempts', async () => {
    const url = new URL(proxy.url);
    // Where nobody is allowed to listen; a port that was ours a moment ago may be somebody else's.
    url.port = '1';
    const lonely = scratch.another(url.href);
    let attempts = 0;
    const work = lonely.transaction(async () => {
      attempts += 1;
    });
    const error = await work.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ECONNREFUSED', port: 1 } });
    expect(attempts).toBe(0);
  });

  it('comes back after the server was gone for a while', async () => {
    await store.transaction((tx) => note(tx, 'before'));
    proxy.cutAll();
    await store.transaction((tx) => note(tx, 'after'));
    expect(await store.sql`select 1 as one`).toHaveLength(1);
    expect(await notes()).toEqual(['before', 'after']);
  });

  it('shares few connections among many transactions', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.transaction((tx) => note(tx, String(index)))));
    expect(await notes()).toHaveLength(50);
    expect(proxy.open).toBeLessThanOrEqual(4);
  });

  it('tells the listeners of a transaction only after it has committed', async () => {
    const told: string[] = [];
    const failing = store.transaction(async (tx) => {
      store.afterCommit(tx, () => told.push('rolled back'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await store.transaction(async (tx) => {
      store.afterCommit(tx, () => told.push('committed'));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['committed']);
  });

  it('is healthy while the database takes writes, and measures what it does', async () => {
    await store.healthy();
    await store.transaction((tx) => note(tx, 'measured'));
    const text = await scratch.metrics.registry.metrics();
    expect(text).toMatch(/scalpstorm_store_transaction_seconds_count\{service="store",outcome="committed"\} 1/);
    expect(text).toMatch(/scalpstorm_store_query_seconds_count\{service="store",outcome="ok"\} 1/);
    expect(text).toMatch(/scalpstorm_store_connections\{state="idle",service="store"\} 1/);
  });

  it('takes no work after it was closed', async () => {
    const other = scratch.another();
    await other.close();
    await expect(other.transaction(async () => undefined)).rejects.toBeInstanceOf(StoreBusy);
  });

  it('lets what is under way end before it closes', async () => {
    const other = scratch.another();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const work = other.transaction(async (tx) => {
      await note(tx, 'first');
      begun.resolve();
      await mayEnd.promise;
      await note(tx, 'second');
    });
    await begun.promise;
    const closed = other.close();
    mayEnd.resolve();
    await closed;
    await work;
    expect(await notes()).toEqual(['first', 'second']);
  });

  it('cuts off what does not end, and nothing of it stays', async () => {
    const other = scratch.another();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const work = other.transaction(async (tx) => {
      await note(tx, 'lost');
      begun.resolve();
      await mayEnd.promise;
    });
    const failed = expect(work).rejects.toThrow();
    await begun.promise;
    await other.close();
    mayEnd.resolve();
    await failed;
    expect(await notes()).toEqual([]);
  });
});

import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { LeaseLost } from './errors.js';
import { thisHolder } from './holder.js';
import { Lease } from './lease.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

describeWithServers('the lease of a service', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  let store: Store;
  let now: number;
  let lost: Error[];
  const leases: Lease[] = [];
  const steadyMs = () => now;

  beforeEach(async () => {
    // Nothing is renewed but by the spec: a slow machine would come between what expires and who takes it.
    jest.spyOn(globalThis, 'setInterval').mockReturnValue(undefined as never);
    now = 0;
    lost = [];
    scratch = await scratchStore(postgresUrl);
    store = scratch.store;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const lease of leases.splice(0)) await lease.release();
    await scratch.drop();
  });

  function newHolder(): Lease {
    const lease = new Lease(store, { onLost: (cause) => lost.push(cause), steadyMs });
    leases.push(lease);
    return lease;
  }
  const expire = () => store.sql`update lease set expires_at = now() - interval '1 second'`;

  it('belongs to one holder, and the other learns whose it is', async () => {
    const [first, second] = [newHolder(), newHolder()];
    expect(first.isHeld).toBe(false);
    expect(await first.take()).toBeNull();
    expect(await second.take()).toBe(`${hostname()}/${process.pid}`);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
    await first.release();
    expect(first.isHeld).toBe(false);
    expect(await second.take()).toBeNull();
    await first.release();
    await second.renew();
    expect(second.isHeld).toBe(true);
  });

  it('is had by one of two that grasp at it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const both = [newHolder(), newHolder()];
      const answers = await Promise.all(both.map((lease) => lease.take()));
      expect(answers.filter((holder) => holder === null)).toHaveLength(1);
      expect(both.filter(({ isHeld }) => isHeld)).toHaveLength(1);
      for (const lease of both) await lease.release();
    }
  });

  it('is over for its holder before another can take it, and goes on when it could be renewed after all', async () => {
    const lease = newHolder();
    await lease.take();
    now = 3_499;
    expect(lease.isHeld).toBe(true);
    now = 3_500;
    expect(lease.isHeld).toBe(false);
    await lease.renew();
    expect(lease.isHeld).toBe(true);
    expect(lost).toEqual([]);
  });

  it('that another has taken is lost for good, which is said once', async () => {
    const [first, second] = [newHolder(), newHolder()];
    await first.take();
    await expire();
    expect(await second.take()).toBeNull();
    await first.renew();
    await first.renew();
    expect(first.isHeld).toBe(false);
    expect(lost).toHaveLength(1);
    await first.release();
    await second.renew();
    expect(second.isHeld).toBe(true);
  });

  it('of which nobody knew in time that it was renewed is not taken', async () => {
    const [first, second] = [newHolder(), newHolder()];
    await first.take();
    await expire();
    const looked = store.sql;
    // Between the look of the second and its taking the first comes back.
    const late = new Proxy(looked, {
      apply: async (target, self, args) => {
        const rows = await Reflect.apply(target as (...given: unknown[]) => Promise<unknown>, self, args);
        await first.renew();
        return rows;
      },
    });
    const hasty = new Lease({ ...store, sql: late } as unknown as Store, { onLost: (cause) => lost.push(cause) });
    leases.push(hasty);
    expect(await hasty.take()).toBe('another that was just quicker');
    await second.renew();
    await first.renew();
    expect([lost, first.isHeld]).toEqual([[], true]);
  });

  describe('is proved by what is written', () => {
    const write = (lease: Lease, meanwhile: (tx: Transaction) => Promise<unknown> = async () => undefined) =>
      store.transaction(async (tx) => {
        await Promise.all([lease.prove(tx), tx`insert into notes (body) values ('written')`]);
        await meanwhile(tx);
      });
    const notes = async () => (await store.sql`select 1 from notes`).length;

    it('which nobody else can commit, and whoever thought that it could stops', async () => {
      const [first, second] = [newHolder(), newHolder()];
      await expect(write(first)).rejects.toBeInstanceOf(LeaseLost);
      await first.take();
      await write(first);
      expect(await notes()).toBe(1);
      await expire();
      await second.take();
      expect(lost).toEqual([]);
      await expect(write(first)).rejects.toMatchObject({ code: 'LEASE_LOST', weather: true });
      await expect(write(first)).rejects.toBeInstanceOf(LeaseLost);
      expect([await notes(), lost.length, first.isHeld]).toEqual([1, 1, false]);
    });

    it('whose commit a successor waits for, but no renewal', async () => {
      const [first, second] = [newHolder(), newHolder()];
      await first.take();
      let taking: Promise<string | null> | undefined;
      await write(first, async (tx) => {
        await first.renew();
        await expire();
        taking = second.take();
        const waits = () => tx`select 1 from pg_stat_activity
          where application_name = ${store.schema} and wait_event_type = 'Lock'`;
        await eventually(async () => expect(await waits()).toHaveLength(1));
        expect(second.isHeld).toBe(false);
      });
      expect(await taking).toBeNull();
      expect(await notes()).toBe(1);
    });

    it('in a transaction that stands still for no longer than a lease lives', async () => {
      const lease = newHolder();
      await lease.take();
      await write(lease, async (tx) => {
        const [row] = await tx`select current_setting('idle_in_transaction_session_timeout') as longest`;
        expect(row?.['longest']).toBe('3s');
      });
      const [row] = await store.transaction(
        (tx) => tx`
        select current_setting('idle_in_transaction_session_timeout') as longest`,
      );
      expect(row?.['longest']).toBe('1min');
    });
  });

  it('of a process that has died on this machine is free at once, of any other one when it is over', async () => {
    const [host, , random, ...where] = thisHolder.split('/');
    const holderOf = (pid: number) => [host, pid, random, ...where].join('/');
    const knows = where.length > 0;
    await store.sql`insert into lease values (true, 7, ${holderOf(2_147_483_646)}, now() + interval '1 minute')`;
    expect((await newHolder().take()) === null).toBe(knows);
    await store.sql`update lease set holder = ${`${hostname()}/2147483646/x`}, expires_at = now() + interval '1 minute'`;
    expect(await newHolder().take()).toBe(`${hostname()}/2147483646`);
  });
});

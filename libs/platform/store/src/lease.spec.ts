import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { thisHolder } from './holder.js';
import { Lease } from './lease.js';
import type { Store } from './store.js';

describeWithServers('the lease of a service', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  let store: Store;
  let now: number;
  let lost: Error[];
  const leases: Lease[] = [];
  const steadyMs = () => now;

  beforeEach(async () => {
    now = 0;
    lost = [];
    scratch = await scratchStore(postgresUrl);
    store = scratch.store;
  });

  afterEach(async () => {
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

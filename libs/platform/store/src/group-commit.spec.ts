import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { CommitUnknown, StoreBusy } from './errors.js';
import { GroupCommit } from './group-commit.js';
import type { Transaction } from './session.js';

/** Stands in for the database where only the batching is looked at; every transaction waits to be let go. */
class HeldStore {
  readonly held: (() => void)[] = [];
  failure: Error | undefined;

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    return work({} as Transaction);
  }

  async letGo(): Promise<void> {
    await eventually(() => expect(this.held.length).toBeGreaterThan(0));
    this.held.shift()?.();
  }
}

describe('GroupCommit', () => {
  it('starts at once when idle, and gathers what comes meanwhile into the next batches', async () => {
    const store = new HeldStore();
    const batches: number[][] = [];
    const group = new GroupCommit<number>(
      store,
      async (_tx, items) => {
        batches.push([...items]);
      },
      { batchMax: 3 },
    );
    const first = group.submit(0);
    await eventually(() => expect(store.held).toHaveLength(1));
    const others = Promise.all([1, 2, 3, 4].map((item) => group.submit(item)));
    await store.letGo();
    await first;
    expect(batches).toEqual([[0]]);
    await store.letGo();
    await store.letGo();
    await others;
    expect(batches).toEqual([[0], [1, 2, 3], [4]]);
  });

  it('rejects every member of a failed transaction and goes on with the next', async () => {
    const store = new HeldStore();
    const group = new GroupCommit<number>(store, async () => undefined);
    const first = group.submit(0);
    await eventually(() => expect(store.held).toHaveLength(1));
    const others = [group.submit(1), group.submit(2)];
    await store.letGo();
    await first;
    store.failure = new CommitUnknown('lost');
    await store.letGo();
    for (const result of await Promise.allSettled(others)) {
      expect(result).toMatchObject({ status: 'rejected', reason: store.failure });
    }
    store.failure = undefined;
    const next = group.submit(3);
    await store.letGo();
    await expect(next).resolves.toBeUndefined();
  });

  it('refuses what would wait too long in line', async () => {
    const store = new HeldStore();
    const group = new GroupCommit<number>(store, async () => undefined, { waitingMax: 2 });
    const first = group.submit(0);
    await eventually(() => expect(store.held).toHaveLength(1));
    const accepted = [first, group.submit(1), group.submit(2)];
    await expect(group.submit(3)).rejects.toBeInstanceOf(StoreBusy);
    await store.letGo();
    await store.letGo();
    await Promise.all(accepted);
    await group.settled();
  });
});

describeWithServers('GroupCommit on Postgres', ({ postgresUrl }) => {
  let scratch: ScratchStore;

  beforeEach(async () => {
    scratch = await scratchStore(postgresUrl);
  });

  afterEach(() => scratch.drop());

  it('commits many writes in few transactions', async () => {
    let transactions = 0;
    const group = new GroupCommit<string>(scratch.store, async (tx, items) => {
      transactions += 1;
      await tx`insert into notes ${tx(items.map((body) => ({ body })))}`;
    });
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => group.submit(`note ${index}`)));
    const rows = await scratch.another().sql<{ body: string }[]>`select body from notes order by id`;
    expect(rows.map((row) => row.body)).toEqual(Array.from({ length: 1_000 }, (_, index) => `note ${index}`));
    expect(transactions).toBeLessThanOrEqual(5);
  });

  it('keeps nothing of a batch when one of its members cannot be written', async () => {
    const write = async (tx: Transaction, items: readonly string[]) => {
      for (const id of items) await tx`insert into entries (id, units, amount) values (${id}, 1, 1)`;
    };
    const group = new GroupCommit<string>(scratch.store, write);
    await group.submit('taken');
    const batch = await Promise.allSettled([group.submit('good'), group.submit('taken')]);
    await group.submit('last');
    expect(batch.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    const rows = await scratch.store.sql<{ id: string }[]>`select id from entries order by id`;
    expect(rows.map((row) => row.id)).toEqual(['last', 'taken']);
  });
});

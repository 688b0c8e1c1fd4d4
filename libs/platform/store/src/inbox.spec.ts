import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { Inbox } from './inbox.js';

describeWithServers('Inbox', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  let inbox: Inbox;

  beforeEach(async () => {
    scratch = await scratchStore(postgresUrl);
    inbox = new Inbox(scratch.store, scratch.log);
  });

  afterEach(() => scratch.drop());

  const hear = (eventId: string) => scratch.store.transaction((tx) => inbox.fresh(tx, eventId));

  it('takes an event once', async () => {
    expect(await hear('one')).toBe(true);
    expect(await hear('one')).toBe(false);
    expect(await hear('two')).toBe(true);
  });

  it('takes of many at once those that are new, each once', async () => {
    await hear('one');
    const many = ['two', 'one', 'three', 'two'];
    const taken = await scratch.store.transaction((tx) => inbox.freshAmong(tx, many));
    expect(taken.toSorted()).toEqual(['three', 'two']);
    expect(await hear('three')).toBe(false);
    expect(await scratch.store.transaction((tx) => inbox.freshAmong(tx, []))).toEqual([]);
  });

  it('takes it again when the first transaction was rolled back', async () => {
    const failing = scratch.store.transaction(async (tx) => {
      expect(await inbox.fresh(tx, 'one')).toBe(true);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await hear('one')).toBe(true);
  });

  it('gives one of many that hear it at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => hear('one')));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('forgets what is old and keeps what is new', async () => {
    await hear('old');
    await hear('new');
    await scratch.store.sql`update inbox set seen_at = now() - interval '15 days' where event_id = 'old'`;
    await scratch.store.sql`
      insert into inbox select 'bulk' || n, now() - interval '30 days' from generate_series(1, 2500) as n`;
    expect(await inbox.prune()).toBe(2_501);
    expect(await hear('new')).toBe(false);
    expect(await hear('old')).toBe(true);
  });
});

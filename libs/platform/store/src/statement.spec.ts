import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithServers, eventually, SeveringProxy, type Verdict } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../test/scratch-store.js';
import { CommitUnknown, StoreUnavailable } from './errors.js';
import type { Sql } from './session.js';

describeWithServers('one statement of PostgresStore', ({ postgresUrl }) => {
  let proxy: SeveringProxy;
  let scratch: ScratchStore;

  beforeEach(async () => {
    proxy = await SeveringProxy.start(postgresUrl);
    scratch = await scratchStore(postgresUrl, proxy.url);
  });

  afterEach(async () => {
    await scratch.drop();
    await proxy.stop();
  });

  const note = (body: string) => scratch.store.statement((sql: Sql) => sql`insert into notes (body) values (${body})`);
  const notes = async () => {
    const rows = await scratch.another().sql<{ body: string }[]>`select body from notes order by id`;
    return rows.map((row) => row.body);
  };

  it('is durable after one message to the server', async () => {
    await note('first');
    let messages = 0;
    proxy.judge = () => {
      messages += 1;
      return 'pass';
    };
    await note('second');
    expect(messages).toBe(1);
    proxy.judge = () => 'pass';
    expect(await notes()).toEqual(['first', 'second']);
  });

  it('leaves nothing behind when the server refuses it, and throws the same', async () => {
    const work = scratch.store.statement(
      (sql) => sql`with kept as (insert into notes (body) values ('half')) select 1 / (select 0)`,
    );
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).toEqual([]);
  });

  it.each<[Verdict, string[]]>([
    ['cut-after', ['unknown']],
    ['cut-before', []],
  ])('is unknown and not repeated when the wire is cut while it runs (%s)', async (verdict, kept) => {
    await note('warm');
    proxy.judge = (text) => (text.includes('unknown') ? verdict : 'pass');
    await expect(note('unknown')).rejects.toBeInstanceOf(CommitUnknown);
    await eventually(async () => expect(await notes()).toEqual(['warm', ...kept]));
  });

  it('happens once when the connection was lost before it was sent', async () => {
    await note('before');
    proxy.cutAll();
    // Two round trips of another client: by then the lost session has heard of it.
    expect(await notes()).toEqual(['before']);
    await note('after');
    expect(await notes()).toEqual(['before', 'after']);
  });

  it('never happened when nobody listens', async () => {
    const lonely = scratch.another(proxy.url);
    await proxy.stop();
    await expect(lonely.statement((sql) => sql`select 1`)).rejects.toBeInstanceOf(StoreUnavailable);
    proxy = await SeveringProxy.start(postgresUrl);
  });
});

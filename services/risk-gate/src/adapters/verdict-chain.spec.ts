import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, schemaName, verifyChain } from '@scalpstorm/store';
import {
  anOrderRequest,
  describeWithServers,
  eventually,
  FakeClock,
  SeveringProxy,
  uniqueNamespace,
} from '@scalpstorm/testkit';
import type { Verdict } from '../ports/verdicts.js';
import { VerdictChain } from './verdict-chain.js';
import { rowOf } from './verdict-row.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const denied: Verdict = {
  kind: 'denied',
  denial: { code: 'TOO_MUCH', text: 'too much', limit: '1', value: '2', next: 'less', field: '/quantity' },
};

describeWithServers('the chain of the verdicts', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  const clock = new FakeClock();
  const log = new RecordingLog();
  const opened: PostgresStore[] = [];
  let store: PostgresStore;
  let chain: VerdictChain;

  const open = (by = url) => {
    const next = new PostgresStore({ url: by, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
    opened.push(next);
    return next;
  };
  beforeAll(() => migrate({ url, schema, folder, log }));
  beforeEach(() => {
    store = open();
    chain = new VerdictChain(store);
  });
  afterEach(async () => {
    await store.sql.unsafe(
      'truncate verdicts, audit_heads, audit_checkpoints; alter table verdicts enable trigger user',
    );
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(async () => {
    const last = open();
    await last.sql.unsafe(`drop schema ${schema} cascade`);
    await last.close();
  });

  const row = (name: string, verdict: Verdict = denied) => {
    clock.advance(second);
    return rowOf(anOrderRequest({ clientOrderId: ClientOrderId.of(name) }), verdict, clock.now());
  };
  const approved = (): Verdict => ({ kind: 'approved', expiresAt: Timestamp.plus(clock.now(), second) });
  const verify = () => verifyChain(chain, { after: null, anchors: [] });
  const faultOf = async () => {
    const { fault } = await verify();
    return fault === null ? null : [fault.kind, fault.sequence];
  };
  const ids = async () =>
    (await store.sql`select client_order_id from verdicts order by sequence`).map((one) => one['client_order_id']);
  const tamper = (sql: string) => store.sql.unsafe(`alter table verdicts disable trigger user; ${sql}`);

  it('has each verdict once, in the order in which they were given, batch after batch', async () => {
    const first = [row('a'), row('b', approved())];
    await chain.add(first);
    await chain.add([row('c'), ...first, row('d', approved()), row('c', approved())]);
    expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(await verify()).toMatchObject({ rows: 4, complete: true, fault: null });
    const [c] = await store.sql`select approved from verdicts where client_order_id = 'c'`;
    expect(c?.['approved']).toBe(false);
  });

  it('goes on where another life of the gate has left it, also when nobody heard that it was written', async () => {
    const rows = [row('a'), row('b')];
    await chain.add(rows);
    const next = new VerdictChain(open());
    await next.add([row('c')]);
    // What this one remembers is old now.
    await chain.add([...rows, row('d')]);
    expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(await faultOf()).toBeNull();
  });

  it('writes all of a batch or nothing', async () => {
    await chain.add([row('a')]);
    const { sql } = store;
    await expect(chain.add([row('b'), { ...row('c'), account_id: null as never }])).rejects.toThrow('null value');
    expect(await ids()).toEqual(['a']);
    expect((await chain.head())?.sequence).toBe(1);
    await chain.add([row('d')]);
    expect(await sql`select 1 from verdicts`).toHaveLength(2);
    expect(await faultOf()).toBeNull();
  });

  const changes = [
    ...[`account_id = 'other'`, `user_id = 'usr_9'`, `bot_id = null`, 'approved = true', `code = 'OTHER'`],
    ...[`text = ''`, `limit_text = '3'`, `value_text = '1'`, `next_text = null`, `field = '/price'`],
    ...['decided_at_us = decided_at_us - 1', 'expires_at_us = 5', 'hash = sha256(hash)', `client_order_id = 'z'`],
  ];
  for (const change of changes) {
    it(`names the verdict in which ${change}`, async () => {
      await chain.add(['a', 'b', 'c'].map((name) => row(name)));
      await tamper(`update verdicts set ${change} where sequence = 2`);
      expect(await faultOf()).toEqual(['edited', 2]);
    });
  }

  it('names a verdict that is gone, one that was put in, and the end that was cut off', async () => {
    await chain.add(['a', 'b', 'c'].map((name) => row(name)));
    const { client_order_id: id, ...late } = row('late');
    await store.sql`insert into verdicts ${store.sql({ client_order_id: id, ...late })}`;
    expect(await faultOf()).toEqual(['inserted', 0]);
    await tamper(`delete from verdicts where client_order_id = 'c'`);
    expect(await faultOf()).toEqual(['truncated', 3]);
    await tamper(`delete from verdicts where client_order_id = 'a'`);
    expect(await faultOf()).toEqual(['missing', 1]);
  });

  it('goes on behind what was forgotten, and refuses every other change', async () => {
    await chain.add(['a', 'b', 'c'].map((name) => row(name)));
    await expect(store.sql`delete from verdicts`).rejects.toThrow('are never changed');
    await expect(store.sql`update verdicts set approved = true`).rejects.toThrow('are never changed');
    expect(await chain.prune(Timestamp.plus(clock.now(), -second))).toBe(1);
    expect(await verify()).toMatchObject({ rows: 2, from: { sequence: 1 }, fault: null });
    expect(await chain.prune(Timestamp.plus(clock.now(), second))).toBe(2);
    await new VerdictChain(store).add([row('d')]);
    expect(await verify()).toMatchObject({ rows: 1, from: { sequence: 3 }, complete: true, fault: null });
  });

  it('begins anew, and leaves no gap, where the database has lost all that it remembers', async () => {
    await chain.add(['a', 'b'].map((name) => row(name)));
    await store.sql.unsafe('truncate verdicts, audit_heads');
    await chain.add([row('c')]);
    expect(await verify()).toMatchObject({ rows: 1, complete: true, fault: null, last: { sequence: 1 } });
  });

  it('goes on behind what is left when the database has lost its newest rows', async () => {
    await chain.add([row('a')]);
    const [head] = await store.sql<{ sequence: bigint; hash: Uint8Array }[]>`select sequence, hash from audit_heads`;
    await chain.add([row('b')]);
    await tamper(`delete from verdicts where sequence = 2`);
    await store.sql`update audit_heads set ${store.sql({ ...head })}`;
    await chain.add([row('c')]);
    expect(await ids()).toEqual(['a', 'c']);
    expect(await faultOf()).toBeNull();
  });

  describe('through a wire that breaks', () => {
    let proxy: SeveringProxy;
    let writer: VerdictChain;

    beforeEach(async () => {
      proxy = await SeveringProxy.start(url);
      writer = new VerdictChain(open(proxy.url));
      await writer.add([row('a')]);
    });
    afterEach(() => proxy.stop());

    const strike = (verdict: 'cut-after' | 'cut-before' | 'hold') => {
      proxy.judge = (text) => (text.includes('"client_order_id":"b"') ? verdict : 'pass');
    };

    it.each(['cut-after', 'cut-before', 'hold'] as const)(
      'has a batch once that is written again (%s)',
      async (how) => {
        strike(how);
        const batch = [row('b'), row('c')];
        await expect(writer.add(batch)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
        if (how === 'cut-after') await eventually(async () => expect(await ids()).toHaveLength(3));
        proxy.judge = () => 'pass';
        await writer.add([...batch, row('d')]);
        // An old connection brings it once more.
        await proxy.deliverHeld();
        expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
        await writer.add([row('e')]);
        expect(await verify()).toMatchObject({ rows: 5, complete: true, fault: null });
      },
    );
  });
});

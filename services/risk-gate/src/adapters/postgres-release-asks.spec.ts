import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import type { ReleaseAsk } from '../ports/release-asks.js';
import { PostgresReleaseAsks } from './postgres-release-asks.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const at = (micros: number) => Timestamp.fromMicros(1_700_000_000_000_000 + micros);

describeWithServers('asks for releases in Postgres', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  let store: Store;
  beforeAll(async () => {
    const log = new RecordingLog();
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  it('are there for the next gate, the newest first, of that state and since then, and not written without the lease', async () => {
    let held = true;
    const prove = async () => {
      if (!held) throw new Error('the lease was lost');
    };
    const asks = new PostgresReleaseAsks(store, { prove });
    const wanted = { scope: RiskScope.platform, state: 'active', since: at(1) } as const;
    const first: ReleaseAsk = { ...wanted, by: 'usr_ann', askedAt: at(10) };
    const later: ReleaseAsk = { ...wanted, by: 'usr_bob', askedAt: at(20) };
    for (const ask of [first, later, { ...later, since: at(0) }, { ...later, state: 'reducing' } as const])
      await asks.add(ask);
    held = false;
    await expect(asks.add(first)).rejects.toThrow('the lease was lost');
    const next = new PostgresReleaseAsks(store, { prove });
    expect(await next.of(wanted, at(0))).toEqual([later, first]);
    expect(await next.of(wanted, at(11))).toEqual([later]);
  });
});

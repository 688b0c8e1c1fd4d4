import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Lease, LeaseLost, migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import type { KeptCertificate } from '../ports/certificates.js';
import { PostgresCertificates } from './postgres-certificates.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const [ann, bob] = [UserId.of('ann'), UserId.of('bob')];
const day: Micros = 86_400 * second;
const now = Timestamp.fromMicros(1_700_000_000_000_001);
const certificateOf = (version: string, changes: Partial<KeptCertificate> = {}): KeptCertificate => ({
  ...{ userId: ann, version, strategy: 'ema-cross', valid: true, failedChecks: [], jobId: 'job_1', issuedAt: now },
  ...changes,
});

describeWithServers('the certificates that strategy keeps', ({ postgresUrl }) => {
  const log = new RecordingLog();
  let store: PostgresStore;
  let lease: Lease;
  let certificates: PostgresCertificates;

  beforeAll(async () => {
    const schema = schemaName(uniqueNamespace(), 'strategy');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 3, log, metrics: new Metrics('strategy') });
    lease = new Lease(store, { onLost: () => undefined });
    await lease.take();
    certificates = new PostgresCertificates(store, lease);
  });
  afterAll(async () => {
    await lease.release();
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
    await store.close();
  });

  it('are one a user and version: the newest', async () => {
    const refused = certificateOf('a', {
      valid: false,
      failedChecks: ['delayed'],
      issuedAt: Timestamp.plus(now, second),
    });
    await certificates.keep(refused);
    await certificates.keep(certificateOf('a'));
    expect(await certificates.newest(ann, 'a')).toEqual(refused);
    expect(await certificates.newest(bob, 'a')).toBeNull();
    expect(await certificates.newest(ann, 'b')).toBeNull();
  });

  it('are no more than 500 of a user, the newest, and none that is very old', async () => {
    await certificates.keep(certificateOf('old', { userId: bob, issuedAt: Timestamp.plus(now, -401 * day) }));
    for (let count = 0; count < 502; count += 1)
      await certificates.keep(certificateOf(`v${count}`, { userId: bob, issuedAt: Timestamp.plus(now, count) }));
    expect(await store.sql`select 1 from certificates where user_id = 'bob'`).toHaveLength(500);
    expect(await certificates.newest(bob, 'v501')).not.toBeNull();
    expect(await certificates.newest(bob, 'v1')).toBeNull();
    await certificates.keep(certificateOf('next', { issuedAt: Timestamp.plus(now, 401 * day) }));
    expect(await certificates.newest(ann, 'a')).toBeNull();
  });

  it('are not written by a process that has lost the lease', async () => {
    const other = new Lease(store, { onLost: () => undefined });
    const late = new PostgresCertificates(store, { prove: (tx) => other.prove(tx) });
    await expect(late.keep(certificateOf('c'))).rejects.toThrow(LeaseLost);
    expect(await certificates.newest(ann, 'c')).toBeNull();
  });
});

import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresDutyLease } from './postgres-duty-lease.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

describeWithServers('the duty of notifications', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'notifications');
  const log = new RecordingLog();
  const leases: PostgresDutyLease[] = [];
  let store: PostgresStore;
  let lost: Error[];

  beforeEach(async () => {
    lost = [];
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 3, log, metrics: new Metrics('notifications') });
  });
  afterEach(async () => {
    for (const lease of leases.splice(0)) await lease.release();
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  function newProcess(): PostgresDutyLease {
    const lease = new PostgresDutyLease(store, { onLost: (cause) => lost.push(cause) });
    leases.push(lease);
    return lease;
  }
  const expire = () => store.sql`update lease set expires_at = now() - interval '1 second'`;

  it('is had by one of two that grasp at it at once, and by the other when it is given back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const both = [newProcess(), newProcess()] as const;
      const holders = await Promise.all(both.map((lease) => lease.take()));
      expect(holders.filter((holder) => holder === null)).toHaveLength(1);
      const [winner, other] = holders[0] === null ? both : ([both[1], both[0]] as const);
      await winner.release();
      expect(await other.take()).toBeNull();
      await other.release();
    }
  });

  it('that another has taken is lost for good, which is said once', async () => {
    const [first, second] = [newProcess(), newProcess()];
    await first.take();
    await expire();
    expect(await second.take()).toBeNull();
    await first.renew();
    await first.renew();
    expect(lost).toHaveLength(1);
    await first.release();
    await second.renew();
    expect(lost).toHaveLength(1);
    expect(await newProcess().take()).not.toBeNull();
  });
});

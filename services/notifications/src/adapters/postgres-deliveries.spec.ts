import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Inbox, migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresDeliveries } from './postgres-deliveries.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const ann = UserId.of('user_ann');
const now = Timestamp.fromMillis(1_000_000);
const waiting = 300;

describeWithServers('the outbox of notifications', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'notifications');
  const log = new RecordingLog();
  let store: PostgresStore;
  let outbox: PostgresDeliveries;

  beforeAll(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 8, log, metrics: new Metrics('notifications') });
    outbox = new PostgresDeliveries(store, new Inbox(store, log));
    const deliveries = Array.from({ length: waiting }, (_, index) => ({
      userId: ann,
      destination: `chat-${index}`,
      noticeId: `notice-${index}`,
      part: 0,
      title: 'a fill',
      payload: { channel: 'telegram' as const, html: 'a fill' },
    }));
    await outbox.add({ onceId: 'once', userId: ann, deliveries, gathers: [] }, now);
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  it('gives every message to one of many that claim at once', async () => {
    const claimed: string[] = [];
    const drain = async (): Promise<void> => {
      for (let empty = 0; empty < 3; ) {
        const some = await outbox.claim('telegram', 3, now);
        empty = some.length === 0 ? empty + 1 : 0;
        claimed.push(...some.map(({ id }) => id));
      }
    };
    await Promise.all(Array.from({ length: 8 }, drain));
    expect(claimed).toHaveLength(waiting);
    expect(new Set(claimed).size).toBe(waiting);
  });
});

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
    outbox = new PostgresDeliveries(store, new Inbox(store, log), log);
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
        const some = await outbox.claim('telegram', { max: 3, except: [] }, now);
        empty = some.length === 0 ? empty + 1 : 0;
        claimed.push(...some.map(({ id }) => id));
      }
    };
    await Promise.all(Array.from({ length: 8 }, drain));
    expect(claimed).toHaveLength(waiting);
    expect(new Set(claimed).size).toBe(waiting);
  });

  const message = (noticeId: string, channel: 'telegram' | 'webhook', destination: string) => ({
    userId: ann,
    destination,
    noticeId,
    part: 0,
    title: `${'x'.repeat(299)}😀`,
    payload:
      channel === 'telegram' ? { channel, html: 'a fill' } : { channel: 'webhook' as const, body: '{"half":"\ud83d"}' },
  });

  it('loses a row that cannot be stored alone, and says so', async () => {
    const deliveries = [message('halved', 'webhook', 'https://a'), message('halved', 'telegram', 'chat-a')];
    expect(await outbox.add({ onceId: 'halved', userId: ann, deliveries, gathers: [] }, now)).toBe(true);
    expect(await store.sql`select channel from deliveries where notice_id = 'halved'`).toEqual([
      { channel: 'telegram' },
    ]);
    expect(log.lines.map(({ text }) => text)).toContain('a message could not be stored; the other channels are told');
  });

  it('takes one message for each destination, what was never tried first, and none for those that are busy', async () => {
    const to = (destination: string, index: number) => ({
      ...message(`order-${index}`, 'telegram', destination),
      noticeId: `order-${index}`,
    });
    await store.sql`update deliveries set state = 'sent'`;
    const deliveries = ['tried', 'busy', 'fresh', 'fresh'].map(to);
    await outbox.add({ onceId: 'order', userId: ann, deliveries, gathers: [] }, now);
    await store.sql`update deliveries set attempts = 1 where destination = 'tried'`;
    const first = await outbox.claim('telegram', { max: 1, except: ['busy'] }, now);
    expect(first.map(({ noticeId }) => noticeId)).toEqual(['order-2']);
    const more = await outbox.claim('telegram', { max: 5, except: ['busy', 'fresh'] }, now);
    expect(more.map(({ noticeId }) => noticeId)).toEqual(['order-0']);
    expect(await outbox.nextAt('telegram', ['fresh', 'tried'])).toBe(now);
    const later = Timestamp.plus(now, 5_000_000);
    await outbox.postpone('telegram', 'busy', later);
    expect(await outbox.nextAt('telegram', ['fresh', 'tried'])).toBe(later);
  });
});

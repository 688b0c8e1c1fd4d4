import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { UserId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Inbox, migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresDeliveries } from '../adapters/postgres-deliveries.js';
import { type Attempt, Channel, type Delivery } from '../ports/channel.js';
import { Lane } from './lane.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const ann = UserId.of('user_ann');
const clock = new SystemClock();
const patiently = { timeoutMs: 60_000, everyMs: 10 };
const failed: Attempt = { kind: 'failed', text: 'no answer within 10 s' };

/** Destinations that begin with `tar` answer nothing until the test lets them. */
class Tarpits extends Channel {
  readonly name = 'webhook';
  readonly told: string[] = [];
  readonly held = new Map<string, (attempt: Attempt) => void>();

  async send({ destination, noticeId }: Delivery): Promise<Attempt> {
    this.told.push(`${noticeId} to ${destination}`);
    if (!destination.startsWith('tar')) return { kind: 'delivered' };
    const { promise, resolve } = Promise.withResolvers<Attempt>();
    this.held.set(destination, resolve);
    return promise;
  }

  failAll(): void {
    for (const resolve of this.held.values()) resolve(failed);
    this.held.clear();
  }

  async close(): Promise<void> {
    this.failAll();
  }
}

describeWithServers('a lane', ({ postgresUrl: url }) => {
  const log = new RecordingLog();
  let schema: string;
  let store: PostgresStore;
  let outbox: PostgresDeliveries;
  let channel: Tarpits;
  let lane: Lane;

  beforeEach(async () => {
    schema = schemaName(uniqueNamespace(), 'notifications');
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 3, log, metrics: new Metrics('notifications') });
    outbox = new PostgresDeliveries(store, new Inbox(store, log), log);
    channel = new Tarpits();
    const breaker = { failuresMax: 3, firstMs: 50, longestMs: 50 };
    const retry = { attemptsMax: 1_000, firstMs: 20, longestMs: 20 };
    lane = new Lane({
      channel,
      deliveries: outbox,
      settings: {
        concurrency: 12,
        retry,
        breaker,
        destinationBreaker: { ...breaker, firstMs: 3_600_000, longestMs: 3_600_000 },
      },
      clock,
      log,
      metrics: new Metrics('notifications'),
      onGone: async () => undefined,
    });
  });
  afterEach(async () => {
    channel.failAll();
    await lane.close();
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  async function add(noticeId: string, destinations: readonly string[]): Promise<void> {
    const deliveries = destinations.map((destination) => ({
      userId: ann,
      destination,
      noticeId,
      part: 0,
      title: 'a fill',
      payload: { channel: 'webhook' as const, body: '{}' },
    }));
    await outbox.add({ onceId: noticeId, userId: ann, deliveries, gathers: [] }, clock.now());
    lane.wake();
  }
  const tarpits = Array.from({ length: 8 }, (_, index) => `tar-${index}`);
  const toldTo = (destination: string) => channel.told.filter((line) => line.endsWith(` to ${destination}`)).length;

  it('tells the healthy while eight destinations answer nothing, and fills each slot again by itself', async () => {
    await add('first', tarpits);
    lane.start();
    await eventually(() => expect(channel.held.size).toBe(8), patiently);
    for (let index = 0; index < 10; index += 1) await add(`healthy-${index}`, ['well']);
    await eventually(() => expect(toldTo('well')).toBe(10), patiently);
    expect(channel.held.size).toBe(8);
    channel.held.get('tar-0')?.({ kind: 'delivered' });
    await add('second', ['tar-0']);
    await eventually(() => expect(toldTo('tar-0')).toBe(2), patiently);
    // One at a time to each destination.
    await add('third', tarpits);
    await add('behind', ['well']);
    await eventually(() => expect(toldTo('well')).toBe(11), patiently);
    expect(tarpits.slice(1).map(toldTo)).toEqual(Array(7).fill(1));
  });

  it('leaves a destination alone that failed three times in a row, and everything that waits for it', async () => {
    await add('first', ['tar-0', 'tar-1']);
    lane.start();
    for (let failure = 1; failure <= 3; failure += 1) {
      await eventually(() => expect(toldTo('tar-0')).toBe(failure), patiently);
      channel.held.get('tar-0')?.(failed);
    }
    await eventually(async () => {
      const [row] = await store.sql`select attempts, next_at > ${clock.now() + 600_000_000} as later from deliveries
        where destination = 'tar-0'`;
      expect(row).toEqual({ attempts: 3, later: true });
    }, patiently);
    await add('fresh', ['tar-0', 'well']);
    await eventually(async () => {
      const rows = await store.sql`select next_at from deliveries
        where destination = 'tar-0' and next_at <= ${clock.now() + 600_000_000}`;
      expect([rows.length, toldTo('well')]).toEqual([0, 1]);
    }, patiently);
    expect(toldTo('tar-0')).toBe(3);
    expect(toldTo('tar-1')).toBe(1);
  });

  it('gives those that failed last a part of the slots only', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `tar-${index}`);
    await add('first', many);
    lane.start();
    await eventually(() => expect(channel.held.size).toBe(12), patiently);
    channel.failAll();
    await eventually(() => expect(channel.held.size).toBe(3), patiently);
    await add('healthy', ['well']);
    await eventually(() => expect(toldTo('well')).toBe(1), patiently);
    expect(channel.held.size).toBe(3);
  });
});

import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import type { BotId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Lease, migrate, Outbox, PostgresStore, schemaName } from '@scalpstorm/store';
import type { WrittenRow } from '@scalpstorm/strategies';
import { aBot, anInstrument, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { noFacts } from '../handlers/write-behind.js';
import { PostgresBotStore } from './postgres-bot-store.js';
import { PostgresJournal } from './postgres-journal.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const bot = aBot();
const { id: botId, userId } = bot;
const day = 24 * 60 * 60 * 1e6;
const now = Timestamp.fromMicros(1_000 * day);
const plenty = { days: 1_000, rowsMax: 1_000 };

/** Every third begins; one a day, the newest today. */
const rowsOf = (from: number, to: number, newest = to): readonly WrittenRow[] =>
  Array.from({ length: to - from + 1 }, (_, place) => {
    const number = from + place;
    const at = Timestamp.fromMicros(now - (newest - number) * day);
    return { number, at, begins: number % 3 === 1, text: JSON.stringify({ number, b: 1, a: '=1' }) };
  });

describeWithServers('journals in Postgres', ({ postgresUrl }) => {
  let store: PostgresStore;
  let lease: Lease;
  let bots: PostgresBotStore;
  let journal: PostgresJournal;
  const log = new RecordingLog();

  beforeEach(async () => {
    const schema = schemaName(uniqueNamespace(), 'strategy');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 3, log, metrics: new Metrics('strategy') });
    lease = new Lease(store, { onLost: () => undefined });
    await lease.take();
    bots = new PostgresBotStore({ store, lease, outbox: new Outbox(store), clock: new SystemClock(), log });
    journal = new PostgresJournal(store, { now: () => now });
  });

  afterEach(async () => {
    await lease.release();
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
    await store.close();
  });

  const put = (rows: readonly WrittenRow[], deleted = false) =>
    bots.commit({ ...noFacts, stored: { bot, state: {}, instrument: anInstrument() }, deleted, journal: rows });
  const numbers = async (asked: { userId?: typeof userId; after?: number; limit?: number } = {}) => {
    const page = await journal.page({ userId, botId, after: 0, limit: 100, ...asked });
    return { numbers: page.rows.map(({ number }) => number), hasMore: page.hasMore };
  };

  it('are read in pages, by their owner, as they were written', async () => {
    await put(rowsOf(1, 5));
    expect(await numbers({ limit: 3 })).toEqual({ numbers: [1, 2, 3], hasMore: true });
    expect(await numbers({ after: 3, limit: 3 })).toEqual({ numbers: [4, 5], hasMore: false });
    expect(await numbers({ userId: 'somebody-else' as typeof userId })).toEqual({ numbers: [], hasMore: false });
    const [first] = (await journal.page({ userId, botId, after: 0, limit: 1 })).rows;
    expect(first?.entry).toBe('{"number":1,"b":1,"a":"=1"}');
  });

  it('give no more than fits into an answer, and always something', async () => {
    const long = rowsOf(1, 4).map((row) => ({ ...row, text: JSON.stringify('x'.repeat(250_000)) }));
    await put(long);
    expect(await numbers()).toEqual({ numbers: [1], hasMore: true });
    expect(await numbers({ after: 3 })).toEqual({ numbers: [4], hasMore: false });
  });

  it('have a row once, however often it is written, and go on behind the last after a restart', async () => {
    await put(rowsOf(1, 3));
    await put(rowsOf(1, 4));
    expect((await numbers()).numbers).toEqual([1, 2, 3, 4]);
    expect((await bots.loadAll()).map(({ journalled }) => journalled)).toEqual([4]);
    expect((await bots.find(botId as BotId))?.stored.journalled).toBe(4);
  });

  it('are forgotten up to a row that begins, by age and by number', async () => {
    await put(rowsOf(1, 12));
    expect(await journal.prune(plenty)).toBe(0);
    // Behind row 12 by five and more are rows up to 7, the last of which begins.
    expect(await journal.prune({ ...plenty, rowsMax: 5 })).toBe(6);
    expect((await numbers()).numbers).toEqual([7, 8, 9, 10, 11, 12]);
    expect(await journal.prune({ ...plenty, days: 1.5 })).toBe(3);
    expect((await numbers()).numbers).toEqual([10, 11, 12]);
    expect(await journal.prune({ days: 0, rowsMax: 1 })).toBe(0);
  });

  it('go with their bot', async () => {
    await put(rowsOf(1, 4));
    await put([], true);
    expect((await numbers()).numbers).toEqual([]);
    expect(await journal.prune(plenty)).toBe(4);
  });
});

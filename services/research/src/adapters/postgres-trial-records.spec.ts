import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { TrialFigures } from '@scalpstorm/backtest';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, Outbox, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import type { Trial } from '../ports/trial-records.js';
import { PostgresJobQueue } from './postgres-job-queue.js';
import { PostgresJobs } from './postgres-jobs.js';
import { PostgresTrialRecords } from './postgres-trial-records.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const [ann, bob] = [UserId.of('user_ann'), UserId.of('user_bob')];
const search = { strategy: 'ema-cross', timeframe: '1m', ground: 'bars code' } as const;
const at = Timestamp.fromMillis(1e12);

/** @param sharpe null: over a part of the bars */
const trial = (fast: number, sharpe: number | null): Trial => ({
  ...{ from: 0, to: sharpe === null ? 50 : 100, parameters: { slow: 30, fast } },
  tried: { figures: { sharpePerBar: sharpe ?? 0 } as TrialFigures },
  id: fast.toString(16).padStart(32, '0'),
  sharpePerBar: sharpe,
});

describeWithServers('what searches tried', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'research');
  const log = new RecordingLog();
  let store: PostgresStore;
  let jobs: PostgresJobs;
  let queue: PostgresJobQueue;
  let records: PostgresTrialRecords;

  beforeAll(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('research') });
    jobs = new PostgresJobs(store);
    queue = new PostgresJobQueue(store, new Outbox(store), 60_000);
    records = new PostgresTrialRecords(store);
  });
  beforeEach(async () => {
    await store.sql`truncate jobs, tried, trials, trial_sums cascade`;
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  const running = async (id: string, userId = ann) => {
    const job = { id, userId, kind: 'optimisation', name: '', priority: 'normal', spec: {} } as const;
    await jobs.submit(job, { queuedPerUserMax: 9, queuedMax: 9 }, at);
    const claimed = await queue.claim(at);
    if (claimed === null) throw new Error('there was nothing to claim');
    return claimed;
  };

  it('come back as they were said, for whoever has the job next, who alone writes more', async () => {
    const first = await running('one');
    expect(await records.keep(first, search, [trial(5, 0.1), trial(6, 0.2)])).toBe(true);
    expect(await records.keep(first, search, [trial(5, null)])).toBe(true);
    await queue.giveBack(first, at);
    const next = await queue.claim(at);
    if (next === null) throw new Error('it was not given back');
    const chunks = await records.ofJob(next);
    expect(chunks).toEqual([
      { ground: 'bars code', rows: JSON.stringify([trial(5, 0.1), trial(6, 0.2)]) },
      { ground: 'bars code', rows: JSON.stringify([trial(5, null)]) },
    ]);
    expect(await records.keep(first, search, [trial(7, 0.3)])).toBe(false);
    expect(await records.made(ann, search)).toMatchObject({ count: 2 });
  });

  it('count once each and for good, for their user and their strategy, over whatever bars', async () => {
    const one = await running('one');
    await records.keep(one, search, [trial(5, null), trial(5, null), trial(6, 0.3)]);
    expect(await records.made(ann, search)).toEqual({ count: 2, variance: 0 });
    await records.keep(one, search, [trial(5, 0.1)]);
    const told = await records.made(ann, search);
    expect(told.count).toBe(2);
    expect(told.variance).toBeCloseTo(0.02, 12);
    await records.keep(await running('two'), { ...search, timeframe: '1h', ground: 'others' }, [trial(9, 5)]);
    const more = await records.made(ann, search);
    expect(more.count).toBe(3);
    expect(more.variance).toBeCloseTo(0.02, 12);
    await records.keep(await running('his', bob), search, [trial(1, 0.5)]);
    expect([await records.made(ann, search), await records.made(bob, { ...search, strategy: 'other' })]).toEqual([
      more,
      { count: 0, variance: 0 },
    ]);
    const fault = { code: 'STRATEGY_THREW', text: '', next: '' };
    await records.keep(one, search, [{ ...trial(8, null), tried: { fault } }]);
    expect(await records.made(ann, search)).toEqual(more);
  });

  it('are forgotten one by one where they are many, and still count', async () => {
    const job = await running('one');
    await records.keep(
      job,
      search,
      Array.from({ length: 30 }, (_, index) => trial(index + 1, index / 10)),
    );
    const before = await records.made(ann, search);
    await records.tidy(10);
    await records.tidy(10);
    expect(await store.sql`select 1 from trials`).toHaveLength(10);
    const after = await records.made(ann, search);
    expect(after.count).toBe(30);
    expect(after.variance).toBeCloseTo(before.variance, 12);
    expect(await records.ofJob(job)).toHaveLength(1);
    await queue.finish(job, { state: 'canceled' }, at);
    await records.tidy(10);
    expect(await records.ofJob(job)).toHaveLength(0);
  });
});

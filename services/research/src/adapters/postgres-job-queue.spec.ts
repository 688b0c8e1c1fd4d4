import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, Outbox, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import type { NewJob } from '../ports/jobs.js';
import { PostgresJobQueue } from './postgres-job-queue.js';
import { PostgresJobs } from './postgres-jobs.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const [ann, bob] = [UserId.of('user_ann'), UserId.of('user_bob')];
const bounds = { queuedPerUserMax: 300, queuedMax: 400 };
const at = (seconds: number): Timestamp => Timestamp.fromMillis(1e12 + seconds * 1_000);
const fault = { code: 'SOMETHING', text: 'wrong', next: 'Mend it.' };

describeWithServers('the queue of research', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'research');
  const log = new RecordingLog();
  let store: PostgresStore;
  let jobs: PostgresJobs;
  let queue: PostgresJobQueue;
  let other: PostgresJobQueue;

  beforeAll(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 8, log, metrics: new Metrics('research') });
    jobs = new PostgresJobs(store);
    queue = new PostgresJobQueue(store, new Outbox(store), 60_000, 'one');
    other = new PostgresJobQueue(store, new Outbox(store), 60_000, 'other');
  });
  beforeEach(async () => {
    await store.sql`delete from jobs`;
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  const submit = async (id: string, changes: Partial<NewJob> = {}, limits = bounds) => {
    const job = { id, userId: ann, kind: 'backtest', name: id, priority: 'normal', spec: {}, ...changes } as const;
    return jobs.submit(job, limits, at(0));
  };
  const claimed = async (by: PostgresJobQueue = queue, seconds = 1) => {
    const job = await by.claim(at(seconds));
    if (job === null) throw new Error('there was nothing to claim');
    return job;
  };
  /** As if the process that holds it had been silent for long. */
  const silence = () => store.sql`update jobs set leased_until = now() - interval '1 second' where state = 'running'`;

  it('gives every job to one of many that claim at once', async () => {
    for (let index = 0; index < 120; index += 1) await submit(`job-${index}`);
    const taken: string[] = [];
    const drain = async (by: PostgresJobQueue): Promise<void> => {
      for (let empty = 0; empty < 3; ) {
        const job = await by.claim(at(1));
        empty = job === null ? empty + 1 : 0;
        if (job !== null) taken.push(job.id);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => drain(index % 2 === 0 ? queue : other)));
    expect(taken).toHaveLength(120);
    expect(new Set(taken).size).toBe(120);
  });

  it('leaves a kind of job that it does not know to whoever knows it', async () => {
    await submit('later');
    await store.sql`update jobs set kind = 'of a later version'`;
    expect(await queue.claim(at(1))).toBeNull();
    await submit('now', { userId: bob });
    expect(await claimed()).toMatchObject({ id: 'now' });
  });

  it('takes turns between users, and within one goes by priority and age', async () => {
    await submit('a-first');
    await submit('a-low', { priority: 'low' });
    await submit('a-high', { priority: 'high' });
    await submit('b-first', { userId: bob });
    await submit('b-second', { userId: bob });
    const order = [];
    for (let turn = 1; turn <= 5; turn += 1) order.push((await claimed(queue, turn)).id);
    expect(order).toEqual(['a-high', 'b-first', 'a-first', 'b-second', 'a-low']);
  });

  it('lets nobody wait more jobs than the bounds allow, however many send at once', async () => {
    const limits = { queuedPerUserMax: 5, queuedMax: 8 };
    const sent = await Promise.all(Array.from({ length: 20 }, (_, index) => submit(`a-${index}`, {}, limits)));
    expect(sent.filter((one) => 'job' in one)).toHaveLength(5);
    expect(sent.filter((one) => 'full' in one && one.full === 'user')).toHaveLength(15);
    const others = await Promise.all(
      Array.from({ length: 5 }, (_, index) => submit(`b-${index}`, { userId: bob }, limits)),
    );
    expect(others.filter((one) => 'full' in one && one.full === 'all')).toHaveLength(2);
    await claimed();
    expect('job' in (await submit('b-later', { userId: bob }, limits))).toBe(true);
  });

  it('runs the job of one that died again, and lets that one write nothing more', async () => {
    await submit('job');
    const lost = await claimed();
    expect(await other.recover(3, at(2))).toEqual([]);
    await silence();
    expect(await other.recover(3, at(2))).toMatchObject([{ id: 'job', state: 'queued' }]);
    const again = await claimed(other, 3);
    expect(again).toMatchObject({ id: 'job', attempts: 2 });
    expect(await queue.renew(lost, 0.5)).toBe('lost');
    const result = { summary: { by: 'one' }, series: { equity: [], trades: [] } };
    expect(await queue.finish(lost, { state: 'done', result }, at(4))).toBeNull();
    expect(await queue.giveBack(lost, at(4))).toBeNull();
    await other.finish(again, { state: 'done', result: { ...result, summary: { by: 'other' } } }, at(5));
    expect(await jobs.get(ann, 'job')).toMatchObject({ state: 'done', summary: { by: 'other' } });
  });

  it('tells one run of a process from the next one of the same', async () => {
    await submit('job');
    const lost = await claimed();
    await silence();
    await queue.recover(3, at(2));
    const again = await claimed(queue, 3);
    expect(await queue.renew(lost, 0.1)).toBe('lost');
    expect(await queue.renew(again, 0.1)).toBe('held');
  });

  it('gives a job up that has cost a process three times', async () => {
    await submit('job');
    for (let time = 1; time <= 3; time += 1) {
      await claimed(queue, time);
      await silence();
      const [job] = await other.recover(3, at(time));
      expect(job?.state).toBe(time < 3 ? 'queued' : 'failed');
    }
    expect(await jobs.get(ann, 'job')).toMatchObject({ state: 'failed', fault: { code: 'JOB_WORKER_LOST' } });
  });

  it('cancels at once what waits, and says so to whoever runs the rest', async () => {
    await submit('waits');
    await submit('runs', { priority: 'high' });
    const running = await claimed();
    expect(await jobs.cancel(ann, 'waits', at(2))).toMatchObject({ state: 'canceled' });
    expect(await jobs.cancel(ann, 'runs', at(2))).toMatchObject({ state: 'running', canceling: true });
    expect(await queue.renew(running, 0.5)).toBe('canceling');
    expect(await jobs.cancel(bob, 'runs', at(2))).toBeNull();
    // Also when it was done before whoever runs it heard of that.
    const result = { summary: {}, series: { equity: [], trades: [] } };
    expect(await queue.finish(running, { state: 'done', result }, at(3))).toMatchObject({
      state: 'canceled',
      progress: 0.5,
    });
    expect(await jobs.get(ann, 'runs')).toMatchObject({ state: 'canceled', summary: null, canceling: false });
    expect(await jobs.cancel(ann, 'runs', at(4))).toBeNull();
    expect(await queue.claim(at(5))).toBeNull();
  });

  it('cancels a job whose process died before it heard of it', async () => {
    await submit('job');
    await claimed();
    await jobs.cancel(ann, 'job', at(2));
    await silence();
    expect(await other.recover(3, at(3))).toMatchObject([{ state: 'canceled', canceling: false }]);
  });

  it('takes back what a process that stops gives back, and counts that as no loss', async () => {
    await submit('job');
    for (let time = 1; time <= 5; time += 1) {
      expect(await queue.giveBack(await claimed(queue, time), at(time))).toMatchObject({ state: 'queued' });
    }
    await jobs.cancel(ann, 'job', at(7));
    expect(await queue.counts()).toEqual({ queued: 0, running: 0 });
  });

  it('keeps series in order and in one piece, and forgets them with the job', async () => {
    await submit('job');
    const equity = Array.from({ length: 1_234 }, (_, index) => ({ index }));
    const job = await claimed();
    await queue.finish(job, { state: 'done', result: { summary: {}, series: { equity, trades: [] } } }, at(2));
    expect(await jobs.rows(job, 'equity', { from: 499, limit: 3 })).toEqual({
      rows: [{ index: 499 }, { index: 500 }, { index: 501 }],
      total: 1_234,
    });
    expect(await jobs.rows(job, 'equity', { from: 1_230, limit: 500 })).toMatchObject({ rows: equity.slice(1_230) });
    expect(await jobs.rows(job, 'trades', { from: 0, limit: 5 })).toEqual({ rows: [], total: 0 });
    expect(await queue.prune({ before: at(3), perUserMax: 100 })).toBe(1);
    expect(await store.sql`select 1 from series`).toHaveLength(0);
  });

  it('forgets what is old, and of each user what is more than so many, but nothing that waits or runs', async () => {
    for (let index = 0; index < 6; index += 1) {
      await submit(`job-${index}`);
      await queue.finish(await claimed(queue, index), { state: 'failed', fault }, at(index * 10));
    }
    await submit('b', { userId: bob });
    await queue.finish(await claimed(), { state: 'failed', fault }, at(60));
    await submit('waits');
    expect(await queue.prune({ before: at(15), perUserMax: 3 })).toBe(3);
    const left = await jobs.list(ann, { of: 'backtest', open: null, before: null, limit: 10 });
    expect(left.map(({ id }) => id)).toEqual(['waits', 'job-5', 'job-4', 'job-3']);
    expect(await jobs.list(bob, { of: 'backtest', open: false, before: null, limit: 10 })).toHaveLength(1);
  });
});

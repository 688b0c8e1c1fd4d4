import { afterEach, expect, it } from '@jest/globals';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { Redis } from 'ioredis';
import { CacheUnavailable } from './cache.js';
import { RedisRateLedger } from './redis-rate-ledger.js';

const question = {
  scope: 'http://venue.example',
  name: 'weight-60s-100',
  windowMs: 60_000,
  capacities: [60, 80, 100],
  wants: [10, 10, 10],
  spent: [],
} as const;

describeWithServers('RedisRateLedger', ({ redisUrl }) => {
  const ledgers: RedisRateLedger[] = [];

  afterEach(() => {
    for (const ledger of ledgers.splice(0)) ledger.onApplicationShutdown();
  });

  const open = async (namespace: string, changes: { listenMs?: number; url?: string } = {}) => {
    const log = new RecordingLog();
    const metrics = new Metrics('cache');
    const options = { url: redisUrl, namespace, log, metrics, listenMs: 0, commandMsMax: 30_000, ...changes };
    const ledger = new RedisRateLedger(options);
    ledgers.push(ledger);
    return { ledger, log, metrics };
  };

  /** Resolves when it is connected. */
  const ask = async (ledger: RedisRateLedger, changes: Partial<typeof question> | object = {}) => {
    let grant: Awaited<ReturnType<RedisRateLedger['exchange']>> | null = null;
    await eventually(async () => {
      grant = await ledger.exchange({ ...question, ...changes });
    });
    if (grant === null) throw new Error('no grant');
    return grant as Awaited<ReturnType<RedisRateLedger['exchange']>>;
  };

  it('lends to all processes together no more than the limit, and keeps a fifth of it for what is urgent', async () => {
    const namespace = uniqueNamespace();
    const [one, other] = [await open(namespace), await open(namespace)];
    expect(await ask(one.ledger, { wants: [60, 0, 0] })).toMatchObject({ granted: [60, 0, 0], others: 0, members: 1 });
    expect(await ask(other.ledger, { wants: [60, 60, 60] })).toMatchObject({
      granted: [0, 20, 20],
      others: 60,
      members: 2,
    });
    expect(await ask(one.ledger, { wants: [60, 0, 50] })).toMatchObject({ granted: [20, 0, 40] });
  });

  it('takes back what is not wanted any more, and counts what was spent', async () => {
    const namespace = uniqueNamespace();
    const [one, other] = [await open(namespace), await open(namespace)];
    await ask(one.ledger, { wants: [0, 0, 100] });
    expect(await ask(other.ledger)).toMatchObject({ granted: [0, 0, 0], others: 100 });
    await ask(one.ledger, { wants: [0, 0, 0], spent: [{ ageMs: 100, amount: 70 }] });
    expect(await ask(other.ledger)).toMatchObject({ granted: [0, 10, 10], others: 70 });
  });

  it('forgets what is older than the window', async () => {
    const namespace = uniqueNamespace();
    const [one, other] = [await open(namespace), await open(namespace)];
    await ask(one.ledger, {
      wants: [0, 0, 0],
      spent: [
        { ageMs: 20_000, amount: 40 },
        { ageMs: 61_000, amount: 60 },
      ],
    });
    expect(await ask(other.ledger)).toMatchObject({ others: 40 });
  });

  it('a ledger that lost everything listens first and lends nothing, and knows it all again from what each process tells', async () => {
    const namespace = uniqueNamespace();
    const settings = { listenMs: 60_000 };
    const [one, other] = [await open(namespace, settings), await open(namespace, settings)];
    expect(await ask(one.ledger, { spent: [{ ageMs: 0, amount: 30 }] })).toMatchObject({ granted: null, members: 1 });
    expect(await ask(other.ledger)).toMatchObject({ granted: null, others: 30, members: 2 });
    // As FLUSHALL does, for this namespace alone: others use the same server.
    const plain = new Redis(redisUrl);
    const keys = await plain.keys(`${namespace}:*`);
    expect(keys).not.toEqual([]);
    await plain.del(...keys);
    plain.disconnect();
    expect(await ask(other.ledger)).toMatchObject({ granted: null, others: 0 });
    await ask(one.ledger, { spent: [{ ageMs: 10, amount: 30 }] });
    expect(await ask(other.ledger)).toMatchObject({ others: 30 });
  });

  it('tells a pause of one process to the others at once, and to whoever comes later', async () => {
    const namespace = uniqueNamespace();
    const [one, other] = [await open(namespace), await open(namespace)];
    const heard: [string, number][] = [];
    other.ledger.follow((scope, lengthMs) => heard.push([scope, lengthMs]));
    const own: string[] = [];
    one.ledger.follow((scope) => own.push(scope));
    await ask(one.ledger);
    await eventually(() => {
      one.ledger.pause(question.scope, 30_000);
      expect(heard).toContainEqual([question.scope, 30_000]);
    });
    expect(own).toEqual([]);
    one.ledger.pause(question.scope, 5_000);
    const third = await open(namespace);
    expect((await ask(third.ledger)).pausedMs).toBeGreaterThan(10_000);
    expect((await ask(third.ledger, { scope: 'http://elsewhere.example' })).pausedMs).toBe(0);
  });

  it('says that it is away, once, and throws at nobody who only tells', async () => {
    const { ledger, log, metrics } = await open(uniqueNamespace(), { url: 'redis://127.0.0.1:1' });
    await expect(ledger.exchange(question)).rejects.toBeInstanceOf(CacheUnavailable);
    await expect(ledger.exchange(question)).rejects.toBeInstanceOf(CacheUnavailable);
    ledger.pause(question.scope, 1_000);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/scalpstorm_rate_ledger_up\{[^}]*\} 0/);
    expect(text).toMatch(/scalpstorm_rate_ledger_exchanges_total\{[^}]*result="failed"[^}]*\} 2/);
  });
});

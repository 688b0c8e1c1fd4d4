import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { Redis } from 'ioredis';
import { cacheContract } from '../test/cache-contract.js';
import { RedisCache } from './redis-cache.js';
import { MemoryCache } from './testing.js';

/** A door in front of Redis that can be shut and opened again. */
async function door(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<net.Socket>();
  let shut = false;
  const server = net.createServer((client) => {
    if (shut) {
      client.destroy();
      return;
    }
    const redis = net.connect({ host: hostname, port: Number(port) });
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(redis).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const set = (next: boolean) => {
    shut = next;
    if (shut) for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    shut: () => set(true),
    open: () => set(false),
    close: async () => {
      set(true);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('MemoryCache', () => {
  cacheContract(async () => {
    const cache = new MemoryCache();
    return {
      cache,
      lose: async () => {
        cache.lost = true;
      },
      close: async () => undefined,
    };
  });
});

describeWithServers('RedisCache', ({ redisUrl }) => {
  const closers: (() => Promise<void> | void)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  /** A loaded machine is not a lost Redis. */
  const patient = { commandMsMax: 30_000, connectMsMax: 30_000 };

  const open = async (namespace = uniqueNamespace()) => {
    const gate = await door(redisUrl);
    const log = new RecordingLog();
    const metrics = new Metrics('cache');
    const cache = new RedisCache({ url: gate.url, namespace, log, metrics, ...patient });
    await cache.settled();
    closers.push(async () => {
      cache.onApplicationShutdown();
      await gate.close();
    });
    const lose = async () => {
      gate.shut();
      await eventually(() => expect(cache.healthy()).rejects.toThrow());
    };
    return { cache, gate, log, metrics, namespace, lose, close: async () => undefined };
  };

  cacheContract(() => open());

  it('keeps namespaces apart', async () => {
    const [mine, theirs] = await Promise.all([open(), open()]);
    await mine.cache.set('key', 'mine', 60_000);
    expect(await theirs.cache.get('key')).toBeNull();
    const plain = new Redis(redisUrl);
    expect(await plain.get(`${mine.namespace}:key`)).toBe('mine');
    plain.disconnect();
  });

  it('comes back by itself, and says once that it was gone and once that it is back', async () => {
    const { cache, gate, log, metrics, lose } = await open();
    await lose();
    gate.open();
    await eventually(() => cache.healthy());
    await cache.set('a', '1', 60_000);
    expect(await cache.get('a')).toBe('1');
    expect(log.lines.map((line) => line.level).filter((level) => level !== 'debug')).toEqual(['warn', 'info']);
    const failures = await metrics.counter({ name: 'cache_failures_total', help: '', labels: ['operation'] }).get();
    expect(failures.values.find((entry) => entry.labels.operation === 'ping')?.value).toBeGreaterThan(0);
  });

  it('answers within its time when Redis hangs', async () => {
    const silent = net.createServer((socket) => closers.push(() => void socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const log = new RecordingLog();
    const cache = new RedisCache({
      url: `redis://127.0.0.1:${port}`,
      namespace: 'x',
      log,
      metrics: new Metrics('cache'),
    });
    closers.push(() => {
      cache.onApplicationShutdown();
      silent.close();
    });
    await cache.settled();
    expect(await cache.get('a')).toBeNull();
    await expect(cache.increment('a', 1_000)).rejects.toMatchObject({ code: 'CACHE_UNAVAILABLE' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { Redis } from 'ioredis';

const entry = fileURLToPath(new URL('./rate-spender.mjs', import.meta.url));
const intervalMs = 4_000;
const limit = 200;
const planned = 0.9 * limit;
const patient = { timeoutMs: 60_000 };

const exchangeInfo = JSON.stringify({
  timezone: 'UTC',
  serverTime: 0,
  rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'SECOND', intervalNum: intervalMs / 1_000, limit }],
  exchangeFilters: [],
  symbols: [],
});

/** A venue that never says what was used, so that nobody can learn it from its answers. */
async function countingVenue() {
  const asked: { readonly at: number; readonly weight: number }[] = [];
  let banned = false;
  const server = createServer((request, response) => {
    const isInfo = request.url?.includes('exchangeInfo') === true;
    asked.push({ at: performance.now(), weight: isInfo ? 20 : 1 });
    if (banned && !isInfo) {
      response.writeHead(418, { 'content-type': 'application/json', 'retry-after': '60' });
      return response.end(JSON.stringify({ code: -1003, msg: 'Way too much request weight used; IP banned.' }));
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(isInfo ? exchangeInfo : JSON.stringify({ serverTime: Date.now() }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    rest: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ban: () => {
      banned = true;
    },
    requests: () => asked.length,
    /** The most that it was asked for in any interval. */
    most: () =>
      Math.max(
        ...asked.map(({ at }) =>
          asked
            .filter((other) => other.at > at - intervalMs && other.at <= at)
            .reduce((sum, { weight }) => sum + weight, 0),
        ),
      ),
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** A door in front of Redis that can be shut. */
async function door(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<net.Socket>();
  let shut = false;
  const server = net.createServer((client) => {
    if (shut) return client.destroy();
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
  const close = async () => {
    set(true);
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: url.href, set, close };
}

interface Told {
  readonly answered: number;
  readonly refused: number;
  readonly other: string;
}

describeWithServers('two processes that ask one venue from one address', ({ redisUrl }) => {
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const spender = (rest: string, redis: string, namespace: string) => {
    const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
    const child: ChildProcess = spawn(process.execPath, [entry, rest, redis, namespace], {
      env: { PATH, NODE_COMPILE_CACHE },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    closers.push(() => child.kill('SIGKILL'));
    let told: Told = { answered: 0, refused: 0, other: '' };
    if (child.stdout === null) throw new Error('no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      told = JSON.parse(line) as Told;
    });
    return { told: () => told };
  };

  const world = async () => {
    const venue = await countingVenue();
    const gate = await door(redisUrl);
    closers.push(venue.close, gate.close);
    const namespace = uniqueNamespace();
    const both = [spender(venue.rest, gate.url, namespace), spender(venue.rest, gate.url, namespace)];
    const all = () => both.map(({ told }) => told());
    return { venue, gate, namespace, all };
  };

  it('never exceed its limit together, and use more of it than each would alone', async () => {
    const { venue, all } = await world();
    // Alone, and not knowing how many there are, each would have 45.
    await eventually(() => expect(venue.most()).toBeGreaterThan(130), patient);
    await eventually(() => expect(all().every(({ refused }) => refused > 5)).toBe(true), patient);
    expect(venue.most()).toBeLessThanOrEqual(limit);
    expect(all().map(({ other }) => other)).toEqual(['', '']);
  });

  it('go on, each with its own part, while everything in Redis is lost and Redis is gone, and when it is back', async () => {
    const { venue, gate, namespace, all } = await world();
    await eventually(() => expect(all().every(({ answered }) => answered > 10)).toBe(true), patient);
    const plain = new Redis(redisUrl);
    // As FLUSHALL does, for this namespace alone: others use the same server.
    // What a process answers is no word of whether it has told the ledger yet.
    await eventually(async () => {
      const keys = await plain.keys(`${namespace}:*`);
      expect(keys).not.toEqual([]);
      await plain.del(...keys);
    }, patient);
    plain.disconnect();
    gate.set(true);
    const before = all().map(({ answered }) => answered);
    await eventually(
      () => expect(all().every(({ answered }, index) => answered > (before[index] ?? 0) + 20)).toBe(true),
      patient,
    );
    gate.set(false);
    const there = venue.requests();
    await eventually(() => expect(venue.requests()).toBeGreaterThan(there + 100), patient);
    // Each spends at most half of what both may, whatever it does not hear of the other: see ADR 0015.
    expect(venue.most()).toBeLessThanOrEqual(1.5 * planned);
    expect(all().map(({ other }) => other)).toEqual(['', '']);
  });

  it('both stay away when one of them is banned', async () => {
    const { venue, all } = await world();
    await eventually(() => expect(all().every(({ answered }) => answered > 5)).toBe(true), patient);
    venue.ban();
    const there = venue.requests();
    const before = all().map(({ refused }) => refused);
    await eventually(
      () => expect(all().every(({ refused }, index) => refused > (before[index] ?? 0) + 20)).toBe(true),
      patient,
    );
    // What was on its way, three of each; nobody asks again.
    expect(venue.requests() - there).toBeLessThanOrEqual(12);
  });
});

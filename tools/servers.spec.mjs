import { createServer } from 'node:net';
import { delimiter } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { installEnvironment } from './install.mjs';
import { demoBots, demoQuantity } from './launcher/demo-bots.mjs';
import { warningOf } from './launcher/logs.mjs';
import { reportLine } from './launcher/report.mjs';
import { companionNames, ownAccounts, serviceEnvironment, serviceNames } from './launcher/services.mjs';
import { freePorts, isPortFree } from './ports.mjs';
import { containerCommand } from './servers/docker.mjs';
import { natsConfiguration } from './servers/nats.mjs';
import { waitUntil } from './servers/probe.mjs';

describe('servers', () => {
  test('a container listens on the loopback only and shows no password in its arguments', () => {
    const run = containerCommand({
      container: 'scalpstorm-x-postgres',
      image: 'postgres:17-alpine',
      publish: { port: 5433, inside: 5432 },
      environment: { POSTGRES_PASSWORD: 'hush' },
    });
    expect(run.args).toContain('127.0.0.1:5433:5432');
    expect(run.args.join(' ')).not.toContain('hush');
    expect(run.environment).toEqual({ POSTGRES_PASSWORD: 'hush' });
    expect(run.cleanup).toEqual(['docker', 'rm', '--force', 'scalpstorm-x-postgres']);
  });

  test('NATS syncs as the server does by default, or as it is told', () => {
    const wanted = { host: '127.0.0.1', port: 4222, store: '/data', users: [] };
    expect(natsConfiguration(wanted).jetstream).toEqual({ store_dir: '/data' });
    expect(natsConfiguration({ ...wanted, syncInterval: 'always' }).jetstream.sync_interval).toBe('always');
  });

  test('free ports are all different, and none that the system gives away on its own', async () => {
    const ports = [...(await freePorts(20)), ...(await freePorts(20))];
    expect(new Set(ports).size).toBe(40);
    expect(ports.every((port) => port >= 10_240 && port < 32_768)).toBe(true);
  });

  test('a port on which somebody listens is not free', async () => {
    const server = createServer();
    const port = await new Promise((resolve) =>
      server.listen({ host: '127.0.0.1', port: 0 }, () => resolve(server.address().port)),
    );
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a stranger who answers in the place of an ended process is not taken for it', async () => {
    const waiting = waitUntil(async () => 'I am here', { timeoutMs: 1_000, stillRunning: () => false });
    await expect(waiting).rejects.toThrow('ended before it was ready');
  });
});

describe('services', () => {
  const names = [...serviceNames, ...companionNames];
  const context = {
    servers: {
      nats: {
        url: 'nats://127.0.0.1:1',
        passwords: Object.fromEntries(names.map((name) => [name, `pw-${name}`])),
      },
      postgres: { url: 'postgres://127.0.0.1/x' },
      redis: { url: 'redis://127.0.0.1' },
    },
    exchange: { rest: 'r', spotWs: 's', wsApi: 'w', symbols: ['BTC-USDT'], account: { apiKey: 'KEY', secret: 'HUSH' } },
    instance: { secret: (key) => `secret-${key}` },
    ports: {
      gateway: 101,
      inference: 102,
      operations: Object.fromEntries(names.map((name, index) => [name, index + 1])),
    },
    namespace: 'scalpstorm',
  };

  test('each speaks as its own user of the bus', () => {
    for (const name of names) {
      expect(serviceEnvironment(name, context)).toMatchObject({ NATS_USER: name, NATS_PASSWORD: `pw-${name}` });
    }
  });

  test('each has a port for operators, and only those that others call have a public one', () => {
    const environments = names.map((name) => [name, serviceEnvironment(name, context)]);
    expect(environments.map(([, { OPERATIONS_PORT }]) => Number(OPERATIONS_PORT))).toEqual(names.map((_, i) => i + 1));
    const open = environments.filter(([, { PORT }]) => PORT !== undefined).map(([name, { PORT }]) => [name, PORT]);
    expect(open).toEqual([
      ['gateway', '101'],
      ['inference', '102'],
    ]);
  });

  test('execution alone gets the keys of the venue', () => {
    const holders = names.filter((name) => JSON.stringify(serviceEnvironment(name, context)).includes('HUSH'));
    expect(holders).toEqual(['execution']);
  });

  test('accounts of one’s own stand beside the demo account, and a broken list is refused without showing it', () => {
    const own = { id: 'testnet', secret: 'HUSH' };
    expect(ownAccounts(JSON.stringify([own]))).toEqual([own]);
    expect(ownAccounts('')).toEqual([]);
    for (const text of ['{"secret":"HUSH"', '{"secret":"HUSH"}']) {
      expect(() => ownAccounts(text)).toThrow(expect.objectContaining({ code: 'INVALID_VENUE_ACCOUNTS' }));
      expect(() => ownAccounts(text)).not.toThrow(/HUSH/);
    }
  });

  test('a warning is shown with its code and its cause, an ordinary line is not', () => {
    const line = { level: 'warn', msg: 'could not connect', code: 'BUS_DOWN', error: { message: 'refused' } };
    expect(warningOf(JSON.stringify(line))).toBe('warn: BUS_DOWN: could not connect: refused');
    expect(warningOf(JSON.stringify({ ...line, level: 'info' }))).toBeUndefined();
    expect(warningOf('{ broken')).toBeUndefined();
  });
});

describe('the answer of a check', () => {
  test('is one line, with the reason only when it failed', () => {
    const bot = { id: 'b', strategy: 's', cycles: 3, fills: 6, pnl: '1.2', name: 'left out' };
    const good = reportLine({
      ok: true,
      bots: [bot],
      reconciled: true,
      replayed: { bots: 1, steps: 12, orders: 6 },
      processes: [{ name: 'nats', memoryMiB: 20, cpuPercent: 3 }],
      seconds: { setup: 1, start: 2, trade: 3, stop: 4 },
    });
    expect(good).not.toContain('\n');
    expect(JSON.parse(good)).toEqual({
      ok: true,
      bots: [{ id: 'b', strategy: 's', cycles: 3, fills: 6, pnl: '1.2' }],
      reconciled: true,
      replayed: { bots: 1, steps: 12, orders: 6 },
      processes: [{ name: 'nats', memoryMiB: 20, cpuPercent: 3 }],
      seconds: { setup: 1, start: 2, trade: 3, stop: 4 },
    });
    expect(JSON.parse(reportLine({ ok: false, reason: 'why' }))).toMatchObject({ ok: false, reason: 'why', bots: [] });
  });
});

describe('demo bots', () => {
  const instrument = (symbol, lastPrice, stepSize) => ({
    symbol,
    tickSize: '0.01',
    lastPrice,
    stepSize,
    quantityMin: stepSize,
    notionalMin: '5',
  });

  test('are spread over the symbols and differ in their names', () => {
    const instruments = [instrument('BTC-USDT', '60000', '0.00001'), instrument('ETH-USDT', '3000', '0.0001')];
    const bots = demoBots(instruments, { count: 5, market: 'synthetic' });
    expect(bots.map(({ symbol }) => symbol)).toEqual(['BTC-USDT', 'ETH-USDT', 'BTC-USDT', 'ETH-USDT', 'BTC-USDT']);
    expect(new Set(bots.map(({ name }) => name)).size).toBe(5);
  });

  const ticksOf = ({ parameters: { buyPrice, sellPrice } }) => [Number(buyPrice.offset), Number(sellPrice.offset)];

  test.each(['60000', '3000', '600'])('earn more than their fees in a synthetic market at %s', (price) => {
    const bots = demoBots([instrument('X-USDT', price, '0.00001')], { count: 5, market: 'synthetic' });
    const roundTripTicks = (Number(price) * 2 * 0.0001) / 0.01;
    for (const bot of bots) {
      const [entry, exit] = ticksOf(bot);
      expect(entry).toBeLessThan(0);
      expect(exit).toBeGreaterThan(roundTripTicks + 1);
    }
    expect(new Set(bots.map((bot) => ticksOf(bot).join())).size).toBeGreaterThan(3);
  });

  test.each(['60000', '3000', '150.373'])('have a grid whose levels earn more than their fees at %s', (price) => {
    const instruments = [instrument('X-USDT', price, '0.00001')];
    const [bot] = demoBots(instruments, { count: 0, market: 'synthetic', grid: true });
    const { lower, upper, levels } = bot.parameters;
    expect(Number(lower)).toBeLessThan(Number(price));
    expect(Number(upper)).toBeGreaterThan(Number(price));
    const apart = (Number(upper) / Number(lower)) ** (1 / (levels - 1)) - 1;
    expect(Number(lower) * apart).toBeGreaterThan(Number(price) * 2 * 0.0001 + 0.01);
  });

  test('keep to a few ticks in a recorded market', () => {
    const bots = demoBots([instrument('X-USDT', '60000', '0.00001')], { count: 5, market: 'recorded' });
    expect(bots.map(ticksOf)).toEqual([3, 4, 5, 6, 8].map((ticks) => [-ticks, ticks]));
  });

  test.each([
    ['60000', '0.00001', '0.001'],
    ['3000', '0.0001', '0.02'],
    ['150.37', '0.01', '0.4'],
    ['0.00002', '1', '3000000'],
    ['1000000', '1', '10'],
  ])('at a price of %s and a step of %s they trade %s', (price, step, quantity) => {
    expect(demoQuantity(instrument('X-USDT', price, step))).toBe(quantity);
  });
});

describe('the installer', () => {
  test('finds no Node of a node_modules folder and none of the running script’s settings', () => {
    const path = ['/a/node_modules/.bin', '/usr/bin', '/b/node_modules/npm/node-gyp-bin'].join(delimiter);
    const environment = installEnvironment({ PATH: path, npm_lifecycle_event: 'test', npm_config_registry: 'kept' });
    expect(environment).toMatchObject({
      PATH: '/usr/bin',
      npm_config_registry: 'kept',
      ONNXRUNTIME_NODE_INSTALL: 'skip',
    });
    expect(environment).not.toHaveProperty('npm_lifecycle_event');
  });
});

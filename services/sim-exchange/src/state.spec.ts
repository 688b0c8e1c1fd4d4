import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rawClient, startExchange } from '../test/exchange-process.js';
import type { SimExchange } from './sim-exchange.module.js';

let folder: string;
let running: SimExchange | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-state-'));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (...args: string[]): Promise<ReturnType<typeof rawClient>> => {
  running = await startExchange('--symbols', 'BTC-USDT', '--state', folder, '--wait-for-subscriber', ...args);
  return rawClient(running.announcement);
};
const stop = async (): Promise<void> => {
  await running?.stop();
  running = null;
};
const rest = (client: ReturnType<typeof rawClient>, newClientOrderId: string) =>
  client.signed('POST', '/api/v3/order', {
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: '0.01',
    price: '50000',
    newClientOrderId,
  });
const openOrders = async (client: ReturnType<typeof rawClient>): Promise<unknown[]> =>
  (await client.signed('GET', '/api/v3/openOrders', {})).body as unknown as unknown[];

/** One life with an order, ended in peace. */
const firstLife = async (...args: string[]): Promise<void> => {
  expect((await rest(await start(...args), 'kept')).status).toBe(200);
  await stop();
};

describe('a state directory', () => {
  test('brings orders back, and --reset forgets them', async () => {
    await firstLife();
    expect(await openOrders(await start())).toHaveLength(1);
    await stop();
    expect(await openOrders(await start('--reset'))).toEqual([]);
  });

  test('gives ids after a reset that the life before never told', async () => {
    const first = await rest(await start(), 'one');
    await stop();
    const second = await rest(await start('--reset'), 'one');
    expect(Number(second.body['orderId'])).toBeGreaterThan(Number(first.body['orderId']));
  });

  test('keeps what an account of a key that is not given any more has, and its orders rest', async () => {
    await firstLife();
    const other = await start('--seed', '2');
    expect(await openOrders(other)).toEqual([]);
    const { body } = await other.send('GET', '/api/v3/depth?symbol=BTCUSDT&limit=5000');
    expect(body['bids']).toContainEqual(['50000.00000000', '0.01000000']);
    await stop();
    expect(await openOrders(await start())).toHaveLength(1);
  });

  test('gives an opening balance of a market that is new, and leaves the others alone', async () => {
    await firstLife();
    running = await startExchange('--symbols', 'BTC-USDT,ETH-USDT', '--state', folder, '--wait-for-subscriber');
    const { body } = await rawClient(running.announcement).signed('GET', '/api/v3/account', {});
    const balances = body['balances'] as { asset: string; free: string; locked: string }[];
    expect(balances).toContainEqual({ asset: 'USDT', free: '9999500.00000000', locked: '500.00000000' });
    expect(balances).toContainEqual({ asset: 'ETH', free: '10000.00000000', locked: '0.00000000' });
  });

  test('is used by one exchange at a time', async () => {
    await start();
    await expect(startExchange('--state', folder)).rejects.toMatchObject({ code: 'SIM_STATE_IN_USE' });
  });
});

describe('a state directory is refused with a code and a next step', () => {
  const refused = async (code: string, ...args: string[]): Promise<void> => {
    await expect(start(...args)).rejects.toMatchObject({ code, message: expect.stringMatching(/--reset|--state/) });
  };
  const file = (): string => join(folder, 'exchange.sqlite');

  test('when the file is cut off', async () => {
    await firstLife();
    truncateSync(file(), 5_000);
    await refused('SIM_STATE_DAMAGED');
    await refused('SIM_STATE_DAMAGED');
  });

  test('when the file is empty or none of SQLite', async () => {
    writeFileSync(file(), '');
    await refused('SIM_STATE_DAMAGED');
    writeFileSync(file(), 'x'.repeat(10_000));
    await refused('SIM_STATE_DAMAGED');
    expect(await openOrders(await start('--reset'))).toEqual([]);
  });

  test('when the file is gone but its log is there', async () => {
    await start();
    copyFileSync(`${file()}-wal`, `${file()}-kept`);
    await stop();
    rmSync(file());
    copyFileSync(`${file()}-kept`, `${file()}-wal`);
    await refused('SIM_STATE_DAMAGED');
  });

  test.each([
    ['another version', 'PRAGMA user_version = 99', 'SIM_STATE_OTHER_VERSION'],
    ['another program', 'PRAGMA application_id = 1', 'SIM_STATE_DAMAGED'],
    ['a lock that no order explains', "UPDATE balance SET locked = '1' WHERE asset = 'USDT'", 'SIM_STATE_DAMAGED'],
    ['an order of nobody', 'UPDATE venue_order SET account = 7', 'SIM_STATE_DAMAGED'],
    ['a value that cannot be', "UPDATE venue_order SET status = 'MAYBE'", 'SIM_STATE_DAMAGED'],
    ['another tick', 'UPDATE market SET tick_units = 7', 'SIM_STATE_OTHER_MARKET'],
  ])('when it is of %s', async (_what, sql, code) => {
    await firstLife();
    const database = new DatabaseSync(file());
    database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
    database.close();
    await refused(code);
  });

  test('when it has open orders of a market that is not there', async () => {
    await firstLife();
    await refused('SIM_STATE_OTHER_MARKET', '--symbols', 'ETH-USDT');
  });

  test('when the key is known with another secret', async () => {
    await firstLife();
    const database = new DatabaseSync(file());
    database.exec("UPDATE account SET secret_digest = '00'");
    database.close();
    await refused('SIM_STATE_OTHER_SECRET');
  });

  test('when the path is no directory', async () => {
    writeFileSync(join(folder, 'plain'), '');
    await expect(startExchange('--state', join(folder, 'plain'))).rejects.toMatchObject({
      code: 'SIM_STATE_NOT_ACCESSIBLE',
    });
  });
});

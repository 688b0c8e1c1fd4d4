import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import type { HaltProof } from '../src/generated/api.js';
import { type RunningPlatform, startPlatform } from './running-platform.js';

const owner = { email: 'owner@scalpstorm.example', password: 'a storm in every teacup' };
const market = { account: 'demo', symbol: 'BTC-USDT' };
const patience = { timeoutMs: 60_000, everyMs: 250 };
const testMs = 240_000;

/** Less than the venue takes an order of at any price of this market. */
const dustMax = 0.0002;

// Needs no server of the spec's own; the platform brings its own, and cannot where these are missing.
describeWithServers('a flatten on the whole platform', () => {
  let platform: RunningPlatform;
  let token: string;

  beforeAll(async () => {
    platform = await startPlatform({});
    await send('POST', '/v1/setup', { ...owner, token: platform.setupToken });
    token = ((await send('POST', '/v1/auth/login', owner)) as { accessToken: string }).accessToken;
  }, testMs);
  afterAll(() => platform?.close(), testMs);

  async function send<Reply>(method: string, path: string, body?: object): Promise<Reply> {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(platform.address + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Reply;
  }

  /** The venue's own word, past the platform. */
  async function atVenue<Reply>(path: string): Promise<Reply> {
    const { rest, apiKey, secret } = platform.venue;
    const query = `timestamp=${Date.now()}`;
    const signature = createHmac('sha256', secret).update(query).digest('hex');
    const headers = { 'X-MBX-APIKEY': apiKey };
    const answer = await fetch(`${rest}${path}?${query}&signature=${signature}`, { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Reply;
  }
  const heldAtVenue = async () => {
    const { balances } = await atVenue<{ balances: { asset: string; free: string; locked: string }[] }>(
      '/api/v3/account',
    );
    const btc = balances.find(({ asset }) => asset === 'BTC');
    return Number(btc?.free ?? 0) + Number(btc?.locked ?? 0);
  };

  async function holdingBot(name: string): Promise<void> {
    const parameters = {
      quantity: '0.002',
      ...{ buyPrice: { offset: '2000', unit: 'ticks', from: 'mid' }, sellPrice: { fixed: '900000' } },
    };
    const wanted = {
      name,
      strategy: 'scalping-cycle',
      account: 'demo',
      venue: 'sim',
      symbol: 'BTC-USDT',
      mode: 'demo',
    };
    const { id } = await send<{ id: string }>('POST', '/v1/bots', { ...wanted, parameters });
    await send('POST', `/v1/bots/${id}/start`);
    await eventually(async () => {
      const bot = await send<{ held: string }>('GET', `/v1/bots/${id}`);
      expect(Number(bot.held)).toBeGreaterThan(0.001);
    }, patience);
  }

  it(
    'of two bots, a plan in its middle and a position by hand ends with nothing open: by the proof, and by the venue',
    async () => {
      const before = await heldAtVenue();
      await Promise.all([holdingBot('first'), holdingBot('second')]);
      const byHand = { ...market, side: 'buy', type: 'market', quantity: '0.003', timeInForce: 'IOC' };
      await send('POST', '/v1/orders', byHand);
      const slices = { ...market, kind: 'twap', side: 'buy', quantity: '0.01', slices: 10, intervalSeconds: 2 };
      const plan = await send<{ id: string }>('POST', '/v1/order-plans', slices);
      const bracket = { ...market, kind: 'bracket', side: 'buy', quantity: '0.004' };
      const protectedPlan = await send<{ id: string }>('POST', '/v1/order-plans', {
        ...bracket,
        entry: { type: 'market', timeInForce: 'IOC' },
        stop: { trigger: { kind: 'stop', price: '10000', source: 'last' } },
      });
      const planned = async (id: string) =>
        send<{
          status: string;
          reason: { code: string } | null;
          orders: { leg: string; state: string; filledQuantity: string }[];
        }>('GET', `/v1/order-plans/${id}`);
      await eventually(async () => {
        expect(
          (await planned(plan.id)).orders.filter(({ filledQuantity }) => Number(filledQuantity) > 0).length,
        ).toBeGreaterThan(1);
        expect((await planned(protectedPlan.id)).orders.find(({ leg }) => leg === 'stop')?.state).toBe('working');
        expect((await heldAtVenue()) - before).toBeGreaterThan(0.011);
      }, patience);

      await send('POST', '/v1/halt', { scope: 'mine', level: 'flatten', text: 'all out' });
      const proved = async () => {
        const proof = await send<HaltProof>('GET', '/v1/halt/proof?scope=mine');
        expect({ ...proof, checkedAt: '', dust: [] }).toMatchObject({
          flat: true,
          halted: true,
          orders: [],
          positions: [],
          unproven: [],
        });
        return proof;
      };
      await eventually(proved, patience);
      expect(await atVenue('/api/v3/openOrders')).toEqual([]);
      expect(Math.abs((await heldAtVenue()) - before)).toBeLessThan(dustMax);
      expect(await planned(plan.id)).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_HALTED' } });
      expect((await planned(protectedPlan.id)).status).toBe('done');

      // Once more, and nothing is closed twice.
      const at = await heldAtVenue();
      await send('POST', '/v1/halt', { scope: 'mine', level: 'flatten', text: 'all out' });
      await eventually(proved, patience);
      expect(await heldAtVenue()).toBe(at);
    },
    testMs,
  );
});

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import type { LedgerGrant, LedgerRequest, RateLedger } from '@scalpstorm/venue-api';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { anOrder, credentials, impatient, instrumentId, inTime, placed } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';

const openOrders = 'GET /api/v3/openOrders';
const rateLimits = [{ kind: 'weight' as const, limit: 6_000, interval: 60 * second }];

/** A ledger that is away until a spec says that it is there. */
class Ledger implements RateLedger {
  lends = false;

  async exchange({ wants }: LedgerRequest): Promise<LedgerGrant> {
    if (!this.lends) throw new Error('Redis is away');
    return { granted: wants, others: 0, members: 1, pausedMs: 0 };
  }

  pause(): void {}

  follow() {
    return () => undefined;
  }
}

let scripted: ScriptedVenue;
let ledger: Ledger;
let execution: BinanceExecutionVenue;

beforeEach(async () => {
  scripted = await ScriptedVenue.start();
  scripted.on(openOrders, { status: 200, body: [] });
  scripted.on('POST /api/v3/order', (params) => placed(params));
  ledger = new Ledger();
});

afterEach(async () => {
  await execution.close();
  await scripted.stop();
});

const start = async () => {
  execution = await BinanceExecutionVenue.create(impatient(scripted, [], { ledger, rateLimits }), credentials);
  // The ledger is asked behind; nothing here waits for a timer.
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

it('a question that comes again anyhow is not asked while nobody tells what others spend', async () => {
  await start();
  await expect(execution.openOrders(null, { ifSpare: true })).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
  expect(scripted.count(openOrders)).toBe(0);
  expect(await execution.openOrders(null)).toEqual([]);
});

it('and is asked when it is known', async () => {
  ledger.lends = true;
  await start();
  await expect(execution.openOrders(null, { ifSpare: true })).resolves.toEqual([]);
});

it('however often the open orders are asked for, enough is left for what closes, cancels and looks up', async () => {
  await start();
  let asked = 0;
  while (
    await execution.openOrders(null).then(
      () => true,
      () => false,
    )
  )
    asked += 1;
  expect(asked).toBeGreaterThan(0);
  const order = anOrder({ purpose: 'close' });
  for (let time = 0; time < 20; time += 1) {
    expect(await execution.place({ ...anOrder({ purpose: 'close' }) }, inTime())).toMatchObject({
      kind: 'accepted',
    });
    expect(await execution.cancel({ clientOrderId: order.clientOrderId, instrumentId })).not.toMatchObject({
      code: 'RATE_LIMITED',
    });
  }
});

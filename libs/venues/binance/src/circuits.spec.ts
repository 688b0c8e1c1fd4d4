import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { eventually } from '@scalpstorm/testkit';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { defaultCircuitLimits } from './circuit-breaker.js';
import type { VenueNotice } from './options.js';
import { anOrder, credentials, impatient, instrumentId, inTime, placed } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';

const place = 'POST /api/v3/order';
const cancel = 'DELETE /api/v3/order';
const broken = { status: 503, body: '' };
/** Nothing in these specs waits for the end of it. */
const circuit = { ...defaultCircuitLimits, pause: { first: 600 * second, most: 600 * second } };

describe('a venue that fails', () => {
  let scripted: ScriptedVenue;
  let execution: BinanceExecutionVenue;
  let other: BinanceExecutionVenue;
  let notices: VenueNotice[];

  beforeEach(async () => {
    notices = [];
    scripted = await ScriptedVenue.start();
    execution = await BinanceExecutionVenue.create(impatient(scripted, notices, { circuit }), credentials);
    other = await BinanceExecutionVenue.create(impatient(scripted, []), { apiKey: 'other', secret: 'other' });
    scripted.on(place, broken);
    scripted.on(cancel, broken);
    for (let time = 0; time < 5; time += 1) await execution.place(anOrder(), inTime());
  });

  afterEach(async () => {
    await execution.close();
    await other.close();
    await scripted.stop();
  });

  it('is sent no order that opens, and every account there hears why', async () => {
    for (const account of [execution, other]) {
      const outcome = await account.place(anOrder(), inTime());
      expect(outcome).toMatchObject({ kind: 'rejected', code: 'VENUE_CIRCUIT_OPEN', retryable: true });
      expect(account.circuit).toBe('open');
    }
    expect(scripted.count(place)).toBe(5);
    expect(notices.filter(({ code }) => code === 'CIRCUIT_CHANGED')).toHaveLength(1);
  });

  it('is not asked what can wait', async () => {
    await expect(execution.balances()).rejects.toMatchObject({ code: 'VENUE_CIRCUIT_OPEN' });
    expect(scripted.count('GET /api/v3/account')).toBe(0);
  });

  it('is still sent what closes, cancels and looks up', async () => {
    expect(await execution.place(anOrder({ purpose: 'close' }), inTime())).toMatchObject({ kind: 'unknown' });
    const { clientOrderId } = anOrder();
    expect(await execution.cancel({ clientOrderId, instrumentId })).toMatchObject({ kind: 'unknown' });
    await expect(execution.lookup(clientOrderId, instrumentId)).rejects.toThrow();
    expect([scripted.count(place), scripted.count(cancel), scripted.count('GET /api/v3/order')]).toEqual([6, 1, 1]);
  });

  it('is trusted again when it answers what is asked anyhow', async () => {
    scripted.on(place, (params) => placed(params));
    await execution.serverTime();
    expect(execution.circuit).toBe('half-open');
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'accepted' });
    expect([execution.circuit, other.circuit]).toEqual(['closed', 'closed']);
    expect(await other.place(anOrder(), inTime())).toMatchObject({ kind: 'accepted' });
  });
});

describe('a venue that fails, and that one account may not even try', () => {
  let scripted: ScriptedVenue;
  let execution: BinanceExecutionVenue;
  let other: BinanceExecutionVenue;

  beforeEach(async () => {
    scripted = await ScriptedVenue.start();
    const soon = { ...defaultCircuitLimits, pause: { first: 1, most: 1 } };
    // Five opening orders, and no sixth for ten minutes.
    const rateLimits = [{ kind: 'orders' as const, limit: 8, interval: 600 * second }];
    const options = impatient(scripted, [], { circuit: soon, rateLimits });
    execution = await BinanceExecutionVenue.create(options, credentials);
    other = await BinanceExecutionVenue.create(impatient(scripted, []), { apiKey: 'other', secret: 'other' });
  });

  afterEach(async () => {
    await execution.close();
    await other.close();
    await scripted.stop();
  });

  it('is sent nothing that is held back, and that is asked when the budget is there, not before', async () => {
    scripted.on(place, (params) => placed(params));
    const asked: boolean[] = [];
    const say = (answer: boolean) => () => {
      asked.push(answer);
      return answer;
    };
    const held = await execution.place(anOrder(), { ...inTime(), mayLeave: say(false) });
    expect(held).toMatchObject({ kind: 'rejected', code: 'HELD_BACK' });
    expect(scripted.count(place)).toBe(0);
    await eventually(async () =>
      expect(await execution.place(anOrder(), { ...inTime(), mayLeave: say(true) })).toMatchObject({
        code: 'RATE_LIMITED',
      }),
    );
    expect(asked.filter(Boolean)).toHaveLength(scripted.count(place));
  });

  it('may be tried by the next one', async () => {
    scripted.on(place, broken);
    for (let time = 0; time < 5; time += 1) await execution.place(anOrder(), inTime());
    scripted.on(place, (params) => placed(params));
    await eventually(async () =>
      expect(await execution.place(anOrder(), inTime())).toMatchObject({ code: 'RATE_LIMITED' }),
    );
    expect(await other.place(anOrder(), inTime())).toMatchObject({ kind: 'accepted' });
  });
});

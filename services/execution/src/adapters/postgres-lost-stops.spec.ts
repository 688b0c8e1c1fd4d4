import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { activityLogged } from '@scalpstorm/contracts';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { AccountId, type Activity, InstrumentId, PlanId, Quantity, UserId } from '@scalpstorm/model';
import { Outbox, type PostgresStore } from '@scalpstorm/store';
import { describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { LostStops } from '../ports/lost-stops.js';
import { PostgresLostStops } from './postgres-lost-stops.js';

const accountId = AccountId.of('demo');
const userId = UserId.of('usr_1');
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const ofHand = { accountId, instrumentId, botId: null, planId: null, side: 'sell' } as const;
const lost: LostStops = { ...ofHand, userId, quantity: Quantity.of('0.5'), why: 'canceled', told: false };
const told: Activity = { level: 'ERROR', code: 'POSITION_UNPROTECTED', text: 'bare', userId, botId: null, data: {} };

describeWithServers('stops that were lost, in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let stops: PostgresLostStops;

  beforeEach(async () => {
    const clock = new FakeClock();
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    const writer = scratch.ledger(store);
    await writer.open(accountId);
    stops = new PostgresLostStops({ store, outbox: new Outbox(store), clock, writer });
  });

  afterEach(() => scratch.remove());

  it('are replaced, told and forgotten, each in one transaction', async () => {
    await stops.keep(lost, null);
    const ofPlan = { ...lost, planId: PlanId.of('plan_abcdefghijkl') };
    await stops.keep(ofPlan, null);
    await stops.keep({ ...lost, told: true }, told);
    expect(await stops.load(accountId)).toEqual(expect.arrayContaining([{ ...lost, told: true }, ofPlan]));
    const [message] = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox`;
    expect(activityLogged.decode(message?.payload ?? new Uint8Array()).activity).toEqual(told);
    await stops.keep({ ...lost, quantity: Quantity.zero }, null);
    expect(await stops.load(accountId)).toEqual([ofPlan]);
    expect(await stops.load(AccountId.of('other'))).toEqual([]);
  });

  it('are not written by one whose account another one took', async () => {
    await store.sql`update leases set token = token + 1 where account_id = ${accountId}`;
    await expect(stops.keep(lost, told)).rejects.toThrow(BrokenInvariant);
    expect(await store.sql`select 1 from lost_stops union all select 1 from outbox`).toEqual([]);
  });
});

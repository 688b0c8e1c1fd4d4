import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { activityLogged } from '@scalpstorm/contracts';
import { BrokenInvariant, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type Activity,
  ClientOrderId,
  InstrumentId,
  PlanId,
  Price,
  Quantity,
  UserId,
} from '@scalpstorm/model';
import { Outbox, type PostgresStore } from '@scalpstorm/store';
import { anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import type { LostStops } from '../ports/lost-stops.js';
import type { PostgresLedger } from './postgres-ledger.js';
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
  let writer: PostgresLedger;

  beforeEach(async () => {
    const clock = new FakeClock();
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    writer = scratch.ledger(store);
    await writer.open(accountId);
    stops = new PostgresLostStops({ store, outbox: new Outbox(store), clock, writer });
  });

  afterEach(() => scratch.remove());

  it('are replaced, told and forgotten, each in one transaction', async () => {
    await stops.keep(lost, null, []);
    const ofPlan = { ...lost, planId: PlanId.of('plan_abcdefghijkl') };
    await stops.keep(ofPlan, null, []);
    await stops.keep({ ...lost, told: true }, told, []);
    expect(await stops.load(accountId)).toEqual(expect.arrayContaining([{ ...lost, told: true }, ofPlan]));
    const [message] = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox`;
    expect(activityLogged.decode(message?.payload ?? new Uint8Array()).activity).toEqual(told);
    await stops.keep({ ...lost, quantity: Quantity.zero }, null, []);
    expect(await stops.load(accountId)).toEqual([ofPlan]);
    expect(await stops.load(AccountId.of('other'))).toEqual([]);
  });

  it('are found in the books until they are counted, and then no more', async () => {
    const trigger = { kind: 'stop', price: Price.of('90'), source: 'last' } as const;
    const stop = anOrderRequest({ side: 'sell', type: 'market', price: null, purpose: 'close', trigger });
    const reason = { code: 'NO', text: 'no' };
    const wanted = { ...stop, clientOrderId: ClientOrderId.of('wanted') };
    const plain = anOrderRequest({ side: 'sell', purpose: 'close', clientOrderId: ClientOrderId.of('plain') });
    const madeRoom = { ...stop, botId: null, clientOrderId: ClientOrderId.of('madeRoom') };
    for (const request of [stop, wanted, madeRoom, plain]) {
      const sending = { kind: 'sending', attempt: 1, expiresAt: Timestamp.fromMicros(9) } as const;
      const occurredAt = Timestamp.fromMicros(1);
      const { clientOrderId } = request;
      await writer.admit(request, { clientOrderId, events: [sending], occurredAt, causedBy: null });
      if (request === wanted || request === madeRoom) {
        const wish = {
          accountId,
          clientOrderId,
          cancelReason: request === wanted ? 'manual' : 'flatten',
          requestedAt: occurredAt,
          causedBy: null,
        } as const;
        await writer.requestCancel(wish);
      }
      await writer.record({ clientOrderId, events: [{ kind: 'rejected', reason }], occurredAt, causedBy: null });
    }
    const found = await stops.uncounted(accountId);
    expect(found.map(({ request, status }) => [request, status])).toEqual([
      [stop, 'rejected'],
      [madeRoom, 'rejected'],
    ]);
    await stops.keep({ ...lost, quantity: Quantity.zero }, null, [stop.clientOrderId, madeRoom.clientOrderId]);
    expect(await stops.uncounted(accountId)).toEqual([]);
  });

  it('are not written by one whose account another one took', async () => {
    await store.sql`update leases set token = token + 1 where account_id = ${accountId}`;
    await expect(stops.keep(lost, told, [ClientOrderId.of('stop')])).rejects.toThrow(BrokenInvariant);
    expect(
      await store.sql`select 1 from lost_stops union all select 1 from outbox union all select 1 from counted_stops`,
    ).toEqual([]);
  });
});

import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { activityLogged } from '@scalpstorm/contracts';
import { AccountId, BotId, Money, RiskScope, UserId, VenueId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, Outbox, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { anOrderRequest, describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import { settingsOf } from '../../test/gate-scene.js';
import { PostgresLimits } from './postgres-limits.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const clock = new FakeClock();
const { limits: settings } = settingsOf({});
const order = anOrderRequest();
const botId = order.botId ?? BotId.of('bot_00000001');
const bot = RiskScope.bot(botId);
const money = (amount: string) => Money.of(amount, 'USDT');
const change = (scope: RiskScope, notional: string, expectedVersion: number) => ({
  scope,
  limits: { orderNotionalMax: money(notional) },
  expectedVersion,
  by: UserId.of('usr_risk'),
  text: 'small steps',
  ownerId: scope.kind === 'bot' ? order.userId : null,
});

describeWithServers('limits in Postgres', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  let store: Store;
  beforeEach(async () => {
    const log = new RecordingLog();
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
  });
  afterEach(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });
  const lease = { prove: async () => undefined };
  const limitsOn = (on = store) => new PostgresLimits(settings, { store: on, outbox: new Outbox(on), clock, lease });

  it('are the settings until somebody tightens them, then the tightest, and are there again for the next process', async () => {
    const limits = limitsOn();
    await limits.load();
    expect(limits.of(order)).toEqual({ limits: settings, sources: new Map() });
    await limits.set(change(RiskScope.venue(VenueId.of('sim')), '300', 0));
    await limits.set(change(bot, '200', 0));
    await limits.set(change(RiskScope.account(AccountId.of('another')), '1', 0));
    const again = limitsOn();
    await again.load();
    for (const known of [limits, again]) {
      expect(known.of(order).limits.orderNotionalMax).toEqual(money('200'));
      expect(known.of(order).sources.get('orderNotionalMax')).toEqual(bot);
      const byHand = known.of({ ...order, botId: null });
      expect(byHand.limits.orderNotionalMax).toEqual(money('300'));
    }
  });

  it('that were written, though nobody heard of it, bind at once, and the next change is made to them', async () => {
    let cut = true;
    const transaction: Store['transaction'] = async (work) => {
      const done = await store.transaction(work);
      if (cut) throw new Error('the connection was lost');
      return done;
    };
    const limits = limitsOn(Object.assign(Object.create(store), { transaction }));
    await expect(limits.set(change(bot, '200', 0))).rejects.toThrow('the connection was lost');
    expect(limits.of(order).limits.orderNotionalMax).toEqual(money('200'));
    cut = false;
    expect(await limits.set(change(bot, '100', 0))).toBeNull();
    expect(await limits.set(change(bot, '100', 1))).toMatchObject({ version: 2 });
  });

  it('of another version than was read are not changed, and of two changes at once one is', async () => {
    const limits = limitsOn();
    expect(await limits.set(change(bot, '200', 1))).toBeNull();
    const both = await Promise.all([limits.set(change(bot, '200', 0)), limits.set(change(bot, '100', 0))]);
    expect(both).toEqual([expect.objectContaining({ version: 1 }), null]);
    expect(limits.own(bot)).toMatchObject({ version: 1, limits: { orderNotionalMax: money('200') } });
  });

  it('are not taken for set before they are written', async () => {
    const away = Object.assign(Object.create(store) as Store, {
      transaction: () => Promise.reject(new Error('Postgres is away')),
    });
    const limits = limitsOn(away);
    await expect(limits.set(change(bot, '200', 0))).rejects.toThrow('Postgres is away');
    expect(limits.own(bot).version).toBe(0);
    Object.assign(away, { transaction: store.transaction.bind(store) });
    expect(await limits.set(change(bot, '200', 0))).toMatchObject({ version: 1 });
  });

  it('leave a row with before and after of every change, and a line of the log for whom it concerns', async () => {
    const limits = limitsOn();
    await limits.set(change(bot, '200', 0));
    await limits.set({ ...change(bot, '200', 1), limits: {} });
    const rows = await store.sql`
      select scope, version, before_limits, after_limits, text, changed_by from limit_changes order by number`;
    const told = { scope: `bot:${botId}`, text: 'small steps', changed_by: 'usr_risk' };
    const set = { RISK_ORDER_NOTIONAL_MAX: '200' };
    expect(rows).toEqual([
      { ...told, version: 1, before_limits: {}, after_limits: set },
      { ...told, version: 2, before_limits: set, after_limits: {} },
    ]);
    const [row] = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox order by seq`;
    const { activity } = activityLogged.decode(row?.payload ?? new Uint8Array());
    expect(activity).toMatchObject({
      code: 'LIMITS_CHANGED',
      userId: order.userId,
      botId,
      data: { after: set, version: 1 },
    });
  });
});

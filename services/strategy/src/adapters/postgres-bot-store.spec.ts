import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { requestHeader } from '@scalpstorm/bus';
import { activityLogged, cycleCompleted } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Bot, BotId, type Cycle, Money, Price, type Priced, Quantity } from '@scalpstorm/model';
import { Metrics, SystemClock, withLogContext } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import {
  CommitUnknown,
  Lease,
  LeaseLost,
  migrate,
  Outbox,
  PostgresStore,
  type Store,
  schemaName,
} from '@scalpstorm/store';
import { aBot, aCycle, anActivity, anInstrument, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { valued } from '../domain/third-currency-fees.js';
import { noFacts } from '../handlers/write-behind.js';
import type { BotChange } from '../ports/bot-store.js';
import { type CycleRow, cycleFromRow } from './cycle-rows.js';
import { PostgresBotStore } from './postgres-bot-store.js';
import { PostgresUnvaluedCycles } from './postgres-unvalued-cycles.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const neighbour = aBot({ id: BotId.of('bot_00000002'), config: { ...aBot().config, name: 'neighbour' } });

const onlyOf = (wanted: string, priced: Priced) => (currency: string) => (currency === wanted ? priced : null);

function changeOf(bot: Bot, changes: Partial<BotChange> = {}): BotChange {
  const stored = { bot, state: { strategy: {} }, instrument: anInstrument() };
  return { ...noFacts, stored, visible: true, deleted: false, ...changes };
}

describeWithServers('the record of the bots in Postgres', ({ postgresUrl }) => {
  let store: PostgresStore;
  let lease: Lease;
  let lost: Error[];
  let bots: PostgresBotStore;
  const log = new RecordingLog();

  const openBots = (over: Pick<Store, 'transaction' | 'sql' | 'afterCommit'> = store) =>
    new PostgresBotStore({ store: over as Store, lease, outbox: new Outbox(store), clock: new SystemClock(), log });

  beforeEach(async () => {
    const schema = schemaName(uniqueNamespace(), 'strategy');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 3, log, metrics: new Metrics('strategy') });
    lost = [];
    lease = new Lease(store, { onLost: (cause) => lost.push(cause) });
    await lease.take();
    bots = openBots();
  });

  afterEach(async () => {
    await lease.release();
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
    await store.close();
  });

  const outbox = async () =>
    (await store.sql`select message_id from outbox order by seq`).map((row) => row['message_id']);

  it('gives back exactly what was stored', async () => {
    const change = changeOf(aBot());
    await bots.commit(change);
    expect(await bots.loadAll()).toEqual([change.stored]);
    expect(await bots.find(aBot().id)).toEqual({ stored: change.stored, deleted: false });
    expect(await bots.find(neighbour.id)).toBeNull();
  });

  it('of many changes at once the last one stands', async () => {
    const versions = Array.from({ length: 600 }, (_, index) => index + 1);
    await Promise.all(versions.map((version) => bots.commit(changeOf(aBot({ version })))));
    expect((await bots.loadAll()).map(({ bot }) => bot.version)).toEqual([600]);
    expect(await outbox()).toHaveLength(600);
  });

  it('tells of each change under the request that led to it', async () => {
    const commit = (bot: Bot, requestId: string) => withLogContext({ requestId }, () => bots.commit(changeOf(bot)));
    await Promise.all([commit(aBot(), 'r-1'), commit(neighbour, 'r-2')]);
    const rows = await store.sql`select headers from outbox order by seq`;
    expect(rows.map((row) => row['headers'][requestHeader])).toEqual(['r-1', 'r-2']);
  });

  it('tells a user of a bot that can not be written', async () => {
    const activity = anActivity();
    await bots.tell(activity);
    const rows = await store.sql<{ payload: Uint8Array }[]>`select payload from outbox`;
    expect(rows.map(({ payload }) => activityLogged.decode(payload).activity)).toEqual([activity]);
    expect(await bots.loadAll()).toEqual([]);
  });

  it('writes what trading changed, and the parameters when they were changed', async () => {
    const bot = aBot();
    const config = { ...bot.config, name: 'renamed', parameters: { quantity: '7' } };
    const stages = [
      changeOf(bot),
      {
        ...changeOf(bot),
        stored: { ...changeOf(bot).stored, bot: { ...bot, version: 2 }, state: { strategy: { a: 1 } } },
      },
      changeOf({ ...bot, version: 3, config }),
      changeOf({
        ...bot,
        version: 4,
        config,
        totals: { ...bot.totals, fills: 3, pnl: Money.of('0.1000000001', 'USDT') },
      }),
    ];
    for (const change of stages) {
      await bots.commit(change);
      expect(await bots.loadAll()).toEqual([change.stored]);
    }
  });

  it('whoever lost the lease writes nothing, tells nothing and learns it', async () => {
    await bots.commit(changeOf(aBot()));
    await bots.commit(changeOf(neighbour));
    const told = await outbox();
    await store.sql`update lease set token = token + 1, holder = 'successor', expires_at = now() + interval '4 seconds'`;
    const [before] = await store.sql`select state, version from bots where id = ${aBot().id}`;
    const moved = { ...changeOf(aBot({ version: 9 })).stored, state: { strategy: { late: true } } };
    const late = changeOf(aBot({ version: 9 }), { stored: moved, cycles: [aCycle()], activities: [anActivity()] });
    for (const store of [bots, openBots()]) {
      await expect(store.commit(late)).rejects.toBeInstanceOf(LeaseLost);
      await expect(store.commitCommand('c1', late)).rejects.toBeInstanceOf(LeaseLost);
      await expect(store.tell(anActivity())).rejects.toBeInstanceOf(LeaseLost);
    }
    expect(await store.sql`select state, version from bots where id = ${aBot().id}`).toEqual([before]);
    expect(await store.sql`select 1 from cycles`).toHaveLength(0);
    expect(await bots.commandTarget('c1')).toBeNull();
    expect([await outbox(), lost.length]).toEqual([told, 1]);
  });

  it('a deleted bot does not come back, whatever is written later', async () => {
    await bots.commitCommand('c1', changeOf(aBot(), { deleted: true }));
    await bots.commit(changeOf(aBot({ version: 2 })));
    expect(await bots.loadAll()).toEqual([]);
    expect(await bots.find(aBot().id)).toMatchObject({ deleted: true });
    const { userId, config } = aBot();
    expect(await bots.standing({ userId, name: config.name, besides: [] })).toEqual({ nameTaken: false, bots: 0 });
  });

  it('answers commands that come at once each its own', async () => {
    const one = changeOf(aBot());
    await bots.commitCommand('c1', one);
    const { id, userId, config } = aBot();
    expect(await Promise.all(['c2', 'c1', 'c1'].map((command) => bots.commandTarget(command)))).toEqual([
      null,
      { userId, botId: id },
      { userId, botId: id },
    ]);
    const wishes = [
      { userId, name: config.name, besides: [] },
      { userId, name: 'another', besides: [neighbour.id] },
      { userId, name: config.name, besides: [neighbour.id, id] },
      { userId: 'nobody', name: config.name, besides: [] },
    ];
    expect(await Promise.all(wishes.map((wish) => bots.standing(wish)))).toEqual([
      { nameTaken: true, bots: 1 },
      { nameTaken: false, bots: 1 },
      { nameTaken: false, bots: 0 },
      { nameTaken: false, bots: 0 },
    ]);
  });

  it('what is written again, because nobody knew whether it was, is told once', async () => {
    let lost = 1;
    const transaction: Store['transaction'] = async (work) => {
      const result = await store.transaction(work);
      lost -= 1;
      if (lost === 0) throw new CommitUnknown('lost while committing');
      return result;
    };
    const uncertain = openBots({
      transaction,
      sql: store.sql,
      afterCommit: (tx, callback) => store.afterCommit(tx, callback),
    });
    const change = changeOf(aBot(), { cycles: [aCycle()], activities: [anActivity()] });
    await expect(uncertain.commit(change)).rejects.toThrow('lost while committing');
    await uncertain.commit(change);
    const ids = await outbox();
    expect([ids.length, new Set(ids).size]).toEqual([6, 3]);
    expect(await store.sql`select number from cycles`).toHaveLength(1);
  });

  it.each([
    ['the database refuses', changeOf(aBot({ reason: { code: 'VENUE', text: 'a text with \0 in it' } }))],
    ['is no JSON', changeOf(aBot(), { stored: { bot: aBot(), state: { count: 1n as never }, instrument: null } })],
  ])('a bot that %s takes no other down with it', async (_, unwritable) => {
    const [refused, written] = await Promise.allSettled([bots.commit(unwritable), bots.commit(changeOf(neighbour))]);
    expect([refused.status, written.status]).toEqual(['rejected', 'fulfilled']);
    expect((await bots.loadAll()).map(({ bot }) => bot.id)).toEqual([neighbour.id]);
    expect(await outbox()).toHaveLength(1);
  });

  it('stores a pair with both legs and every fee as it was charged', async () => {
    const fees = [Money.of('0.00001', 'BTC'), Money.of('0.001', 'BNB')];
    const otherFees = [{ fee: Money.of('0.001', 'BNB'), value: null, priced: null }];
    const cycle = aCycle({ sellQuantity: Quantity.of('0.00999'), feesPaid: fees, otherFees, exit: 'stop-loss' });
    await bots.commit(changeOf(aBot(), { cycles: [cycle] }));
    const [row] =
      await store.sql`select buy_quantity::text, sell_quantity::text, fees_paid, other_fees, exit from cycles`;
    expect(row).toEqual({
      buy_quantity: '0.01',
      sell_quantity: '0.00999',
      fees_paid: [
        { amount: '0.00001', currency: 'BTC' },
        { amount: '0.001', currency: 'BNB' },
      ],
      other_fees: [{ amount: '0.001', currency: 'BNB', value: null }],
      exit: 'stop-loss',
    });
  });

  it('gives back pairs with a fee that nobody could value, until they are amended, which says so', async () => {
    const priced = { price: Price.of('600.5'), at: Timestamp.fromMicros(1_700_000_000_000_001) };
    const [known, unknown] = [Money.of('0.001', 'BNB'), Money.of('5', 'XYZ')];
    const waiting = [1, 2, 3].map((number) => {
      const fee = { fee: known, value: null, priced: null };
      return aCycle({ number, feesPaid: [known], otherFees: [fee, { ...fee, fee: unknown }], exit: 'trailing' });
    });
    await bots.commit(changeOf(aBot(), { cycles: [aCycle(), ...waiting] }));
    const unvalued = new PostgresUnvaluedCycles(store);
    const [first, ...others] = await unvalued.page(null, 2);
    expect([first, ...others]).toEqual(waiting.slice(0, 2));
    expect(await unvalued.page({ botId: aBot().id, number: 2 }, 2)).toEqual(waiting.slice(2));
    const amended = valued(valued(waiting[0] as Cycle, onlyOf('BNB', priced)), onlyOf('XYZ', priced));
    await bots.commit(changeOf(aBot({ version: 2 }), { amended: [amended] }));
    expect(await unvalued.page(null, 9)).toEqual(waiting.slice(1));
    const [row] = await store.sql<CycleRow[]>`select * from cycles where number = 1`;
    expect(row && cycleFromRow(row)).toEqual(amended);
    const payloads = await store.sql<{ payload: Uint8Array }[]>`
      select payload from outbox where subject like 'bot.cycle-completed.%' order by seq`;
    const events = payloads.map(({ payload }) => cycleCompleted.decode(payload));
    expect(events.map(({ amends }) => amends)).toEqual([false, false, false, false, true]);
    expect(events.at(-1)).toMatchObject({ cycle: amended, accountId: aBot().config.accountId });
    await bots.commit(changeOf(aBot({ version: 3 }), { deleted: true }));
    expect(await unvalued.page(null, 9)).toEqual([]);
  });

  it('a row that is no bot keeps no other from being loaded', async () => {
    await bots.commit(changeOf(aBot()));
    await bots.commit(changeOf(neighbour));
    await store.sql`update bots set held = 'NaN' where id = ${aBot().id}`;
    await store.sql`update bots set instrument = '{"tickSize":"much"}' where id = ${neighbour.id}`;
    expect((await bots.loadAll()).map(({ bot, instrument }) => [bot.id, instrument])).toEqual([[neighbour.id, null]]);
    expect([...bots.unreadable]).toEqual([aBot().id]);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ fields }) => fields['botId'])).toEqual([aBot().id]);
  });

  it('a command is known with its bot as soon as it is carried out', async () => {
    expect(await bots.commandTarget('c1')).toBeNull();
    await bots.commitCommand('c1', changeOf(aBot()));
    expect(await bots.commandTarget('c1')).toEqual({ userId: aBot().userId, botId: aBot().id });
  });
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, type Cycle, InstrumentId, Money, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { aCycle, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresCycleResults } from './postgres-cycle-results.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const ann = UserId.of('usr_ann');
const [first, second] = [BotId.of('bot_00000001'), BotId.of('bot_00000002')];
const at = (seconds: number) => Timestamp.fromMicros(1_700_000_000_000_000 + seconds * 1_000_000);
const cycle = (botId: BotId, number: number, net: string, changes: Partial<Cycle> = {}) =>
  aCycle({ botId, number, net: Money.of(net, 'USDT'), mode: 'live', completedAt: at(number), ...changes });

describeWithServers('results of cycles in Postgres', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  let store: Store;
  let results: PostgresCycleResults;
  beforeAll(async () => {
    const log = new RecordingLog();
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
    results = new PostgresCycleResults(store);
    await results.note(ann, cycle(first, 2, '-1.5', { exit: 'stop-loss' }));
    await results.note(ann, cycle(first, 1, '-9'));
    await results.note(ann, cycle(first, 1, '0.000000000000000001'));
    await results.note(ann, cycle(second, 3, '-4'));
    await results.note(ann, cycle(second, 4, '-100', { mode: 'demo' }));
    await results.note(UserId.of('usr_bob'), cycle(BotId.of('bot_00000003'), 3, '-7'));
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });
  const nets = (found: Awaited<ReturnType<PostgresCycleResults['ofBot']>>) => found.map(({ net }) => Money.format(net));
  const all = { since: at(0), until: at(9) };

  it('are those of a bot, the oldest first, the newest word of each, to the last decimal', async () => {
    expect(nets(await results.ofBot(first, all))).toEqual(['0.000000000000000001', '-1.5']);
    expect((await results.ofBot(first, all))[1]).toMatchObject({ exit: 'stop-loss', completedAt: at(2) });
    expect(nets(await results.ofBot(first, { since: at(2), until: at(2) }))).toEqual(['-1.5']);
  });

  it('of a user are those of one mode', async () => {
    expect(nets(await results.within({ mode: 'live', userId: ann }, all))).toEqual([
      '0.000000000000000001',
      '-1.5',
      '-4',
    ]);
    expect(nets(await results.within({ mode: 'demo', userId: ann }, all))).toEqual(['-100']);
  });

  it('of an account, of everybody and of an instrument are those of one mode, to which all of it applies', async () => {
    const [mine, other] = [AccountId.of('mine'), AccountId.of('other')];
    const eth = InstrumentId.of('sim', 'ETH-USDT');
    const later = { since: at(10), until: at(20) };
    await results.note(ann, cycle(first, 10, '-1'), mine);
    await results.note(ann, cycle(first, 11, '-2', { instrumentId: eth }), other);
    await results.note(UserId.of('usr_bob'), cycle(second, 12, '-3'), mine);
    await results.note(ann, cycle(first, 13, '-4', { mode: 'demo' }), mine);
    expect(nets(await results.within({ mode: 'live', accountId: mine }, later))).toEqual(['-1', '-3']);
    expect(nets(await results.within({ mode: 'live' }, later))).toEqual(['-1', '-2', '-3']);
    expect(nets(await results.within({ mode: 'live', userId: ann, instrumentId: eth }, later))).toEqual(['-2']);
    expect(nets(await results.within({ mode: 'demo' }, later))).toEqual(['-4']);
  });

  it('of a circle are summed however many they are, by currency, and the cycle that is asked about is the last', async () => {
    const today = { since: at(100_000), until: at(200_000) };
    await store.sql`insert into cycle_results
        (bot_id, number, user_id, account_id, mode, net, currency, exit, completed_at_us)
      select 'bot_many', number, ${ann}, 'wide', 'live', -0.000000000000000001, 'USDT', 'target', ${today.since}::bigint + number
      from generate_series(1, 10050) as number`;
    const last = cycle(second, 100_001, '-3');
    await results.note(ann, last, AccountId.of('wide'));
    await results.note(ann, cycle(second, 100_002, '-7', { net: Money.of('-7', 'EUR') }), AccountId.of('wide'));
    const found = await results.summedWith(last, { mode: 'live', accountId: AccountId.of('wide') }, today);
    expect(nets(found).slice(0, -1).toSorted()).toEqual(['-0.00000000000001005', '-7']);
    expect(found.at(-1)).toEqual({ net: last.net, exit: last.exit, completedAt: last.completedAt });
    await store.sql`delete from cycle_results where completed_at_us >= ${today.since}`;
  });

  it('are forgotten when nobody looks so far back any more', async () => {
    expect(await results.prune(at(2))).toBe(1);
    expect(nets(await results.ofBot(first, all))).toEqual(['-1.5']);
  });
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, InstrumentId, RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Lease, LeaseLost, migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { MemoryTradingHalts } from '../../test/memory-trading-halts.js';
import type { TradingWord } from '../domain/trading-word.js';
import type { TradingHalts } from '../ports/trading-halts.js';
import { PostgresTradingHalts } from './postgres-trading-halts.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const scope = RiskScope.account(AccountId.of('demo'));

const wordOf = (seconds: number, changes: Partial<TradingWord> = {}): TradingWord => ({
  ...{ scope, state: 'halted', text: 'drill', level: 'flatten', isObeyed: false },
  since: Timestamp.fromMicros(1_700_000_000_000_001 + seconds * 1_000_000),
  ...changes,
});

describeWithServers('the words that strategy keeps', ({ postgresUrl }) => {
  const log = new RecordingLog();
  let store: PostgresStore;
  let lease: Lease;

  beforeAll(async () => {
    const schema = schemaName(uniqueNamespace(), 'strategy');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 3, log, metrics: new Metrics('strategy') });
    lease = new Lease(store, { onLost: () => undefined });
    await lease.take();
  });

  beforeEach(() => store.sql`delete from trading_halts`);

  afterAll(async () => {
    await lease.release();
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
    await store.close();
  });

  const kinds: readonly (readonly [string, () => TradingHalts])[] = [
    ['in Postgres', () => new PostgresTradingHalts(store, lease)],
    ['in the memory of specs', () => new MemoryTradingHalts()],
  ];

  it.each(kinds)('%s are one a scope: the newest, obeyed for good', async (_name, open) => {
    const halts = open();
    expect(await halts.load()).toEqual([]);
    await halts.keep(wordOf(2));
    await halts.keep(wordOf(1, { state: 'active', isObeyed: true }));
    expect(await halts.load()).toEqual([wordOf(2)]);
    await halts.keep(wordOf(2, { isObeyed: true }));
    await halts.keep(wordOf(2));
    expect(await halts.load()).toEqual([wordOf(2, { isObeyed: true })]);
    await halts.keep(wordOf(3, { level: 'cancel', text: 'again' }));
    expect(await halts.load()).toEqual([wordOf(3, { level: 'cancel', text: 'again' })]);
    const others = [RiskScope.platform, RiskScope.instrument(InstrumentId.of('sim', 'BTC-USDT'))];
    for (const other of others) await halts.keep(wordOf(1, { scope: other, state: 'reducing', level: 'halt' }));
    expect((await halts.load()).map((word) => word.scope)).toEqual(expect.arrayContaining([scope, ...others]));
  });

  it('are not written by whoever has lost the lease', async () => {
    const another = new Lease(store, { onLost: () => undefined });
    await expect(new PostgresTradingHalts(store, another).keep(wordOf(1))).rejects.toThrow(LeaseLost);
    expect(await store.sql`select 1 from trading_halts`).toHaveLength(0);
  });
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, Currency, RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresEquityPeaks } from './postgres-equity-peaks.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const scope = RiskScope.account(AccountId.of('demo'));

describeWithServers('peaks of the equity in Postgres', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  let store: Store;
  beforeAll(async () => {
    const log = new RecordingLog();
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  it('are there again for the next gate, to the last decimal, and are not written without the lease', async () => {
    let held = true;
    const prove = async () => {
      if (!held) throw new Error('the lease was lost');
    };
    const peaks = new PostgresEquityPeaks(Currency.of('USDT'), store, { prove });
    const values = new Map([
      ['USDT', 10_000n * 10n ** 18n + 1n],
      ['BTC', 0n],
    ]);
    const count = { equity: 10_000n * 10n ** 18n + 1n, peak: 12_345n * 10n ** 18n + 7n, values };
    const kept = { scope, count, countedAt: Timestamp.fromMicros(1_700_000_000_000_000) };
    await peaks.keep({ ...kept, count: { ...count, peak: 1n } });
    await peaks.keep(kept);
    held = false;
    await expect(peaks.keep({ ...kept, count: { ...count, peak: 2n } })).rejects.toThrow('the lease was lost');
    expect(await new PostgresEquityPeaks(Currency.of('USDT'), store, { prove }).load()).toEqual([kept]);
  });
});

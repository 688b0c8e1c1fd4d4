import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Money, Quantity } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { anInstrument, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresInstrumentStore } from './postgres-instrument-store.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

describeWithServers('the instruments in Postgres', ({ postgresUrl }) => {
  let store: PostgresStore;
  let instruments: PostgresInstrumentStore;
  const log = new RecordingLog();

  beforeEach(async () => {
    const schema = schemaName(uniqueNamespace(), 'market');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({
      url: postgresUrl,
      schema,
      connectionsMax: 2,
      log,
      metrics: new Metrics('market-data'),
    });
    instruments = new PostgresInstrumentStore(store);
  });

  afterEach(async () => {
    await store.sql.unsafe(`drop schema ${store.schema} cascade`);
    await store.close();
  });

  const narrow = anInstrument({
    marketQuantityMax: Quantity.of('120.5'),
    marketStepSize: Quantity.of('0.001'),
    marketQuantityMin: Quantity.of('0.01'),
    marketNotionalMax: Money.of('9000000', 'USDT'),
  });

  it('come back as they were stored, the newest listing', async () => {
    await instruments.save([anInstrument()]);
    await instruments.save([narrow]);
    expect(await instruments.all()).toEqual([narrow]);
  });

  it('from before orders at the market had rules of their own have the same for all', async () => {
    await instruments.save([narrow]);
    await store.sql`update instruments
      set market_quantity_max = null, market_step_size = null, market_quantity_min = null, market_notional_max = null`;
    const { quantityMax: marketQuantityMax, stepSize: marketStepSize, quantityMin: marketQuantityMin } = narrow;
    const same = { marketQuantityMax, marketStepSize, marketQuantityMin, marketNotionalMax: null };
    expect(await instruments.all()).toEqual([{ ...narrow, ...same }]);
  });
});

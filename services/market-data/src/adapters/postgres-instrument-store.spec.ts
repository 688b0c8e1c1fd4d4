import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Quantity } from '@scalpstorm/model';
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

  const narrow = anInstrument({ marketQuantityMax: Quantity.of('120.5') });

  it('come back as they were stored, the newest listing', async () => {
    await instruments.save([anInstrument()]);
    await instruments.save([narrow]);
    expect(await instruments.all()).toEqual([narrow]);
  });

  it('from before orders at the market had a maximum of their own have one maximum', async () => {
    await instruments.save([narrow]);
    await store.sql`update instruments set market_quantity_max = null`;
    expect(await instruments.all()).toEqual([{ ...narrow, marketQuantityMax: narrow.quantityMax }]);
  });
});

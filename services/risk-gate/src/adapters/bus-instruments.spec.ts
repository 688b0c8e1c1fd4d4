import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { answering } from '@scalpstorm/bus';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import { type Instrument, Price } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { anInstrument, describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { BusInstruments } from './bus-instruments.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

describeWithServers('the instruments', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'risk');
  const log = new RecordingLog();
  let store: Store;
  let broker: MemoryBroker;
  let listed: readonly Instrument[];

  beforeEach(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('risk-gate') });
    broker = new MemoryBroker();
    listed = [anInstrument()];
  });

  afterEach(async () => {
    broker.close();
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  const newLife = () => new BusInstruments(new MemoryBus({ broker, speaker: 'risk-gate' }).bus, store, log);
  const openMarketData = () =>
    new MemoryBus({ broker, speaker: 'market-data' }).receiver.receive({
      hears: [],
      listens: [],
      answers: [answering(instrumentsQuestion, async () => ({ instruments: listed, lastPrices: [] }))],
    });

  it('that were listed once are known to the next life of the gate, although market-data is away', async () => {
    await openMarketData();
    await newLife().refresh();
    await eventually(async () => expect(await store.sql`select 1 from instruments`).toHaveLength(1));
    broker = new MemoryBroker();
    const next = newLife();
    await next.load();
    expect(next.get(anInstrument().id)).toEqual(anInstrument());
    await expect(next.refresh()).rejects.toThrow();
    expect(next.get(anInstrument().id)).toEqual(anInstrument());
  });

  it('are those that were listed last', async () => {
    await openMarketData();
    const instruments = newLife();
    await instruments.refresh();
    listed = [anInstrument({ tickSize: Price.of('0.5') })];
    await instruments.refresh();
    await eventually(async () => {
      const next = newLife();
      await next.load();
      expect(next.get(anInstrument().id)?.tickSize).toBe(Price.of('0.5'));
    });
  });
});

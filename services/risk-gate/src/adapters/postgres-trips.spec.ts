import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import type { KeptTrip } from '../ports/trips.js';
import { PostgresTrips } from './postgres-trips.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const scope = RiskScope.bot(BotId.of('bot_00000001'));
const at = (seconds: number) => Timestamp.fromMicros(1_700_000_000_000_000 + seconds * 1_000_000);
const trip: KeptTrip = {
  scope,
  breaker: 'daily-loss',
  since: at(0),
  until: at(60),
  needsPerson: false,
  before: { state: 'active', text: '', by: '', operator: false },
  limit: '10',
  value: '12',
};

describeWithServers('trips in Postgres', ({ postgresUrl: url }) => {
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

  it('are kept for the next gate, and ended by the one that has the lease alone', async () => {
    let held = true;
    const prove = async () => {
      if (!held) throw new Error('the lease was lost');
    };
    const trips = new PostgresTrips(store, { prove });
    await trips.keep(trip);
    const next = new PostgresTrips(store, { prove });
    await next.load();
    expect(next.due(at(60))).toEqual([trip]);
    held = false;
    await expect(next.end(trip)).rejects.toThrow('the lease was lost');
    expect(next.of(scope)).toEqual(trip);
    expect(await store.sql`select scope from breaker_trips`).toHaveLength(1);
    held = true;
    await next.end({ scope, since: at(-1) });
    expect(next.of(scope)).toEqual(trip);
    expect(await store.sql`select scope from breaker_trips`).toHaveLength(1);
    await next.end(trip);
    expect(next.of(scope)).toBeNull();
    expect(await store.sql`select scope from breaker_trips`).toHaveLength(0);
  });
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, RiskScope } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, Outbox, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import { SwitchedLease } from '../../test/handler-scene.js';
import { Breakers } from '../handlers/breakers.js';
import type { KeptTrip } from '../ports/trips.js';
import { PostgresTradingStates } from './postgres-trading-states.js';
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

  it('are kept with the word that they are of, so that a gate that dies after it leaves what its time ends', async () => {
    const lease = new SwitchedLease();
    const prove = async () => undefined;
    const clock = new FakeClock();
    const gate = () => {
      const states = new PostgresTradingStates(store, new Outbox(store), clock, { prove });
      const trips = new PostgresTrips(store, { prove });
      const breakers = new Breakers(states, trips, lease, clock, new RecordingLog(), new Metrics('risk-gate'));
      return { states, trips, breakers };
    };
    const dying = gate();
    dying.trips.keep = () => Promise.reject(new Error('the gate is dead'));
    const { limit, value, needsPerson } = trip;
    const until = Timestamp.plus(clock.now(), 60 * second);
    const found = {
      scope,
      ownerId: null,
      state: 'halted',
      text: '',
      breaker: 'daily-loss',
      limit,
      value,
      until,
      needsPerson,
    } as const;
    await expect(dying.breakers.trip(found)).rejects.toThrow('the gate is dead');
    const next = gate();
    await next.states.load();
    await next.breakers.load();
    await next.breakers.round();
    expect(next.states.own(scope).state).toBe('halted');
    clock.advance(60 * second);
    await next.breakers.round();
    expect(next.states.own(scope).state).toBe('active');
  });
});

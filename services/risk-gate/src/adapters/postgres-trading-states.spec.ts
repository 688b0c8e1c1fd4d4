import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, Outbox, PostgresStore, type Store, schemaName } from '@scalpstorm/store';
import { describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresTradingStates } from './postgres-trading-states.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const user = UserId.of('user_1');
const clock = new FakeClock();

describeWithServers('trading states in Postgres', ({ postgresUrl: url }) => {
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

  const statesOn = (on: Store) => new PostgresTradingStates(on, new Outbox(on), clock);

  /** Postgres with its transactions refused. */
  function broken(): Store {
    return Object.assign(Object.create(store) as Store, {
      transaction: () => Promise.reject(new Error('Postgres is away')),
    });
  }

  it('are active until somebody halts', async () => {
    const states = statesOn(store);
    await states.load();
    expect(states.of(user).state).toBe('active');
  });

  it('are there again for the next process, and told once', async () => {
    await statesOn(store).set(user, 'halted', 'first');
    const states = statesOn(store);
    await states.load();
    expect(await states.set(user, 'halted', 'second')).toMatchObject({ text: 'first' });
    expect(await store.sql`select subject from outbox`).toEqual([{ subject: 'risk.trading-state.v1' }]);
  });

  it('follow one another in time, also when the clock was put back', async () => {
    const states = statesOn(store);
    const halted = await states.set(user, 'halted', 'first');
    clock.advance(-3_600 * second);
    const released = await states.set(user, 'active', '');
    expect(Number(released.since)).toBeGreaterThan(Number(halted.since));
    expect(states.of(user).state).toBe('active');
  });

  it('halt at once even when Postgres is away, and are not called durable before they are', async () => {
    const away = broken();
    const states = statesOn(away);
    await expect(states.set(user, 'halted', 'stop')).rejects.toThrow('Postgres is away');
    expect(states.of(user).state).toBe('halted');
    await expect(states.set(user, 'halted', 'stop')).rejects.toThrow('Postgres is away');
    Object.assign(away, { transaction: store.transaction.bind(store) });
    await states.set(user, 'halted', 'stop');
    expect(await store.sql`select state from trading_states`).toEqual([{ state: 'halted' }]);
  });

  it('are not released before the release is durable', async () => {
    const away = broken();
    await statesOn(store).set(user, 'halted', 'stop');
    const states = statesOn(away);
    await states.load();
    await expect(states.set(user, 'active', 'go')).rejects.toThrow('Postgres is away');
    expect(states.of(user).state).toBe('halted');
  });

  it('of the platform bind every user, outlive the process, and leave a user’s own state alone', async () => {
    const other = UserId.of('user_2');
    const earlier = statesOn(store);
    await earlier.set(null, 'halted', 'venue in trouble');
    await earlier.set(user, 'halted', 'mine');
    const states = statesOn(store);
    await states.load();
    expect([states.of(user), states.of(other)]).toMatchObject([
      { state: 'halted', text: 'venue in trouble' },
      { state: 'halted', text: 'venue in trouble' },
    ]);
    await states.set(null, 'active', 'over');
    expect([states.of(user), states.of(other)]).toMatchObject([{ state: 'halted', text: 'mine' }, { state: 'active' }]);
    expect(await store.sql`select user_id, changed_by from trading_states order by user_id`).toEqual([
      { user_id: '', changed_by: 'operator' },
      { user_id: user, changed_by: user },
    ]);
  });
});

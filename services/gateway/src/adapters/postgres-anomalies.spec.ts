import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { AuditTrail, migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { describeWithServers, FakeClock, uniqueNamespace } from '@scalpstorm/testkit';
import type { Anomaly } from '../domain/anomaly.js';
import { PostgresAnomalies } from './postgres-anomalies.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const hour = 3_600 * second;

describeWithServers('anomalies in Postgres', ({ postgresUrl }) => {
  const log = new RecordingLog();
  const clock = new FakeClock();
  let schema: string;
  let store: PostgresStore;
  let anomalies: PostgresAnomalies;

  beforeAll(async () => {
    schema = schemaName(uniqueNamespace(), 'gateway');
    await migrate({ url: postgresUrl, schema, folder, log });
    store = new PostgresStore({ url: postgresUrl, schema, connectionsMax: 4, log, metrics: new Metrics('gateway') });
    anomalies = new PostgresAnomalies(store, new AuditTrail({ store, clock, service: 'gateway', chain: 'access' }));
    await store.sql`INSERT INTO users (id, email, password_hash, role) VALUES ('usr_1', 'a@b.c', 'x', 'trader')`;
  });
  afterAll(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  let orders = 0;
  const order = async (kind: string, botId: string | null, status: string) => {
    orders += 1;
    const view = JSON.stringify({ status, createdAt: new Date(clock.now() / 1_000).toISOString() });
    await store.sql`
      INSERT INTO orders (client_order_id, user_id, bot_id, version, final, view)
      VALUES (${`${kind}${orders}`}, 'usr_1', ${botId}, 1, true, ${view}::text::jsonb)`;
  };
  /** What came is counted a minute later, when it has its verdict. */
  const counted = async () => {
    for (let round = 0; round < 2; round += 1) {
      clock.advance(60 * second);
      await Promise.all([anomalies.countOrders(clock.now()), anomalies.countOrders(clock.now())]);
    }
    return (await anomalies.look(clock.now())).rates;
  };

  it('count each order once, by whose it is, and whether it was denied', async () => {
    await order('m', null, 'filled');
    await order('m', null, 'denied');
    await order('p', null, 'filled');
    await order('b', 'bot_1', 'denied');
    const rate = { userId: 'usr_1', lastHour: 2, weekBefore: 0 };
    const rates = [
      { ...rate, of: 'by-hand' },
      { ...rate, of: 'denied' },
    ];
    expect(await counted()).toEqual(rates);
    expect(await counted()).toEqual(rates);
    clock.advance(2 * hour);
    expect(await counted()).toEqual([]);
    await order('m', null, 'filled');
    expect(await counted()).toEqual([
      { ...rate, of: 'by-hand', lastHour: 1, weekBefore: 2 },
      { ...rate, of: 'denied', lastHour: 0, weekBefore: 2 },
    ]);
    clock.advance(8 * 24 * hour);
    await counted();
    expect(await store.sql`SELECT * FROM order_rates`).toHaveLength(0);
  });

  it('are kept once, however many gateways find them, until the cool-down is over', async () => {
    const found: Anomaly = {
      rule: 'api-key-refusals',
      subject: 'key_1',
      detail: '',
      userId: null,
      text: 'x',
      evidence: { times: 50 },
    };
    const keep = () => anomalies.keep([found], clock.now(), Timestamp.plus(clock.now(), -hour));
    await Promise.all([keep(), keep(), keep()]);
    clock.advance(hour - second);
    await keep();
    expect(await anomalies.untold()).toMatchObject([{ rule: 'api-key-refusals', evidence: { times: 50 } }]);
    clock.advance(second);
    await keep();
    const [first, again] = await anomalies.untold();
    await anomalies.told(first?.id ?? 0n);
    expect(await anomalies.untold()).toEqual([again]);
  });

  it('are looked for in a quarter of an hour', async () => {
    const key = { id: 'key_1', userId: 'usr_1' as never };
    const sighting = { key, place: '203.0.113.7', refusal: null, times: 3, firstAt: clock.now(), lastAt: clock.now() };
    await anomalies.keepSightings([sighting, { ...sighting, place: '198.51.100.9' }, sighting]);
    await anomalies.keepSightings([sighting, { ...sighting, key: null, refusal: 'UNAUTHENTICATED' }]);
    const { facts } = await anomalies.look(clock.now());
    expect(facts.map(({ kind, subject, body }) => [kind, subject, body['placesBefore'] ?? body['times']])).toEqual([
      ['api-key-used', 'key_1', 0],
      ['api-key-used', 'key_1', 1],
      ['api-key-refused', '', 3],
    ]);
    clock.advance(900 * second + 1);
    expect((await anomalies.look(clock.now())).facts).toEqual([]);
  });
});

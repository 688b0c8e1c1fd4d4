import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Money, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, PostgresStore, schemaName } from '@scalpstorm/store';
import { aCycle, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { PostgresKnownBots } from './postgres-known-bots.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const ann = UserId.of('ann');
const day = '2026-11-21';
const usdt = (text: string) => Money.of(text, 'USDT');
const unknown = (text: string) => ({ fee: Money.of(text, 'BNB'), value: null, priced: null });

/** The same cycle as it is told while none, one and both of its fees in BNB have a value. */
const told = [
  aCycle({ net: usdt('0.8'), fees: usdt('0.2'), otherFees: [unknown('0.001'), unknown('0.002')] }),
  aCycle({
    net: usdt('0.2'),
    fees: usdt('0.8'),
    otherFees: [{ ...unknown('0.001'), value: usdt('0.6') }, unknown('0.002')],
  }),
  aCycle({
    net: usdt('-1'),
    fees: usdt('2'),
    otherFees: [
      { ...unknown('0.001'), value: usdt('0.6') },
      { ...unknown('0.002'), value: usdt('1.2') },
    ],
  }),
] as const;

describeWithServers('what the cycles of a day earned', ({ postgresUrl: url }) => {
  const schema = schemaName(uniqueNamespace(), 'notifications');
  const log = new RecordingLog();
  let store: PostgresStore;
  let bots: PostgresKnownBots;

  beforeEach(async () => {
    await migrate({ url, schema, folder, log });
    store = new PostgresStore({ url, schema, connectionsMax: 2, log, metrics: new Metrics('notifications') });
    bots = new PostgresKnownBots(store);
  });
  afterEach(async () => {
    await store.sql.unsafe(`drop schema ${schema} cascade`);
    await store.close();
  });

  it.each([
    ['in the order in which it happened', [0, 1, 2]],
    ['told again when the newest is known', [2, 0, 2, 1]],
  ] as const)('counts a cycle once with the most fees that have a value, %s', async (_, order) => {
    for (const index of order) await bots.countCycle(ann, told[index], day);
    await bots.countCycle(ann, aCycle({ number: 1 }), day);
    const [result, ...more] = await bots.resultsOf(ann, day);
    expect(more).toEqual([]);
    expect(result).toMatchObject({ mode: 'demo', currency: 'USDT', cycles: 2, wins: 1 });
    expect([Number(result?.net), Number(result?.fees)]).toEqual([-0.2, 2.2]);
  });

  it('keeps the day on which a cycle was counted first, and forgets old days', async () => {
    await bots.countCycle(ann, told[0], day);
    await bots.countCycle(ann, told[2], '2026-11-22');
    expect(await bots.resultsOf(ann, '2026-11-22')).toEqual([]);
    expect(await bots.resultsOf(ann, day)).toMatchObject([{ cycles: 1, wins: 0 }]);
    expect(await bots.pruneResults(day)).toBe(0);
    expect(await bots.pruneResults('2026-11-22')).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type FeedStatus, InstrumentId } from '@scalpstorm/model';
import { judgeFreshness } from './freshness.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const at = (seconds: number): Timestamp => Timestamp.fromMicros(seconds * 1_000_000);

describe('freshness', () => {
  const table: readonly [string, FeedStatus['state'], number | null, number, FeedStatus['state']][] = [
    ['a live feed that spoke just now is live', 'live', 99, 10, 'live'],
    ['a live feed at its limit is live', 'live', 95, 10, 'live'],
    ['a live feed that fell silent is stale', 'live', 94, 10, 'stale'],
    ['silence is counted from when it became live', 'live', 10, 96, 'live'],
    ['a feed that became live and never spoke is stale in time', 'live', null, 10, 'stale'],
    ['a lost connection stays a lost connection', 'disconnected', 10, 10, 'disconnected'],
    ['resynchronising stays so', 'resyncing', 10, 10, 'resyncing'],
  ];
  it.each(table)('%s', (_, state, heardAt, since, expected) => {
    const lastEventAt = heardAt === null ? null : at(heardAt);
    const status = judgeFreshness(
      instrumentId,
      { state, detail: '', lastEventAt, since: at(since) },
      at(100),
      5_000_000,
    );
    expect(status).toMatchObject({ instrumentId, state: expected, lastEventAt });
  });
});

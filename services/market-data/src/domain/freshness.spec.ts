import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type FeedStatus, InstrumentId } from '@scalpstorm/model';
import { type Heard, hearing, judgeFreshness, type Stream } from './freshness.js';

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
      { state, detail: '', lastEventAt, byStream: {}, tradesAloneSince: null, since: at(since), lag: 0 },
      at(100),
      5_000_000,
    );
    expect(status).toMatchObject({ instrumentId, state: expected, lastEventAt });
  });

  const books: readonly [string, readonly (readonly [Stream, number])[], FeedStatus['state']][] = [
    [
      'a book that moves with the trades is live',
      [
        ['trade', 90],
        ['depth', 91],
        ['trade', 99],
      ],
      'live',
    ],
    [
      'quotes alone keep a book alive',
      [
        ['depth', 20],
        ['trade', 90],
        ['quote', 98],
      ],
      'live',
    ],
    [
      'a book that stands still while trades go on is stale',
      [
        ['depth', 90],
        ['trade', 94],
        ['trade', 99],
      ],
      'stale',
    ],
    [
      'a book that stood still until a trade came just now is live',
      [
        ['depth', 20],
        ['trade', 99],
      ],
      'live',
    ],
    [
      'a book that was never heard is stale',
      [
        ['trade', 94],
        ['trade', 99],
      ],
      'stale',
    ],
    [
      'a book without trades is a quiet market',
      [
        ['depth', 96],
        ['quote', 98],
      ],
      'live',
    ],
  ];
  it.each(books)('%s', (_, events, expected) => {
    const silent = {
      state: 'live' as const,
      detail: '',
      lastEventAt: null,
      byStream: {},
      tradesAloneSince: null,
      since: at(10),
      lag: 0,
    };
    const heard = events.reduce<Heard>(
      (before, [stream, second]) => hearing(before, stream, at(second), at(second)),
      silent,
    );
    expect(judgeFreshness(instrumentId, heard, at(100), 5_000_000).state).toBe(expected);
  });

  const lags: readonly [string, readonly (readonly [Stream, number])[], FeedStatus['state'], string][] = [
    ['a little late is live', [['trade', 4]], 'live', ''],
    ['a trade that is told long after it happened', [['trade', 6]], 'stale', 'events come 6000 ms late, limit 5000 ms'],
    ['a book of the past', [['depth', 3_600]], 'stale', 'events come 3600000 ms late, limit 5000 ms'],
    ['a book of the future', [['depth', -6]], 'stale', 'events are 6000 ms ahead of the clock, limit 5000 ms'],
    [
      'a feed that has caught up',
      [
        ['trade', 6],
        ['depth', 0],
      ],
      'live',
      '',
    ],
    [
      'a quote has no time of its own',
      [
        ['trade', 6],
        ['quote', 0],
      ],
      'stale',
      'events come 6000 ms late, limit 5000 ms',
    ],
  ];
  it.each(lags)('%s', (_, events, state, detail) => {
    const now = at(10_000);
    const fresh: Heard = {
      state: 'live',
      detail: '',
      lastEventAt: null,
      byStream: {},
      tradesAloneSince: null,
      since: now,
      lag: 0,
    };
    const heard = events.reduce((before, [stream, late]) => hearing(before, stream, at(10_000 - late), now), fresh);
    expect(judgeFreshness(instrumentId, heard, now, 5_000_000)).toMatchObject({ state, detail });
  });
});

import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type FeedStatus, InstrumentId } from '@scalpstorm/model';
import { type Heard, hearing, judgeFreshness, type Stream, unheard } from './freshness.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const at = (seconds: number): Timestamp => Timestamp.fromMicros(Math.round(seconds * 1_000_000));
const staleAfter = 5_000_000;
const live = (since: number): Heard => unheard('live', '', at(since));

/** Heard at that second, of an event that happened `late` seconds before; late null: nobody knows when. */
type Event = readonly [Stream, number, number | null];

const after = (heard: Heard, events: readonly Event[]): Heard =>
  events.reduce(
    (before, [stream, second, late]) =>
      hearing(before, { stream, occurredAt: late === null ? null : at(second - late) }, at(second), staleAfter),
    heard,
  );

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
    const status = judgeFreshness(instrumentId, { ...unheard(state, '', at(since)), lastEventAt }, at(100), staleAfter);
    expect(status).toMatchObject({ instrumentId, state: expected, lastEventAt });
  });

  const onTime = (events: readonly (readonly [Stream, number])[]): Heard =>
    after(
      live(10),
      events.map(([stream, second]) => [stream, second, 0]),
    );
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
    expect(judgeFreshness(instrumentId, onTime(events), at(100), staleAfter).state).toBe(expected);
  });
});

describe('events that do not come on time', () => {
  const steady = (stream: Stream, late: number): readonly Event[] =>
    Array.from({ length: 11 }, (_, index): Event => [stream, 98 + index / 5, late]);
  const table: readonly [string, readonly Event[], FeedStatus['state'], string][] = [
    ['a little late is live', [['trade', 100, 4]], 'live', ''],
    ['a trade that is the newest of all and long past', [['trade', 100, 6]], 'stale', 'events come 6000 ms late'],
    ['a book of the past', [['depth', 100, 3_600]], 'stale', 'events come 3600000 ms late'],
    ['a book of the future', [['depth', 100, -6]], 'stale', 'events are 6000 ms ahead of the clock'],
    [
      'a feed that has caught up',
      [
        ['trade', 99, 6],
        ['depth', 100, 0],
      ],
      'live',
      '',
    ],
    [
      'a quote that is newer than a late trade',
      [
        ['trade', 99, 6],
        ['quote', 100, 0],
      ],
      'live',
      '',
    ],
    [
      'one late trade while a newer book is known',
      [
        ['depth', 99, 0],
        ['trade', 100, 60],
      ],
      'live',
      '',
    ],
    [
      'one late book while a newer quote is known',
      [
        ['quote', 99, 0],
        ['depth', 100, 60],
      ],
      'live',
      '',
    ],
    [
      'a few late trades at once while a newer book is known',
      [
        ['depth', 99, 0],
        ['trade', 99.5, 60],
        ['trade', 99.6, 60],
        ['trade', 100, 60],
        ['depth', 100, 0],
      ],
      'live',
      '',
    ],
    [
      'a stream that keeps coming late while the others are on time',
      [...steady('trade', 60), ['depth', 100, 0]],
      'stale',
      'events of the stream trade come 60000 ms late',
    ],
    [
      'a book that keeps coming late while quotes have only our own time',
      [...steady('depth', 60), ['quote', 100, 0]],
      'stale',
      'events of the stream depth come 60000 ms late',
    ],
    ['a stream that came late and is on time again', [...steady('trade', 60), ['trade', 100, 0]], 'live', ''],
    [
      'one late trade an hour after another',
      [
        ['depth', 10, 0],
        ['trade', 20, 60],
        ['depth', 99, 0],
        ['trade', 100, 60],
      ],
      'live',
      '',
    ],
    [
      'one event of the future among others',
      [
        ['depth', 99, 0],
        ['trade', 99, -60],
        ['depth', 100, 0],
      ],
      'live',
      '',
    ],
  ];
  it.each(table)('%s', (_, events, state, detail) => {
    const status = judgeFreshness(instrumentId, after(live(98), events), at(100), staleAfter);
    expect(status).toMatchObject({ state, detail: detail === '' ? '' : `${detail}, limit 5000 ms` });
  });

  it('a stream that came late and then fell quiet is forgotten while the others go on', () => {
    const heard = after(live(90), [...steady('trade', 60), ['depth', 106, 0]]);
    expect(judgeFreshness(instrumentId, heard, at(106), staleAfter).state).toBe('live');
  });
});

describe('a venue whose clock is not known', () => {
  it('is believed by hearing, says so, and not for longer than the limit', () => {
    const heard = after(live(90), [
      ['depth', 96, null],
      ['trade', 100, null],
    ]);
    expect(judgeFreshness(instrumentId, heard, at(101), staleAfter)).toMatchObject({
      state: 'live',
      detail: expect.stringContaining('judged by hearing'),
    });
    const later = after(heard, [['depth', 101.5, null]]);
    expect(judgeFreshness(instrumentId, later, at(101.5), staleAfter)).toMatchObject({
      state: 'stale',
      detail: expect.stringContaining('the clock of the venue is not known for 5500 ms'),
    });
  });

  it('is judged by its time as soon as that is known', () => {
    const heard = after(live(90), [
      ['depth', 96, null],
      ['depth', 102, 0],
    ]);
    expect(judgeFreshness(instrumentId, heard, at(102), staleAfter)).toMatchObject({ state: 'live', detail: '' });
  });
});

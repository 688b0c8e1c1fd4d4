import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, InstrumentId, Price, Quantity, VenueOrderId } from '@scalpstorm/model';
import fc from 'fast-check';
import { type ContentMatch, type FoundOrder, matchByContent, mayBe, type WantedOrder } from './match-by-content.js';

const circumstances = { clockErrorMax: second / 4, readLag: 5 * second };
const start = Timestamp.fromMicros(1_800_000_000_000_000);
const at = (seconds: number): Timestamp => Timestamp.plus(start, seconds * second);
const idOf = (number: number): ClientOrderId => ClientOrderId.of(`sorder${number}`);
const content = {
  instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
  side: 'buy',
  type: 'limit',
  price: Price.of('50000'),
  quantity: Quantity.of('0.03'),
  timeInForce: 'GTC',
  tag: null,
} as const;

const wanted = (number: number, marked: number, changes: Partial<WantedOrder> = {}): WantedOrder => ({
  ...content,
  clientOrderId: idOf(number),
  markedAt: at(marked),
  expiresAt: at(marked + 5),
  awaited: false,
  ...changes,
});
const found = (number: number, placed: number, changes: Partial<FoundOrder> = {}): FoundOrder => ({
  ...content,
  venueOrderId: VenueOrderId.of(String(number)),
  placedAt: at(placed),
  filledQuantity: Quantity.zero,
  isOver: false,
  ...changes,
});
const over = { isOver: true } as const;

function kinds(ours: readonly WantedOrder[], theirs: readonly FoundOrder[], asked = 60): readonly string[] {
  const matches = matchByContent(ours, theirs, { ...circumstances, askedAt: at(asked) });
  return ours.map(({ clientOrderId }) => told(matches.get(clientOrderId)));
}

const told = (match: ContentMatch | undefined): string =>
  match?.kind === 'ours' ? `ours ${match.venueOrderId}` : (match?.kind ?? 'nothing');

describe('an order in doubt at a venue that keeps no id of ours', () => {
  it('is the one order that has its content and its time', () => {
    expect(kinds([wanted(1, 0)], [found(7, 1)])).toEqual(['ours 7']);
  });

  it('is absent where nothing fits', () => {
    expect(kinds([wanted(1, 0)], [])).toEqual(['absent']);
  });

  it.each<[string, Partial<FoundOrder>]>([
    ['pair', { instrumentId: InstrumentId.of('sim', 'ETH-USDT') }],
    ['side', { side: 'sell' }],
    ['type', { type: 'market', price: null }],
    ['price', { price: Price.of('50000.01') }],
    ['quantity', { quantity: Quantity.of('0.06') }],
    ['time in force', { timeInForce: 'IOC' }],
    ['tag', { tag: 'another' }],
    ['time, too early', { placedAt: at(-1) }],
    ['time, too late', { placedAt: at(5.5) }],
  ])('is not one of another %s', (_what, changes) => {
    expect(kinds([wanted(1, 0)], [found(7, 1, changes)])).toEqual(['absent']);
  });

  it('is not claimed while a second one may still show', () => {
    expect(kinds([wanted(1, 0)], [found(7, 1)], 10)).toEqual(['wait']);
    expect(kinds([wanted(1, 0, { awaited: true })], [found(7, 1)])).toEqual(['wait']);
  });

  it('is ambiguous where two fit, until both are over and moved as much', () => {
    expect(kinds([wanted(1, 0)], [found(7, 1), found(8, 2)])).toEqual(['ambiguous']);
    expect(kinds([wanted(1, 0)], [found(7, 1, over), found(8, 2)])).toEqual(['ambiguous']);
    const filled = { ...over, filledQuantity: content.quantity };
    expect(kinds([wanted(1, 0)], [found(7, 1, over), found(8, 2, filled)])).toEqual(['ambiguous']);
    expect(kinds([wanted(1, 0)], [found(7, 1, over), found(8, 2, over)])).toEqual(['ours 7']);
  });

  it('names what fits when it is ambiguous', () => {
    const ours = wanted(1, 0);
    const matches = matchByContent([ours], [found(7, 1), found(8, 2)], { ...circumstances, askedAt: at(60) });
    expect(matches.get(ours.clientOrderId)).toEqual({ kind: 'ambiguous', candidates: ['7', '8'] });
  });
});

describe('orders in doubt that look the same', () => {
  it('are paired one to one in order of time', () => {
    expect(kinds([wanted(2, 1), wanted(1, 0)], [found(8, 2), found(7, 1)])).toEqual(['ours 8', 'ours 7']);
  });

  it('stay in doubt while one of them is missing and the other works', () => {
    expect(kinds([wanted(1, 0), wanted(2, 1)], [found(7, 2)])).toEqual(['ambiguous', 'ambiguous']);
  });

  it('are settled by the end of the one that was found', () => {
    expect(kinds([wanted(1, 0), wanted(2, 1)], [found(7, 2, over)])).toEqual(['ours 7', 'absent']);
  });

  it('wait for each other', () => {
    expect(kinds([wanted(1, 0), wanted(2, 4)], [found(7, 4.5)], 13)).toEqual(['wait', 'wait']);
  });

  it('do not where nothing may be both', () => {
    expect(kinds([wanted(1, 0), wanted(2, 20)], [found(7, 1)], 21)).toEqual(['ours 7', 'absent']);
  });
});

const drawnOrders = fc.array(
  fc.record({ time: fc.integer({ min: 0, max: 20 }), price: fc.integer({ min: 1, max: 2 }) }),
  {
    maxLength: 7,
  },
);
const drawn = fc.record({
  ours: drawnOrders,
  theirs: fc.array(
    fc.record({ time: fc.integer({ min: 0, max: 26 }), price: fc.integer({ min: 1, max: 2 }), isOver: fc.boolean() }),
    {
      maxLength: 7,
    },
  ),
  asked: fc.integer({ min: 0, max: 40 }),
});

describe('whatever was sent and whatever is found', () => {
  const world = (given: {
    ours: { time: number; price: number }[];
    theirs: { time: number; price: number; isOver: boolean }[];
    asked: number;
  }) => {
    const ours = given.ours.map(({ time, price }, place) => wanted(place, time, { price: Price.of(String(price)) }));
    const theirs = given.theirs.map(({ time, price, isOver }, place) =>
      found(place, time, { price: Price.of(String(price)), isOver }),
    );
    return { ours, theirs, matches: matchByContent(ours, theirs, { ...circumstances, askedAt: at(given.asked) }) };
  };

  it('no venue order is claimed for two of ours, and none that does not fit', () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const { ours, theirs, matches } = world(given);
        const claimed = ours.flatMap((one) => {
          const match = matches.get(one.clientOrderId);
          return match?.kind === 'ours'
            ? [{ one, other: theirs.find((other) => other.venueOrderId === match.venueOrderId) }]
            : [];
        });
        expect(new Set(claimed.map(({ other }) => other?.venueOrderId)).size).toBe(claimed.length);
        for (const { one, other } of claimed)
          expect(other && mayBe(one, other, circumstances.clockErrorMax)).toBe(true);
      }),
    );
  });

  it('none is absent, and so sent again, while an order that is not claimed may be it', () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const { ours, theirs, matches } = world(given);
        const claimed = new Set(
          [...matches.values()].flatMap((match) => (match.kind === 'ours' ? [match.venueOrderId] : [])),
        );
        for (const one of ours) {
          if (matches.get(one.clientOrderId)?.kind !== 'absent') continue;
          const left = theirs.filter(
            (other) => !claimed.has(other.venueOrderId) && mayBe(one, other, circumstances.clockErrorMax),
          );
          expect(left).toEqual([]);
        }
      }),
    );
  });
});

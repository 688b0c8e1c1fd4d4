import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Money, Price, Quantity, TradeId, VenueOrderId } from '@scalpstorm/model';
import type { VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import fc from 'fast-check';
import { StreamContinuity } from './stream-continuity.js';
import { instrumentId } from './testing/scripted-parts.js';

const occurredAt = Timestamp.fromMicros(1);
const units = (count: number): Quantity => Quantity.of(String(count));

function orderAt(filled: number): VenueOrderView {
  return {
    clientOrderId: 'one',
    venueOrderId: VenueOrderId.of('1'),
    instrumentId,
    side: 'buy',
    type: 'limit',
    price: Price.of('10'),
    quantity: units(1_000),
    filledQuantity: units(filled),
    status: 'partially-filled',
    updatedAt: occurredAt,
  };
}

const fillOf = (trade: number, quantity: number): VenueFill => ({
  tradeId: TradeId.of(String(trade)),
  clientOrderId: 'one',
  venueOrderId: VenueOrderId.of('1'),
  instrumentId,
  side: 'buy',
  price: Price.of('10'),
  quantity: units(quantity),
  fee: Money.of('0', 'BTC'),
  liquidity: 'maker',
  occurredAt,
});

/** The fills of one order as the venue makes them: sizes, each with what is filled after it. */
const story = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }).map((sizes) => {
  let filled = 0;
  return sizes.map((size, index) => {
    filled += size;
    return { trade: index + 1, size, filled };
  });
});

describe('the continuity of the user stream', () => {
  it('is whole in the end, in whatever order and however often the fills come', () => {
    fc.assert(
      fc.property(
        story.chain((told) =>
          fc.tuple(fc.constant(told), fc.shuffledSubarray([...told, ...told], { minLength: told.length * 2 })),
        ),
        ([told, arrived]) => {
          const continuity = new StreamContinuity();
          continuity.isNewReport({ kind: 'accepted', order: orderAt(0), reason: null, occurredAt });
          const fresh = arrived.filter(({ trade, size, filled }) =>
            continuity.isNewFill(fillOf(trade, size), orderAt(filled)),
          );
          expect(fresh.map(({ trade }) => trade).sort((left, right) => left - right)).toEqual(
            told.map(({ trade }) => trade),
          );
          expect(continuity.ordersShort).toBe(0);
        },
      ),
    );
  });

  it('is broken when any fill but the last is missing', () => {
    fc.assert(
      fc.property(
        story.filter((told) => told.length > 1),
        fc.nat(),
        (told, pick) => {
          const missing = pick % (told.length - 1);
          const continuity = new StreamContinuity();
          continuity.isNewReport({ kind: 'accepted', order: orderAt(0), reason: null, occurredAt });
          for (const [index, { trade, size, filled }] of told.entries())
            if (index !== missing) continuity.isNewFill(fillOf(trade, size), orderAt(filled));
          expect(continuity.ordersShort).toBe(1);
        },
      ),
    );
  });

  it('is broken by a cancel that counts more than was told, and forgotten with the connection', () => {
    const continuity = new StreamContinuity();
    continuity.isNewFill(fillOf(1, 1), orderAt(1));
    continuity.isNewReport({ kind: 'canceled', order: orderAt(3), reason: null, occurredAt });
    expect(continuity.ordersShort).toBe(1);
    continuity.reset();
    expect(continuity.ordersShort).toBe(0);
  });
});

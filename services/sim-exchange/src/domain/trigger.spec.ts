import { describe, expect, test } from '@jest/globals';
import type { Side } from '@scalpstorm/model';
import type { VenueOrderType } from './order-type.js';
import { follow, isReached, wouldTrigger } from './trigger.js';
import type { VenueOrder } from './venue-order.js';

/** A waiting order; follow() reads nothing else of it. */
const waiting = (type: VenueOrderType, side: Side, stopPrice: number, trailingDelta = 0): VenueOrder =>
  ({ type, side, stopPrice, trailingDelta, trackedPrice: 0, trackedAt: 0 }) as VenueOrder;

/** The price at which the order goes off along straight lines between the corners, by steps of 0.5. */
function goesOffAt(order: VenueOrder, corners: readonly number[]): number | null {
  for (const [index, corner] of corners.entries()) {
    const from = corners[index - 1] ?? corner;
    const steps = Math.abs(corner - from) * 2;
    for (let step = index === 0 ? 0 : 1; step <= steps; step += 1) {
      const halves = from * 2 + step * Math.sign(corner - from);
      if (follow(order, halves, 1) === 'goes off') return halves / 2;
    }
  }
  return null;
}

describe('an order with a stop price', () => {
  test.each<[VenueOrderType, Side, number, boolean]>([
    ['STOP_LOSS', 'sell', 99, true],
    ['STOP_LOSS', 'sell', 100, true],
    ['STOP_LOSS', 'sell', 101, false],
    ['STOP_LOSS_LIMIT', 'buy', 101, true],
    ['STOP_LOSS_LIMIT', 'buy', 99, false],
    ['TAKE_PROFIT', 'sell', 101, true],
    ['TAKE_PROFIT', 'sell', 99, false],
    ['TAKE_PROFIT_LIMIT', 'buy', 99, true],
    ['TAKE_PROFIT_LIMIT', 'buy', 101, false],
  ])('%s %s at 100 is reached by a trade at %d: %s', (type, side, price, isIt) => {
    const order = waiting(type, side, 100);
    expect(isReached(order, price)).toBe(isIt);
    expect(wouldTrigger(order, price)).toBe(isIt);
    expect(follow(order, price, 1)).toBe(isIt ? 'goes off' : 'waits');
  });

  test('would not trigger where nothing has traded yet', () => {
    expect(wouldTrigger(waiting('STOP_LOSS', 'sell', 100), null)).toBe(false);
  });
});

// The five scenarios of the venue's FAQ on trailing stop orders; prices are doubled into whole ticks.
describe('an order that trails goes off where the venue says', () => {
  test.each<[string, VenueOrderType, Side, number, number, readonly number[], number]>([
    ['A', 'STOP_LOSS_LIMIT', 'buy', 44_000, 500, [40_000, 37_000, 45_000, 46_000, 42_000, 45_000], 44_100],
    ['B', 'STOP_LOSS_LIMIT', 'sell', 39_000, 1_000, [40_000, 41_500, 37_000, 41_000, 36_000], 36_900],
    ['C', 'TAKE_PROFIT_LIMIT', 'buy', 38_000, 850, [40_000, 42_000, 37_000, 39_000, 38_000, 41_000], 40_145],
    ['D', 'TAKE_PROFIT_LIMIT', 'sell', 42_000, 750, [40_000, 41_500, 39_000, 45_000, 44_000, 46_500, 42_000], 43_012.5],
    ['E', 'STOP_LOSS_LIMIT', 'sell', 0, 700, [40_000, 42_000, 39_500, 45_500, 42_000], 42_315],
  ])('in scenario %s', (_name, type, side, stopPrice, trailingDelta, corners, at) => {
    expect(goesOffAt(waiting(type, side, stopPrice * 2, trailingDelta), corners)).toBe(at);
  });

  test('and never at once', () => {
    expect(wouldTrigger(waiting('STOP_LOSS', 'sell', 100, 50), 90)).toBe(false);
    expect(follow(waiting('STOP_LOSS', 'sell', 100, 50), 90, 1)).toBe('follows');
  });
});

import { describe, expect, it } from '@jest/globals';
import type { VenueModel } from '../testing.js';
import { predict, world } from './scene.js';

/** How often it asks in a minute of predictions, when what it asks for comes to nothing. */
function asked(perSecond: number, refuse: (venue: VenueModel) => void): number {
  const venue = world();
  for (let turn = 0; turn < 60 * perSecond; turn += 1) {
    refuse(venue);
    predict(venue, 0.8);
    venue.end('expired');
    venue.deliverAll();
    venue.pass(1 / perSecond);
  }
  return venue.orders.size + venue.denials.size;
}

describe('an entry that finds no market', () => {
  it('is asked for again at every prediction of a second, and at most twice a second where there are many', () => {
    expect(asked(1, () => undefined)).toBeGreaterThanOrEqual(60);
    expect(asked(10, () => undefined)).toBeLessThanOrEqual(2 * 60);
  });

  it('waits longer and longer where it is denied', () => {
    const count = asked(1, (venue) => {
      venue.denyNext = 'ORDER_RATE_EXCEEDED';
    });
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(15);
  });
});

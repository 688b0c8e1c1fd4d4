import { describe, expect, it } from '@jest/globals';
import type { VenueModel } from '../testing.js';
import { close, warm } from './scene.js';

/** At how many of twelve bars it asks, when what it asks for comes to nothing shortly before the next one closes. */
function barsAsked(refuse: (venue: VenueModel) => void): number {
  const venue = warm();
  const asked = Array.from({ length: 12 }, () => {
    const before = venue.orders.size + venue.denials.size;
    refuse(venue);
    close(venue, 'enter');
    venue.pass(55);
    venue.end('expired');
    venue.deliverAll();
    return venue.orders.size + venue.denials.size > before;
  });
  return asked.filter(Boolean).length;
}

describe('an entry that comes to nothing', () => {
  it('is asked for again at every bar, however often the market gave nothing to it', () => {
    expect(barsAsked(() => undefined)).toBe(12);
  });

  it('waits longer and longer where it is denied', () => {
    const asked = barsAsked((venue) => {
      venue.denyNext = 'ORDER_RATE_EXCEEDED';
    });
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(12);
  });
});

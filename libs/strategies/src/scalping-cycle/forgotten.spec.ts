import { describe, expect, it } from '@jest/globals';
import type { Order } from '@scalpstorm/model';
import { fillAll, holding, news, told, world } from '../scene.js';
import type { VenueModel } from '../testing.js';

const ids = (venue: VenueModel): string[] => venue.live.map(({ request }) => request.clientOrderId.slice(9));

/** Written down as resting, woken by a start; its entry was denied and made anew, and all of that is forgotten. */
function forgetful(filled: number): VenueModel {
  const venue = holding({ coolDownSeconds: 30 });
  fillAll(venue);
  venue.save();
  venue.command({ kind: 'stop-asked', reason: 'stop' });
  venue.denyNext = 'ORDER_RATE_EXCEEDED';
  venue.command({ kind: 'started' });
  news(venue);
  venue.hear({ kind: 'released' });
  venue.fill(filled);
  expect(ids(venue)).toEqual(['N000010001']);
  venue.restart();
  return venue;
}

/** Nothing is ordered beside it while it lives; the shrunk findings of the interleavings. */
describe('an order that is alive after attempts which the bot has forgotten', () => {
  it('is the live one when its news comes before that of the attempts', () => {
    const venue = forgetful(500);
    // First the denial waits, then what became of the order itself: the last of it is heard first.
    venue.deliver(2);
    expect(ids(venue)).toEqual(['N000010001']);
    expect(venue.machine.live).toBe(venue.live[0]?.request.clientOrderId);
    expect(news(venue)).toEqual([]);
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.999 at 110 (X000010000, ask 0)']);
  });

  it('is canceled when the bot is to stop, and nothing else is placed', () => {
    const venue = forgetful(500);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    const before = venue.effects.length;
    venue.deliver(2);
    expect(told(venue.effects.slice(before))).toContain('cancel N000010001: stop');
    news(venue);
    expect(ids(venue)).toEqual([]);
    expect(venue.machine.mode).toBe('stopped');
  });

  it('leaves what it had filled to be closed when it ends', () => {
    const venue = forgetful(500);
    venue.deliver(2);
    venue.end('expired');
    news(venue);
    expect(told(venue.hear({ kind: 'released' }))).toEqual(['close sell 0.4995 at 110 (X000010000, ask 0)']);
  });
});

/** An earlier life of the bot placed it, nobody remembers that, and the gate denied that it is asked for again. */
describe('an order that lives although we heard that it was denied', () => {
  it('is the live one, and nothing is placed beside it', () => {
    const venue = world();
    venue.command({ kind: 'started' });
    const [{ request }] = venue.live as [Order];
    const { clientOrderId } = request;
    venue.hear({ kind: 'order-denied', clientOrderId, reason: { code: 'RECOVERING', text: 'not yet' } });
    expect(venue.machine.live).toBeNull();
    venue.accept();
    news(venue);
    expect(venue.machine.live).toBe(clientOrderId);
    venue.pass(30);
    expect(ids(venue)).toEqual(['N000000000']);
    expect(fillAll(venue).at(-1)).toBe('close sell 0.999 at 110 (X000000000, ask 0)');
  });
});

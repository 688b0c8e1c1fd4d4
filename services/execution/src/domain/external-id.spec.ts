import { describe, expect, it } from '@jest/globals';
import { ClientOrderId, InstrumentId, VenueOrderId } from '@scalpstorm/model';
import { externalIdOf } from './external-id.js';

const view = (venueOrderId: string, clientOrderId = 'web_1', symbol = 'BTC-USDT') => ({
  instrumentId: InstrumentId.of('sim', symbol),
  venueOrderId: VenueOrderId.of(venueOrderId),
  clientOrderId,
});

describe('the id of an order that was placed elsewhere', () => {
  it('is the same whenever it is asked for, one of ours, and none of a bot', () => {
    const id = externalIdOf(view('4711'));
    expect(id).toBe(externalIdOf(view('4711')));
    expect(id).toMatch(/^x[0-9a-z]{19}$/);
    expect([ClientOrderId.is(id), ClientOrderId.slotOf(id)]).toEqual([true, null]);
  });

  it('is another one for every other order', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => externalIdOf(view(String(index))));
    const others = [view('1', 'web_2'), view('1', 'web_1', 'ETH-USDT')].map(externalIdOf);
    expect(new Set([...ids, ...others]).size).toBe(5_002);
  });
});

import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Price } from '@scalpstorm/model';
import type { ScalpingState } from '../scalping-cycle/state.js';
import type { Strategy } from '../sdk/define.js';
import { VenueModel } from '../testing.js';
import type { LadderState } from './state.js';

/** A bot with several orders at a venue whose market stands at 100. */
export function ladderWorld(
  strategy: Strategy,
  parameters: JsonObject,
  instrument: Instrument = exampleInstrument(),
): VenueModel {
  const venue = new VenueModel(unwrap(strategy.configure(parameters, instrument)), Price.of('100'), instrument);
  venue.market('99.99', '100.01');
  return venue;
}

export const rungsOf = (venue: VenueModel): readonly ScalpingState[] => (venue.state as LadderState).rungs;

/** What is alive at the venue: side, quantity left and price, the highest first. */
export function book(venue: VenueModel): string[] {
  return venue.live
    .toSorted((left, right) => Number((right.request.price ?? 0n) - (left.request.price ?? 0n)))
    .map(({ request }) => `${request.side} ${request.price === null ? 'at market' : Price.format(request.price)}`);
}

/** The market moves there, and fills whatever it reaches, each order whole at its price. */
export function trade(venue: VenueModel, bid: string, ask: string): void {
  for (let round = 0; round < 100; round += 1) {
    venue.market(bid, ask);
    venue.deliverAll();
    const { live } = venue;
    const index = live.findIndex(({ request: { side, price } }) => {
      if (price === null) return true;
      return side === 'buy' ? price >= Price.of(ask) : price <= Price.of(bid);
    });
    if (index < 0) return;
    venue.turn = index;
    venue.fill(1000, 'usual', live[index]?.request.price === null ? bid : null);
    venue.turn = 0;
    venue.deliverAll();
  }
  throw new Error('the venue does not come to rest');
}

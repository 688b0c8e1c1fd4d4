import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import { fillAll, news, told } from '../scene.js';
import { netBaseOf, VenueModel } from '../testing.js';
import { scalpingCycle } from './scalping-cycle.js';

/** It has bought 0.999 after the fee, and its exit rests at 110. */
function holding(instrument: Instrument, changes: JsonObject = {}): VenueModel {
  const parameters = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' }, ...changes };
  const venue = new VenueModel(unwrap(scalpingCycle.configure(parameters, instrument)), Price.of('100'), instrument);
  venue.command({ kind: 'started' });
  fillAll(venue);
  return venue;
}

const stop = { stopLossPercent: '5', afterStopLoss: 'stop' };
const marketCloses = (venue: VenueModel): string[] =>
  [...venue.orders.values()]
    .filter(({ request, status }) => request.type === 'market' && status === 'filled')
    .map(({ request }) => Quantity.format(request.quantity));

/** Fills and waits until nothing more happens. */
function untilAtRest(venue: VenueModel): string[] {
  const lines: string[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    lines.push(...news(venue));
    if (venue.live.length > 0) lines.push(...fillAll(venue));
    else lines.push(...told(venue.pass(1)));
  }
  return lines;
}

describe('a close at the market, by a stop-loss as by a flatten', () => {
  const lots = exampleInstrument({ marketStepSize: Quantity.of('0.25'), marketQuantityMin: Quantity.of('0.5') });

  it('goes in the steps of such orders, and says that the rest is dust', () => {
    const venue = holding(lots, stop);
    venue.market('95');
    const lines = untilAtRest(venue);
    expect(marketCloses(venue)).toEqual(['0.75']);
    expect(lines).toContain('WARNING DUST_KEPT');
    expect(lines).toContain('reached finished: STOPPED_BY_STOP_LOSS');
    expect(netBaseOf(venue.fills, lots)).toBe(Quantity.of('0.249') * 10n ** 6n);
  });

  it('flattens the same way, and stops', () => {
    const venue = holding(lots);
    venue.command({ kind: 'flatten-asked' });
    const lines = untilAtRest(venue);
    expect(marketCloses(venue)).toEqual(['0.75']);
    expect(lines).toContain('WARNING DUST_KEPT');
    expect(lines).toContain('reached stopped: FLATTENED');
  });

  it('that is below the minimum there is dust at once, instead of being refused for ever', () => {
    const venue = holding(exampleInstrument({ marketQuantityMin: Quantity.of('2') }), stop);
    venue.market('95');
    const lines = untilAtRest(venue);
    expect(marketCloses(venue)).toEqual([]);
    expect(lines.filter((line) => line === 'WARNING DUST_KEPT')).toHaveLength(1);
    expect(lines.some((line) => line.startsWith('ERROR'))).toBe(false);
  });

  const valued = exampleInstrument({ marketNotionalMax: Money.of('40', 'USDT') });

  it('goes in parts of the value that the venue takes', () => {
    const venue = holding(valued, stop);
    venue.market('95');
    const lines = untilAtRest(venue);
    expect(marketCloses(venue)).toEqual(['0.333', '0.333', '0.333']);
    expect(lines).toContain('reached finished: STOPPED_BY_STOP_LOSS');
    expect(netBaseOf(venue.fills, valued)).toBe(0n);
  });

  it('goes by half as long as the venue, whose average price is far above, calls it too much', () => {
    const venue = holding(valued, stop);
    venue.averagePrice = Price.of('200');
    venue.market('95');
    const lines = untilAtRest(venue);
    // At 200 no more than 0.2 goes; 0.333 was too much, so it goes in steps of half of that.
    expect(marketCloses(venue).every((quantity) => Quantity.of(quantity) <= Quantity.of('0.2'))).toBe(true);
    expect(lines.filter((line) => line.endsWith('NOTIONAL_ABOVE_MAXIMUM'))).toEqual(['WARNING NOTIONAL_ABOVE_MAXIMUM']);
    expect(lines).toContain('reached finished: STOPPED_BY_STOP_LOSS');
    expect(netBaseOf(venue.fills, valued)).toBe(0n);
  });

  it('with a price, too, goes by half of what was too much', () => {
    const venue = holding(exampleInstrument());
    venue.end('rejected', 'NOTIONAL_ABOVE_MAXIMUM');
    const lines = untilAtRest(venue);
    expect(lines).toContain('close sell 0.4995 at 110 (X000000001, ask 0)');
    expect(netBaseOf(venue.fills.slice(0, 3), exampleInstrument())).toBe(0n);
  });
});

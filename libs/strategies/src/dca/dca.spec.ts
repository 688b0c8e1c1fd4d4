import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import { told } from '../scene.js';
import { VenueModel } from '../testing.js';
import { dca } from './dca.js';

const parameters: JsonObject = {
  quantity: '1',
  safetyOrders: 3,
  deviationPercent: '1',
  stepScale: '2',
  volumeScale: '1.5',
  takeProfitPercent: '1',
};

function started(changes: JsonObject = {}): VenueModel {
  const venue = new VenueModel(unwrap(dca.configure({ ...parameters, ...changes }, exampleInstrument())));
  venue.market('99.99', '100');
  venue.command({ kind: 'started' });
  venue.deliverAll();
  return venue;
}

const book = (venue: VenueModel): string[] =>
  venue.live.map(({ request: { side, quantity, price } }) => {
    return `${side} ${Quantity.format(quantity)} at ${price === null ? 'market' : Price.format(price)}`;
  });

/** The market moves there; whatever it reaches is filled at its own price. */
function move(venue: VenueModel, bid: string, ask: string): void {
  for (let round = 0; round < 20; round += 1) {
    venue.market(bid, ask);
    venue.deliverAll();
    const [order] = venue.live;
    const { price, side } = order?.request ?? {};
    if (price === undefined) return;
    const reached = price === null || (side === 'buy' ? price >= Price.of(ask) : price <= Price.of(bid));
    if (!reached) return;
    venue.fill(1000, 'usual', price === null ? bid : null);
    venue.deliverAll();
  }
  throw new Error('does not come to rest');
}

/** It has bought its base order at 100.1, less the fee of a thousandth. */
function holding(changes: JsonObject = {}): VenueModel {
  const venue = started(changes);
  move(venue, '99.99', '100');
  return venue;
}

describe('DCA', () => {
  it('buys the base order at once, or waits for the start price', () => {
    expect(book(started())).toEqual(['buy 1 at 100.1']);
    expect(book(started({ startPrice: '98' }))).toEqual(['buy 1 at 98']);
  });

  it('rests the exit above the average, and buys each safety order once at its level', () => {
    const venue = holding();
    expect(book(venue)).toEqual(['sell 0.999 at 101.11']);
    // 1 % below 100.1: the exit gives way, the order is bought, the exit comes back from the new average.
    move(venue, '99', '99.09');
    expect(book(venue)).toEqual(['sell 1.998 at 100.6']);
    move(venue, '99', '99.09');
    expect(book(venue)).toEqual(['sell 1.998 at 100.6']);
    // 3 % below: half as much again.
    move(venue, '97', '97.09');
    expect(book(venue)).toEqual([`sell ${0.999 + 0.999 + 1.5 * 0.999} at 99.51`]);
    const bought = [...venue.orders.values()].filter(({ request }) => request.side === 'buy');
    expect(
      bought.map(
        ({ request: { quantity, price } }) => `${Quantity.format(quantity)} at ${Price.format(price ?? Price.zero)}`,
      ),
    ).toEqual(['1 at 100.1', '1 at 99.09', '1.5 at 97.09']);
  });

  it('earns what three lines say, and begins anew', () => {
    const venue = holding();
    move(venue, '99', '99.09');
    move(venue, '100.6', '100.61');
    const [cycle] = venue.cycles.values();
    const cost = 100.1 + 99.09;
    const proceeds = 1.998 * 100.6 * 0.999;
    expect(Number(Money.format(cycle?.net ?? Money.of('0', 'USDT')))).toBeCloseTo(proceeds - cost, 9);
    expect(venue.cycles.size).toBe(1);
    move(venue, '100.6', '100.61');
    expect(book(venue)).toEqual(['sell 0.999 at 101.73']);
  });

  it('buys the next base order at the market, whatever was left of the last cycle and at what it was bought', () => {
    // Of each purchase a fee of a thousandth leaves what no step can sell.
    const venue = holding({ quantity: '0.0511', safetyQuantity: '0.0511' });
    move(venue, '101.2', '101.21');
    expect(venue.cycles.size).toBe(1);
    expect(book(venue)).toEqual(['sell 0.05105 at 102.34']);
    venue.command({ kind: 'flatten-asked' });
    move(venue, '101.2', '101.21');
    venue.command({ kind: 'started' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 0.0511 at 101.32']);
    // The market runs away from it.
    venue.pass(11);
    venue.market('103', '103.01');
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 0.0511 at 103.12']);
  });

  it('buys through several levels one after the other when the price falls through them', () => {
    const venue = holding();
    move(venue, '92', '92.01');
    expect(book(venue)).toEqual(['sell 5.74425 at 97.37']);
    const levels = [...venue.orders.values()].filter(({ request }) => request.side === 'buy');
    expect(levels.map(({ request }) => Price.format(request.price ?? Price.zero))).toEqual([
      '100.1',
      '99.09',
      '97.09',
      '93.09',
    ]);
  });

  it('gives a safety order up when the price turns half of the way to the take-profit', () => {
    const venue = holding();
    venue.market('99', '99.05');
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 1 at 99.09']);
    venue.market('99.5', '99.6');
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 1 at 99.09']);
    venue.market('100.1', '100.11');
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 0.999 at 101.11']);
  });

  it('sells no more than it holds when the exit fills while it is canceled', () => {
    const venue = holding();
    venue.refusesCancels = true;
    venue.market('99', '99.05');
    venue.fill(1000);
    venue.deliverAll();
    expect(venue.cycles.size).toBe(1);
    expect(book(venue)).toEqual(['buy 1 at 99.15']);
  });

  it('counts a sale that the venue tells only after the safety order was asked for', () => {
    const venue = holding();
    venue.market('99', '99.05');
    venue.deliverAll();
    venue.fillLate('X000000000', 1000);
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 1 at 99.09']);
    move(venue, '99', '99.05');
    // Bought 2, sold 0.999: what the safety order brought is all that there is to sell.
    expect(book(venue)).toEqual(['sell 0.999 at 100.6']);
  });

  it('makes a safety order whole that was filled in part, and counts it once', () => {
    const venue = holding();
    venue.market('99', '99.05');
    venue.deliverAll();
    venue.fill(400);
    venue.end('expired');
    venue.deliverAll();
    venue.pass(1);
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 0.6 at 99.09']);
  });

  it('closes at the stop-loss, buys no safety order meanwhile, and is finished after its last cycle', () => {
    const venue = holding({ stopLossPercent: '3', safetyOrders: 1, loop: false });
    move(venue, '99', '99.09');
    venue.market('96.6', '96.61');
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 1.998 at market']);
    move(venue, '96.6', '96.61');
    expect(told(venue.effects)).toContain('reached finished: CYCLE_DONE');
    expect(venue.live).toEqual([]);
  });

  it('buys nothing on top while it is paused', () => {
    const venue = holding();
    venue.command({ kind: 'paused' });
    move(venue, '97', '97.01');
    expect(book(venue)).toEqual(['sell 0.999 at 101.11']);
  });

  it('asks for the same safety order after a restart from before it', () => {
    const venue = holding();
    venue.save();
    move(venue, '99', '99.09');
    venue.restart();
    move(venue, '99', '99.09');
    expect(book(venue)).toEqual(['sell 1.998 at 100.6']);
    expect([...venue.orders.values()].filter(({ request }) => request.side === 'buy')).toHaveLength(2);
  });
});

describe('the parameters of DCA', () => {
  const faults = (changes: JsonObject): string[] => {
    const result = dca.configure({ ...parameters, ...changes }, exampleInstrument(), Price.of('100'));
    return result.ok
      ? result.value.warnings.map(({ code }) => `warned ${code}`)
      : result.error.map(({ code, field }) => `${code} ${field}`);
  };

  it.each<[string, JsonObject, string[]]>([
    ['are fine', {}, []],
    [
      'name all that is wrong at once',
      { quantity: 'x', stepScale: '0', typo: 1 },
      ['UNKNOWN_FIELD /typo', 'NOT_A_DECIMAL /quantity', 'NOT_A_DECIMAL /stepScale'],
    ],
    ['go no deeper than the price', { safetyOrders: 12 }, ['DEVIATION_TOO_DEEP /safetyOrders']],
    ['are worth enough at each level', { safetyQuantity: '0.04' }, ['NOTIONAL_BELOW_MINIMUM /safetyQuantity']],
    ['warn of a profit that the fees eat', { takeProfitPercent: '0.2' }, ['warned LOSES_AFTER_FEES']],
    ['warn of a stop before the last safety order', { stopLossPercent: '2' }, ['warned STOP_BEFORE_SAFETY_ORDER']],
    ['ask for a take-profit', { takeProfitPercent: null }, ['MISSING /takeProfitPercent']],
  ])('%s', (_name, changes, expected) => {
    expect(faults(changes)).toEqual(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type Instrument, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import { fillAll, news, told } from '../scene.js';
import { netBaseOf, VenueModel } from '../testing.js';
import { isTradable } from './books.js';
import { limitPart, marketPart } from './parts.js';
import { scalpingCycle } from './scalping-cycle.js';

const market = (most: string, changes: Partial<Instrument> = {}): Instrument =>
  exampleInstrument({ marketQuantityMax: Quantity.of(most), ...changes });

const hundred = Price.of('100');

/** What goes in one order after the other, until nothing is left or the rest is dust. */
function partsOf(total: Quantity, instrument: Instrument): Quantity[] {
  const parts: Quantity[] = [];
  for (let left = total; left > 0n && isTradable(left, instrument, hundred); ) {
    const part = marketPart(left, { instrument, price: hundred, refused: null });
    if (part === 0n) return parts;
    parts.push(part);
    left = Quantity.minus(left, part);
  }
  return parts;
}

describe('what is closed at the market', () => {
  const one = Quantity.of('1');
  const steps = { stepSize: one, quantityMin: one, marketStepSize: one, marketQuantityMin: one };
  const whole = { ...steps, notionalMin: Money.of('600', 'USDT') };
  it.each([
    ['goes at once when the venue takes it', '10', market('10'), ['10']],
    ['goes in as few orders as there can be, of one size', '25', market('10'), ['8.33334', '8.33333', '8.33333']],
    ['leaves no rest that is too little', '10.3', market('10'), ['5.15', '5.15']],
    ['leaves no rest that is too little after the first', '20.00001', market('10'), ['6.66667', '6.66667', '6.66667']],
    ['goes by whole steps of the maximum', '20', market('9.999999'), ['6.66667', '6.66667', '6.66666']],
    ['goes by the lower of both maxima', '20', market('9999', { quantityMax: Quantity.of('10') }), ['10', '10']],
    ['goes as it is where the maximum is below the minimum', '25', market('0.000001'), ['25']],
    // Nothing below 6 is taken, and nothing above 10: of 11 only one part can go.
    ['leaves the least where something must be left', '11', market('10', whole), ['10']],
    ['is not cut in smaller parts than the venue takes', '17', market('10', whole), ['9', '8']],
  ])('%s', (_name, total, instrument, parts) => {
    expect(partsOf(Quantity.of(total), instrument).map(Quantity.format)).toEqual(parts);
  });

  const lots = { marketStepSize: Quantity.of('0.25'), marketQuantityMin: Quantity.of('0.5') };
  it.each([
    ['goes in the steps of there', '0.99999', market('10', lots), ['0.75']],
    ['goes in parts of such steps, of one size', '10.3', market('4', lots), ['3.5', '3.5', '3.25']],
    ['stays where it is less than goes there', '0.49999', market('10', lots), []],
    [
      'stays where whole steps of it are worth too little',
      '0.3',
      market('10', { marketStepSize: Quantity.of('0.2'), notionalMin: Money.of('25', 'USDT') }),
      [],
    ],
    // 5 % below what it may be worth: the venue's average price is not known.
    [
      'goes in parts of the value that is taken',
      '3',
      market('10', { marketNotionalMax: Money.of('105', 'USDT') }),
      ['1', '1', '1'],
    ],
    ['goes whole where nothing bounds its value', '10', market('10', { marketNotionalMax: null }), ['10']],
  ])('%s', (_name, total, instrument, parts) => {
    expect(partsOf(Quantity.of(total), instrument).map(Quantity.format)).toEqual(parts);
  });

  it('goes in halves of what was too much, at the market and with a price', () => {
    const bounds = { instrument: market('10'), price: hundred, refused: Quantity.of('4') };
    const held = Quantity.of('6');
    expect(marketPart(held, bounds)).toBe(Quantity.of('2'));
    expect(limitPart(held, bounds)).toBe(Quantity.of('2'));
    expect(limitPart(held, { ...bounds, refused: null })).toBe(held);
  });

  it('goes whole in parts that the venue takes, whatever the maximum', () => {
    const steps = fc.bigInt({ min: 1n, max: 10n ** 7n });
    fc.assert(
      fc.property(steps, steps, (most, total) => {
        const stepSize = exampleInstrument().stepSize;
        const instrument = market(Quantity.format(Quantity.fromUnits(most * stepSize)));
        const quantity = Quantity.fromUnits(total * stepSize);
        // Twice the least that the venue takes at 100, so that no rest needs to be too little; and not for ever.
        fc.pre(most >= 10_000n && total >= 5_000n && total / most < 200n);
        const parts = partsOf(quantity, instrument);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(quantity);
        expect(parts.every((part) => part <= instrument.marketQuantityMax && part % stepSize === 0n)).toBe(true);
        expect(BigInt(parts.length)).toBe((total + most - 1n) / most);
      }),
    );
  });
});

describe('a bot that holds 2.5 times what one order at the market may be', () => {
  const narrow = market('0.4');
  const holding = (changes: JsonObject = {}, instrument = narrow): VenueModel => {
    const parameters = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' }, ...changes };
    const venue = new VenueModel(unwrap(scalpingCycle.configure(parameters, instrument)), Price.of('100'), instrument);
    venue.command({ kind: 'started' });
    fillAll(venue);
    return venue;
  };
  const stop = { stopLossPercent: '5', afterStopLoss: 'stop' };

  it('is closed by a stop-loss in three orders, one after the other, and completes one cycle', () => {
    const venue = holding(stop);
    venue.market('95');
    expect(news(venue)).toEqual(['close sell 0.333 at market (X000000001, ask 0)']);
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.333 at market (X000000002, ask 0)']);
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.333 at market (X000000003, ask 0)']);
    expect(fillAll(venue)).toEqual([
      'SUCCESS ORDER_FILLED',
      'cycle 0 net -5.189905',
      'INFO CYCLE_COMPLETED',
      'reached finished: STOPPED_BY_STOP_LOSS',
    ]);
    expect(netBaseOf(venue.fills, narrow)).toBe(0n);
  });

  it('is closed by a flatten in three orders, and then stops', () => {
    const venue = holding();
    venue.command({ kind: 'flatten-asked' });
    expect(news(venue)).toEqual(['close sell 0.333 at market (F000000000, ask 0)']);
    fillAll(venue);
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.333 at market (F000000002, ask 0)']);
    expect(fillAll(venue)).toContain('reached stopped: FLATTENED');
    expect(netBaseOf(venue.fills, narrow)).toBe(0n);
  });

  it('is closed by a trailing exit in parts as well, and buys back so what it sold first', () => {
    const trails = holding({ trailingPercent: '2' });
    trails.market('120');
    expect(told(trails.market('117'))).toContain('close sell 0.333 at market (X000000000, ask 0)');
    const sold = holding({ firstSide: 'sell', stopLossPercent: '5' });
    sold.market('120', '120.01');
    expect(news(sold)).toEqual(['close buy 0.33334 at market (X000000001, ask 0)']);
  });

  it('rests its exit whole: what has a price has a maximum of its own', () => {
    expect(holding().live[0]?.request.quantity).toBe(Quantity.of('0.999'));
  });

  it('divides anew what a part has left that was not filled whole', () => {
    const venue = holding(stop);
    venue.market('95');
    news(venue);
    venue.fill(500);
    venue.end('expired');
    news(venue);
    expect(told(venue.pass(1))).toEqual(['close sell 0.2775 at market (X000000002, ask 0)']);
  });

  it('goes on after a restart that has forgotten what was sold, and sells nothing twice', () => {
    const venue = holding(stop);
    venue.market('95');
    news(venue);
    venue.save();
    fillAll(venue);
    venue.fill(1000);
    venue.restart();
    venue.deliverAll();
    expect(venue.live).toHaveLength(1);
    fillAll(venue);
    expect(netBaseOf(venue.fills, narrow)).toBe(0n);
    expect(venue.fills.filter(({ side }) => side === 'sell').map(({ quantity }) => Quantity.format(quantity))).toEqual([
      '0.333',
      '0.333',
      '0.333',
    ]);
  });

  it('is closed in more orders than the bot remembers', () => {
    const instrument = market('0.1');
    const venue = holding({ quantity: '2' }, instrument);
    venue.command({ kind: 'flatten-asked' });
    for (let part = 0; part < 20; part += 1) {
      news(venue);
      if (part % 8 === 0) venue.save();
      venue.fill(1000);
      if (part % 8 === 3) venue.restart();
    }
    expect(news(venue)).toContain('reached stopped: FLATTENED');
    expect(netBaseOf(venue.fills, instrument)).toBe(0n);
    expect(venue.fills).toHaveLength(21);
  });

  it('is told so when it is created, and is not refused', () => {
    const parameters = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } };
    const checked = unwrap(scalpingCycle.configure(parameters, narrow));
    expect(checked.warnings).toEqual([
      {
        code: 'CLOSES_IN_PARTS',
        field: '/quantity',
        text: 'The venue takes at most 0.4 BTC in one order at the market: a stop or a flatten closes 1 in 3 orders.',
        allowed: 'at most 0.4',
        next: 'Lower the quantity, if one order is to close it.',
      },
    ]);
    expect(unwrap(scalpingCycle.configure(parameters, market('1'))).warnings).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { PairFunds } from '@scalpstorm/engine';
import { btc, usdt } from '@scalpstorm/engine/testing';
import { type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import { configured, fillAll, news, told, world } from '../scene.js';
import type { Effect } from '../sdk/strategy.js';
import type { VenueModel } from '../testing.js';

const funds = (quote: string, base = '0'): PairFunds => ({
  quote: { currency: usdt, free: Money.of(quote, 'USDT'), locked: Money.zero(usdt) },
  base: { currency: btc, free: Money.of(base, 'BTC'), locked: Money.zero(btc) },
});
const risk: JsonObject = { quantity: '50', stopLossPercent: '5', sizing: { riskPercent: '1' } };

function sized(parameters: JsonObject, has: PairFunds | null): VenueModel {
  const venue = world(parameters);
  venue.funds = has;
  venue.command({ kind: 'started' });
  return venue;
}

const asked = (effects: readonly Effect[]) =>
  effects.findLast((effect) => effect.kind === 'log' && effect.code === 'ORDER_ASKED');
const liveSize = (venue: VenueModel) => venue.live.map(({ request }) => Quantity.format(request.quantity));

describe('an entry whose size is reckoned', () => {
  it('says how it came about', () => {
    const venue = sized(risk, funds('10000'));
    expect(liveSize(venue)).toEqual(['19.24927']);
    expect(asked(venue.effects)).toMatchObject({
      text:
        'Buy 19.24927 BTC at 100: entry of cycle 1. ' +
        'Size: 1 % of 10000 USDT at risk, 5.195 USDT a BTC to the stop at 95 with both fees.',
      data: { quantity: '19.24927', size: expect.stringContaining('at risk') },
    });
  });

  it('is as large as ever where the quantity is fixed, whatever the account holds', () => {
    const venue = sized({}, null);
    expect(asked(venue.effects)).toMatchObject({ text: 'Buy 1 BTC at 100: entry of cycle 1.' });
    expect(liveSize(venue)).toEqual(['1']);
  });

  it('is judged anew in each cycle, and what it holds is sold whole', () => {
    const venue = sized({ quantity: '50', sizing: { equityPercent: '10' } }, funds('10000'));
    venue.accept();
    venue.deliverAll();
    fillAll(venue);
    venue.funds = funds('20000');
    expect(liveSize(venue)).toEqual(['9.99']);
    expect(fillAll(venue).at(-1)).toBe('open buy 20 at 100 (N000010000, ask 0)');
  });

  it('is never above the quantity', () => {
    expect(liveSize(sized({ ...risk, quantity: '3' }, funds('10000')))).toEqual(['3']);
  });

  it('goes by the average true range where it is told to', () => {
    const parameters = { quantity: '50', sizing: { atrPercent: '1', atrMultiple: '2' } };
    const venue = sized(parameters, funds('10000'));
    expect(told(venue.effects).at(-1)).toBe('reached waits: WAITS_FOR_PRICE');
    venue.atr = Price.of('2.5');
    expect(told(venue.market('100'))).toEqual([
      'reached goes-on: PRICE_KNOWN',
      'open buy 20 at 100 (N000000000, ask 0)',
    ]);
  });
});

describe('an entry whose size nobody can tell', () => {
  it('waits for the balance, says so after a moment and once, and is ordered as soon as it is known', () => {
    const venue = sized(risk, null);
    expect(venue.live).toEqual([]);
    expect(told(venue.pass(4))).toEqual([]);
    const effects = venue.pass(1);
    expect(told(effects)).toEqual(['WARNING WAITS_SIZING_NEEDS_BALANCE', 'reached waits: WAITS_SIZING_NEEDS_BALANCE']);
    expect(effects.find((effect) => effect.kind === 'log')).toMatchObject({
      text: expect.stringContaining('Nothing is ordered. What the account holds of BTC and USDT is not known'),
      data: { next: expect.stringContaining('see whether execution runs') },
    });
    for (const price of ['100', '101', '99']) expect(told(venue.market(price))).toEqual([]);
    expect(told(venue.pass(60))).toEqual([]);
    venue.funds = funds('10000');
    expect(told(venue.market('100'))[0]).toBe('reached goes-on: PRICE_KNOWN');
    expect(liveSize(venue)).toEqual(['19.24927']);
  });

  it('says nothing of a balance that is back within the moment', () => {
    const venue = sized(risk, null);
    venue.pass(2);
    venue.funds = funds('10000');
    expect(told(venue.market('100'))).toEqual(['open buy 19.24927 at 100 (N000000000, ask 0)']);
  });

  it('tells a size below the minimum once, with what would do', () => {
    const venue = sized({ quantity: '50', sizing: { equityPercent: '1' } }, funds('100'));
    expect(told(venue.effects)).toContain('WARNING WAITS_SIZING_BELOW_MINIMUM');
    expect(venue.effects.find((effect) => effect.kind === 'log')).toMatchObject({
      data: { value: '0.01', minimum: '0.05006', next: expect.any(String) },
    });
    expect(['100', '99', '101'].flatMap((price) => told(venue.market(price)))).toEqual([]);
    venue.funds = funds('1000');
    expect(told(venue.market('100'))).toEqual([
      'reached goes-on: PRICE_KNOWN',
      'open buy 0.1 at 100 (N000000000, ask 0)',
    ]);
  });

  it('does not flap where an order that does not rest waits for its price', () => {
    const venue = sized({ quantity: '50', timeInForce: 'IOC', sizing: { equityPercent: '1' } }, funds('100'));
    const said = ['99', '101', '100', '102'].flatMap((price) => told(venue.market(price)));
    expect(said.filter((line) => line.startsWith('reached'))).toEqual([]);
  });
});

describe('an edit', () => {
  const resting = () => {
    const venue = sized(risk, funds('10000'));
    venue.accept();
    venue.deliverAll();
    return venue;
  };

  it('of something else leaves a resting entry, whatever the account holds by now', () => {
    const venue = resting();
    venue.funds = funds('3', '0');
    expect(told(venue.edit(configured({ ...risk, coolDownSeconds: 5 })))).toEqual([]);
    venue.funds = null;
    expect(told(venue.edit(configured({ ...risk, coolDownSeconds: 6 })))).toEqual([]);
  });

  it.each<readonly [string, JsonObject, string]>([
    ['sizing', { sizing: { riskPercent: '2' } }, '38.49855'],
    ['stop', { stopLossPercent: '10' }, '9.81354'],
    ['quantity', { quantity: '2' }, '2'],
    ['way', { sizing: { fixed: 'quantity' }, quantity: '4' }, '4'],
  ])('of the %s replaces it', (_name, changes, size) => {
    const venue = resting();
    expect(told(venue.edit(configured({ ...risk, ...changes })))).toEqual(['cancel N000000000: update']);
    news(venue);
    expect(liveSize(venue)).toEqual([size]);
  });
});

describe('a crash', () => {
  it('after the state was written asks for the same order in the same size', () => {
    const venue = sized(risk, funds('10000'));
    venue.save();
    venue.funds = funds('50000');
    const again = venue.restart().flatMap((effect) => (effect.kind === 'place' ? [effect.order] : []));
    expect(again.map(({ quantity }) => Quantity.format(quantity))).toEqual(['19.24927']);
    venue.funds = null;
    expect(told(venue.pass(30))).toContain('open buy 19.24927 at 100 (N000000000, ask 2)');
  });

  it('before it was written leaves what was asked first in force, and its books count that', () => {
    const venue = world(risk);
    venue.funds = funds('10000');
    venue.save();
    venue.command({ kind: 'started' });
    expect(liveSize(venue)).toEqual(['19.24927']);
    venue.funds = funds('50000');
    venue.restart();
    expect([...venue.orders.values()].map(({ request }) => Quantity.format(request.quantity))).toEqual(['19.24927']);
    venue.accept();
    venue.deliverAll();
    expect(venue.machine.orders.map(({ quantity }) => quantity)).toEqual(['19.24927']);
    fillAll(venue);
    // Less the fee of a thousandth.
    expect(liveSize(venue)).toEqual(['19.23002']);
  });
});

describe('Kelly', () => {
  const kelly: JsonObject = {
    quantity: '50',
    loop: true,
    sizing: { kellyPercent: '50', equityPercentMax: '20', startPercent: '1', kellyCycles: 30 },
  };
  const cycle = (venue: VenueModel, at: string): void => {
    venue.accept();
    venue.deliverAll();
    fillAll(venue);
    venue.accept();
    venue.deliverAll();
    venue.fill(1000, 'usual', at);
    venue.deliverAll();
  };

  it('starts small, and goes by its own finished cycles from the thirtieth on, up to the cap', () => {
    const venue = sized(kelly, funds('10000'));
    expect(liveSize(venue)).toEqual(['1']);
    for (let count = 0; count < 30; count += 1) cycle(venue, count % 3 === 0 ? '95' : '110');
    expect(venue.machine.returns).toHaveLength(30);
    expect(asked(venue.effects)).toMatchObject({ data: { size: expect.stringContaining('20 of 30 cycles won') } });
    // Half of 49.9 % is more than the cap of 20 %.
    expect(liveSize(venue)).toEqual(['20']);
    cycle(venue, '110');
    expect(venue.machine.returns).toHaveLength(30);
  });

  it('stakes nothing where they lost, says so, and begins anew with other prices', () => {
    const venue = sized(kelly, funds('10000'));
    for (let count = 0; count < 30; count += 1) cycle(venue, '90');
    expect(venue.live).toEqual([]);
    expect(told(venue.effects).at(-1)).toBe('reached waits: WAITS_SIZING_WITHOUT_EDGE');
    const slower = { ...kelly, coolDownSeconds: 1, quantity: '40' };
    expect(told(venue.edit(configured(slower))).at(-1)).toBe('reached waits: WAITS_SIZING_WITHOUT_EDGE');
    expect(told(venue.edit(configured({ ...slower, sellPrice: { fixed: '111' } })))).toContain(
      'open buy 1 at 100 (N0000u0000, ask 0)',
    );
  });

  it('counts a fee in a third currency as the dearest that there is', () => {
    const venue = sized(kelly, funds('10000'));
    venue.accept();
    venue.deliverAll();
    venue.fill(1000, 'BNB');
    venue.deliverAll();
    venue.accept();
    venue.fill(1000, 'BNB', '110');
    venue.deliverAll();
    // 10 of gross on 100, less a thousandth of 100 and of 110.
    expect(venue.machine.returns).toEqual([97_900_000]);
  });
});

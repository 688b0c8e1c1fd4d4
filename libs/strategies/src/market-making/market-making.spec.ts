import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { type JsonObject, Price } from '@scalpstorm/model';
import { book, ladderWorld, rungsOf, trade } from '../ladder/scene.js';
import type { VenueModel } from '../testing.js';
import { marketMaking } from './market-making.js';
import { offsetsOf } from './quotes.js';

/** Both maker fees are 20 basis points here. */
const instrument = exampleInstrument({ makerFeeRate: '0' });
const parameters: JsonObject = { quantity: '1', lots: 3 };
const rule = { gamma: 0.05, kappa: 0.2, horizonSeconds: 60, atrSeconds: 10, spreadMinBps: 0.5, spreadMaxBps: 200 };

function quoting(changes: JsonObject = {}): VenueModel {
  const venue = ladderWorld(marketMaking, { ...parameters, ...changes }, instrument);
  venue.atr = Price.of('0.02');
  venue.command({ kind: 'started' });
  venue.deliverAll();
  return venue;
}

describe('the quotes of Avellaneda and Stoikov', () => {
  it('are the formula of the paper, in basis points', () => {
    // An average true range of 2 bps in 10 s is σ = 2 ÷ 1.5958 a √(10 s): a variance of 9.4248 in a minute.
    const variance = (2 / Math.sqrt(8 / Math.PI)) ** 2 * 6;
    const half = (0.05 * variance) / 2 + Math.log(1 + 0.05 / 0.2) / 0.05;
    for (const lots of [0, 1, 2.5]) {
      const { bid, ask } = offsetsOf(rule, lots, 0.0002);
      expect(bid).toBeCloseTo(-lots * 0.05 * variance - half, 12);
      expect(ask).toBeCloseTo(-lots * 0.05 * variance + half, 12);
    }
  });

  it('are never nearer than both fees and the margin, nor further than the most', () => {
    const { bid, ask } = offsetsOf({ ...rule, spreadMinBps: 25 }, 0, 0.0002);
    expect(ask - bid).toBe(25);
    const wild = offsetsOf(rule, 3, 0.05);
    expect(wild.ask - wild.bid).toBe(200);
    expect(wild.bid).toBe(-300);
  });
});

describe('market making', () => {
  it('bids once while it holds nothing, and offers each lot that it has bought', () => {
    const venue = quoting();
    // 100 less 4.7 bps, on the tick below.
    expect(book(venue)).toEqual(['buy 99.95']);
    trade(venue, '99.94', '99.95');
    expect(rungsOf(venue).filter(({ books }) => books.poolBase !== '0')).toHaveLength(1);
    expect(book(venue)).toHaveLength(2);
    expect(book(venue)[0]).toMatch(/^sell /);
  });

  it('prices the first offer of a lot by what it holds with that lot', () => {
    const venue = quoting();
    trade(venue, '99.94', '99.95');
    const [first] = book(venue);
    venue.pass(60);
    venue.market('99.94', '99.95');
    venue.deliverAll();
    expect(first).toBe(book(venue)[0]);
  });

  it('holds no more lots than it may, and lowers both prices with what it holds', () => {
    const venue = quoting();
    for (let cents = 9_995; cents > 9_900; cents -= 3) {
      trade(venue, String((cents - 1) / 100), String(cents / 100));
      venue.pass(1);
      venue.deliverAll();
    }
    expect(rungsOf(venue).filter(({ books }) => books.poolBase !== '0')).toHaveLength(3);
    expect(book(venue).every((line) => line.startsWith('sell'))).toBe(true);
    expect(book(venue)).toHaveLength(3);
  });

  it('replaces an order when it is off and old enough, and not before', () => {
    const venue = quoting();
    venue.market('100.99', '101.01');
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 99.95']);
    venue.pass(6);
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 100.95']);
    venue.pass(60);
    venue.market('100.99', '101.01');
    venue.deliverAll();
    const before = venue.orders.size;
    // Less than a basis point away.
    for (let second = 0; second < 30; second += 1) {
      venue.pass(1);
      venue.market('100.98', '101.01');
      venue.deliverAll();
    }
    expect(venue.orders.size).toBe(before);
  });

  it('withdraws everything while there is no quote, says so, and is back with the first one', () => {
    const venue = quoting();
    trade(venue, '99.94', '99.95');
    venue.silence();
    venue.pass(1);
    venue.deliverAll();
    expect(book(venue)).toEqual([]);
    for (let second = 0; second < 10; second += 1) venue.pass(1);
    const told = venue.effects.filter((effect) => effect.kind === 'reached' && effect.milestone === 'waits');
    expect(told).toHaveLength(1);
    venue.market('99.93', '99.95');
    venue.deliverAll();
    expect(book(venue)).toHaveLength(2);
  });

  it('bids nothing without a volatility, and leaves its asks where they are', () => {
    const venue = quoting();
    trade(venue, '99.94', '99.95');
    venue.atr = null;
    venue.pass(10);
    venue.market('99.5', '99.52');
    venue.deliverAll();
    expect(book(venue).filter((line) => line.startsWith('sell'))).toHaveLength(1);
  });

  it('never takes: beside the market where the formula would cross it', () => {
    const venue = quoting({ gamma: '5', lots: 2 });
    trade(venue, '99.6', '99.61');
    venue.pass(10);
    venue.market('99.6', '99.61');
    venue.deliverAll();
    const asks = book(venue).filter((line) => line.startsWith('sell'));
    expect(asks).toEqual(['sell 99.61']);
  });

  it.each<[string, JsonObject, string[]]>([
    ['are fine', {}, []],
    ['refuse a spread that the fees eat', { spreadMaxBps: '20' }, ['SPREAD_BELOW_FEES /spreadMaxBps']],
    ['refuse a lot that is worth too little', { quantity: '0.05' }, ['NOTIONAL_BELOW_MINIMUM /quantity']],
    [
      'name all at once',
      { gamma: '0', lots: 9, x: 1 },
      ['UNKNOWN_FIELD /x', 'NOT_A_DECIMAL /gamma', 'NOT_ALLOWED /lots'],
    ],
  ])('its parameters %s', (_name, changes, expected) => {
    const result = marketMaking.configure({ ...parameters, ...changes }, exampleInstrument(), Price.of('100'));
    expect(result.ok ? [] : result.error.map(({ code, field }) => `${code} ${field}`)).toEqual(expected);
  });

  it.each([
    ['0.06', []],
    ['0.055', ['LOT_NEAR_MINIMUM']],
  ])('a lot of %s that could not be sold after a fall is warned of: %j', (quantity, codes) => {
    const result = marketMaking.configure({ ...parameters, quantity }, exampleInstrument(), Price.of('100'));
    expect(result.ok && result.value.warnings.map(({ code }) => code)).toEqual(codes);
  });
});

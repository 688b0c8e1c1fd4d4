import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type JsonObject, Money, Price } from '@scalpstorm/model';
import { book, ladderWorld, rungsOf, trade } from '../ladder/scene.js';
import { told } from '../scene.js';
import { netBaseOf, type VenueModel } from '../testing.js';
import { grid } from './grid.js';

const parameters: JsonObject = { lower: '96', upper: '104', levels: 5, spacing: 'arithmetic', quantity: '1' };

function started(changes: JsonObject = {}): VenueModel {
  const venue = ladderWorld(grid, { ...parameters, ...changes });
  venue.command({ kind: 'started' });
  venue.deliverAll();
  return venue;
}

const reached = (venue: VenueModel): string[] => told(venue.effects).filter((line) => line.startsWith('reached'));

describe('a grid', () => {
  it('buys below the price and leaves the levels above it alone', () => {
    expect(book(started())).toEqual(['buy 100', 'buy 98', 'buy 96']);
    expect(reached(started())).toEqual(['reached started: STARTED']);
  });

  it('sells what it bought one level higher, buys there again, and earns what three lines say', () => {
    const venue = started();
    trade(venue, '97.9', '98');
    expect(book(venue)).toEqual(['sell 102', 'sell 100', 'buy 96']);
    trade(venue, '102', '102.1');
    expect(book(venue)).toEqual(['buy 102', 'buy 100', 'buy 98', 'buy 96']);
    const fee = 0.001;
    const net = [...venue.cycles.values()].map((cycle) => Number(Money.format(cycle.net)));
    // A fee in base is worth its own fill; what it took is not sold.
    const earned = (buy: number, sell: number) => (1 - fee) * (sell - buy) - fee * buy - fee * (1 - fee) * sell;
    expect(net.toSorted((a, b) => a - b)[0]).toBeCloseTo(earned(100, 102), 9);
    expect(net).toHaveLength(2);
    expect([...venue.cycles.keys()].toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  it('does not buy where it would meet its own sale of what it bought below', () => {
    const venue = started();
    trade(venue, '97.9', '98');
    // The market has turned so fast that of two sales it met only the dearer one is heard of.
    venue.market('102.1', '102.2');
    venue.turn = venue.live.findIndex(({ request }) => request.price === Price.of('102'));
    venue.fill(1000);
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 100', 'buy 96']);
    trade(venue, '102.1', '102.2');
    expect(book(venue)).toEqual(['buy 102', 'buy 100', 'buy 98', 'buy 96']);
  });

  it('buys at a level above the price once the price has been above it', () => {
    const venue = started();
    trade(venue, '102.4', '102.5');
    expect(book(venue)).toEqual(['buy 102', 'buy 100', 'buy 98', 'buy 96']);
  });

  it('buys the stock of the levels above the price at once, for no more than their level', () => {
    const venue = started({ startAbove: 'buy' });
    expect(book(venue)).toEqual(['buy 100.12', 'buy 100', 'buy 98', 'buy 96']);
    trade(venue, '100.05', '100.1');
    expect(book(venue)).toEqual(['sell 104', 'buy 100', 'buy 98', 'buy 96']);
  });

  it('closes all of it at the stop price, ends, and begins anew when it is started above', () => {
    const venue = started({ stopPrice: '95' });
    trade(venue, '95.5', '95.6');
    expect(book(venue)).toEqual(['sell 102', 'sell 100', 'sell 98']);
    trade(venue, '94.9', '95');
    expect(book(venue)).toEqual([]);
    expect(reached(venue).at(-1)).toBe('reached auto-stopped: GRID_STOP_PRICE');
    expect(rungsOf(venue).map(({ mode }) => mode)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    trade(venue, '99.99', '100.01');
    expect(book(venue)).toEqual([]);
    venue.command({ kind: 'started' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 100', 'buy 98', 'buy 96']);
  });

  it('is flat by the word of its user, too, after it has ended by itself', () => {
    const venue = started({ quantity: '0.511', stopPrice: '95' });
    trade(venue, '95.5', '95.6');
    trade(venue, '94.9', '95');
    expect(reached(venue).at(-1)).toBe('reached auto-stopped: GRID_STOP_PRICE');
    // What is left of a bot that was flattened is known to be dust, and no obstacle to its end.
    venue.command({ kind: 'flatten-asked' });
    expect(reached(venue).at(-1)).toBe('reached stopped: FLATTENED');
  });

  it('goes on closing after a restart in the midst of it', () => {
    const venue = started({ stopPrice: '95' });
    trade(venue, '95.5', '95.6');
    venue.market('94.9', '95');
    venue.save();
    venue.restart();
    trade(venue, '99.99', '100.01');
    expect(book(venue)).toEqual([]);
    expect(reached(venue).at(-1)).toBe('reached auto-stopped: GRID_STOP_PRICE');
  });

  it('closes at the stop price what each level holds too little of for an order of its own', () => {
    const venue = started({ quantity: '0.053', stopPrice: '86' });
    trade(venue, '95.5', '95.6');
    expect(book(venue)).toHaveLength(3);
    // 0.053 at 86 are worth 4.56; the venue takes nothing below 5.
    trade(venue, '86', '86.01');
    expect(book(venue)).toEqual([]);
    expect(netBaseOf(venue.fills, venue.instrument)).toBeLessThan(2n * 10n ** 13n);
    expect(reached(venue).at(-1)).toBe('reached auto-stopped: GRID_STOP_PRICE');
    expect(venue.fills.filter(({ side }) => side === 'sell')).toHaveLength(1);
  });

  it('is finished at the take-profit price', () => {
    const venue = started({ takeProfitPrice: '105' });
    trade(venue, '105', '105.1');
    expect(book(venue)).toEqual([]);
    expect(reached(venue).at(-1)).toBe('reached finished: GRID_TAKE_PROFIT');
  });

  it('lets one level wait that is denied, and does not knock with the others meanwhile', () => {
    const venue = ladderWorld(grid, parameters);
    venue.denyNext = 'TOO_MANY_OPEN_ORDERS';
    venue.command({ kind: 'started' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['buy 98', 'buy 96']);
    venue.pass(1);
    expect(book(venue)).toEqual(['buy 100', 'buy 98', 'buy 96']);
    expect(venue.denials.size).toBe(1);
  });

  it.each([
    ['whose rungs hold nothing', '1'],
    ['whose rungs hold what is too little to sell', '0.511'],
  ])('asks the gate a few times in a minute where it denies everything, %s', (_name, quantity) => {
    const venue = ladderWorld(grid, { ...parameters, quantity, lower: '60', levels: 41, upper: '100' });
    venue.command({ kind: 'started' });
    for (let step = 0; step < 4; step += 1) venue.pass(2);
    trade(venue, '60.5', '60.6');
    trade(venue, '100', '100.01');
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    venue.deliverAll();
    expect(venue.live).toEqual([]);
    venue.effects.length = 0;
    Object.defineProperty(venue, 'denyNext', { get: () => 'TOO_MANY_OPEN_ORDERS', set: () => undefined });
    venue.command({ kind: 'started' });
    for (let step = 0; step < 300; step += 1) {
      venue.deliverAll();
      venue.pass(0.2);
    }
    expect(venue.live).toEqual([]);
    expect(venue.denials.size).toBeGreaterThan(5);
    expect(venue.denials.size).toBeLessThan(20);
    const said = told(venue.effects).filter((line) => !line.startsWith('open'));
    expect(said.length).toBeLessThan(60);
  });

  it('has no more orders alive than it may', () => {
    const venue = started({ openOrdersMax: 2 });
    expect(book(venue)).toEqual(['buy 100', 'buy 98']);
    trade(venue, '97.9', '98');
    expect(book(venue)).toEqual(['sell 102', 'sell 100']);
    trade(venue, '100', '100.1');
    expect(book(venue)).toEqual(['sell 102', 'buy 98']);
  });

  it('stops as a whole when one of its orders is canceled by hand, and keeps what it holds', () => {
    const venue = started();
    trade(venue, '99.9', '100');
    venue.end('canceled');
    venue.deliverAll();
    expect(book(venue)).toEqual([]);
    expect(reached(venue)).toContain('reached auto-stopped: ORDER_CANCELED_AT_VENUE');
    venue.command({ kind: 'started' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 102', 'buy 98', 'buy 96']);
  });

  it('pauses, resumes, stops and flattens with one word each', () => {
    const venue = started();
    trade(venue, '99.9', '100');
    venue.command({ kind: 'paused' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 102']);
    venue.command({ kind: 'resumed' });
    venue.deliverAll();
    expect(book(venue)).toEqual(['sell 102', 'buy 98', 'buy 96']);
    venue.command({ kind: 'flatten-asked' });
    trade(venue, '99.9', '100');
    expect(book(venue)).toEqual([]);
    expect(reached(venue)).toEqual([
      'reached started: STARTED',
      'reached paused: PAUSED',
      'reached started: STARTED',
      'reached stopped: FLATTENED',
    ]);
  });

  it('sells nothing below what was paid after an edit, and moves what rests', () => {
    const venue = started();
    trade(venue, '97.9', '98');
    const edited = { ...parameters, lower: '90', upper: '94', levels: 3 };
    venue.edit(unwrap(grid.configure(edited, exampleInstrument())));
    venue.deliverAll();
    // Rung 2 bought at 100 and sells 94 ÷ 92 higher, rung 1 bought at 98, and rung 0 moves from 96 to 90.
    expect(book(venue)).toEqual(['sell 102.18', 'sell 100.14', 'buy 90']);
  });

  it('says once that it waits for a price', () => {
    const venue = ladderWorld(grid, parameters);
    venue.silence();
    venue.command({ kind: 'started' });
    for (let second = 0; second < 20; second += 1) venue.pass(1);
    expect(told(venue.effects).filter((line) => line.includes('WAITS'))).toHaveLength(2);
    venue.market('99.99', '100.01');
    expect(reached(venue).at(-1)).toBe('reached goes-on: PRICE_KNOWN');
  });
});

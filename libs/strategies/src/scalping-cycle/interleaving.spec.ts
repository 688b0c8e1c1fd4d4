import { describe, expect, it } from '@jest/globals';
import { cashOf } from '@scalpstorm/engine';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { ClientOrderId, type JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import { netBaseOf, VenueModel } from '../testing.js';
import { read } from './amounts.js';
import { tradable } from './books.js';
import { scalpingCycle } from './scalping-cycle.js';

const bought: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '101.5' } };
const offsets: JsonObject = {
  quantity: '0.73213',
  buyPrice: { offset: '-3', unit: 'ticks', from: 'last' },
  sellPrice: { offset: '25', unit: 'bps', from: 'entry' },
};
const sold: JsonObject = { ...bought, firstSide: 'sell' };

const action = fc.record({
  what: fc.constantFrom(
    ...(['deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'repeat', 'accept', 'fill', 'fill', 'fill'] as const),
    ...([
      'save',
      'restart',
      'tick',
      'deny',
      'reject',
      'expire',
      'hand',
      'pause',
      'resume',
      'stop',
      'start',
      'flatten',
    ] as const),
  ),
  pick: fc.nat(),
  thousandths: fc.constantFrom(1, 37, 250, 500, 1000, 1000),
  bnb: fc.boolean(),
});

/** Everything that must hold whatever has happened. */
function check(venue: VenueModel): void {
  expect(venue.live.length).toBeLessThanOrEqual(1);
  // Every attempt before the newest was used: nothing was skipped, and no order stands outside its slot.
  for (const id of [...venue.orders.keys(), ...venue.denials]) {
    const slot = ClientOrderId.slotOf(id);
    if (slot === null) throw new Error(`no slot: ${id}`);
    for (let attempt = 0; attempt < slot.attempt; attempt += 1) {
      const earlier = ClientOrderId.forSlot({ ...slot, attempt });
      expect(venue.orders.has(earlier) || venue.denials.has(earlier)).toBe(true);
    }
  }
}

/** When all has been heard: the books are the venue's, to the last digit. */
function checkMoney(venue: VenueModel): void {
  const { books } = venue.machine;
  const cash = cashOf(venue.fills, venue.instrument.quote).amount;
  const pool = books.poolSide === 'buy' ? read(books.poolValue) : -read(books.poolValue);
  let earned = read(books.gross) - read(books.fees);
  for (const [number, cycle] of venue.cycles) {
    if (number < venue.machine.cycle) earned += cycle.net.amount;
  }
  expect(earned).toBe(cash + pool);
  expect(books.poolSide === 'buy' ? read(books.poolBase) : -read(books.poolBase)).toBe(
    netBaseOf(venue.fills, venue.instrument),
  );
}

function act(
  venue: VenueModel,
  { what, pick, thousandths, bnb }: typeof action extends fc.Arbitrary<infer T> ? T : never,
): void {
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill(thousandths, bnb ? 'BNB' : 'usual');
  if (what === 'save') venue.save();
  if (what === 'restart') venue.restart();
  if (what === 'tick') venue.pass((pick % 100) / 10);
  if (what === 'deny') venue.denyNext = pick % 2 === 0 ? 'ORDER_RATE_EXCEEDED' : 'MARKET_DATA_STALE';
  if (what === 'reject') venue.end('rejected');
  if (what === 'hand') venue.end('canceled');
  if (what === 'expire') venue.end('expired');
  if (what === 'pause') venue.command({ kind: 'paused' });
  if (what === 'resume') venue.command({ kind: 'resumed' });
  if (what === 'stop') venue.command({ kind: 'stop-asked', reason: 'stop' });
  if (what === 'start') venue.command({ kind: 'started' });
  if (what === 'flatten') venue.command({ kind: 'flatten-asked' });
}

function settle(venue: VenueModel): void {
  venue.denyNext = null;
  for (let round = 0; round < 40; round += 1) {
    venue.deliverAll();
    venue.pass(31);
  }
  venue.deliverAll();
}

describe('the scalping cycle under any interleaving', () => {
  it.each([
    ['buy first, fixed prices', bought],
    ['buy first, offsets', offsets],
    ['sell first', sold],
  ])('orders once, ends up with the right order, and accounts for every digit: %s', (_name, parameters) => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
        const venue = new VenueModel(unwrap(scalpingCycle.configure(parameters, exampleInstrument())));
        venue.command({ kind: 'started' });
        for (const next of actions) {
          act(venue, next);
          check(venue);
        }
        settle(venue);
        check(venue);
        checkMoney(venue);
        // Whatever the user wanted last, a start now leads to exactly the one order that is due.
        for (let rounds = 0; venue.machine.mode !== 'running' && rounds < 40; rounds += 1) {
          if (venue.machine.mode === 'flattening') venue.fill(1000);
          venue.command({ kind: 'started' });
          settle(venue);
        }
        expect(venue.live.length).toBe(1);
        const [live] = venue.live;
        const open = tradable(venue.machine.books, venue.instrument);
        if (live?.filledQuantity === 0n) expect(live.request.purpose).toBe(open > 0n ? 'close' : 'open');
        checkMoney(venue);
      }),
      { numRuns: 60 },
    );
  });
});

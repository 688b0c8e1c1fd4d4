import { describe, expect, it } from '@jest/globals';
import { cashOf, type PairFunds } from '@scalpstorm/engine';
import { btc, exampleInstrument, usdt } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { ClientOrderId, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
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
const guarded: JsonObject = {
  ...bought,
  trailingPercent: '1',
  stopLossPercent: '2',
  takeProfitPercent: '3',
  entryTimeoutSeconds: 20,
  coolDownSeconds: 3,
};
/** Ends at the first stop-loss. */
const cautious: JsonObject = { ...guarded, trailingPercent: null, afterStopLoss: 'stop' };
const impatient: JsonObject = { ...bought, timeInForce: 'IOC', stopLossPercent: '1' };
/** Sized by an account that changes all the time, and is not known now and then. */
const atRisk: JsonObject = { ...guarded, quantity: '3', sizing: { riskPercent: '1' } };
const byKelly: JsonObject = { ...guarded, quantity: '3', sizing: { kellyPercent: '50', equityPercentMax: '20' } };
const sold: JsonObject = { ...bought, firstSide: 'sell' };

/** What is closed at the market goes in three parts, and in more than the bot remembers. */
const inThree = exampleInstrument({ marketQuantityMax: Quantity.of('0.4') });
const inMany = exampleInstrument({ marketQuantityMax: Quantity.of('0.1') });
/** In steps of its own, of a value of its own: what goes in none of them is dust. */
const inSteps = exampleInstrument({
  marketStepSize: Quantity.of('0.05'),
  marketQuantityMin: Quantity.of('0.1'),
  marketNotionalMax: Money.of('45', 'USDT'),
});

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
      'market',
      'market',
      'lost',
      'edit',
      'released',
    ] as const),
  ),
  pick: fc.nat(),
  thousandths: fc.constantFrom(1, 37, 250, 500, 1000, 1000),
  bnb: fc.boolean(),
});

function fundsAt(pick: number): PairFunds | null {
  const cash = { amount: BigInt(500 + (pick % 10_000)) * 10n ** 18n, currency: usdt };
  const quote = { currency: usdt, free: cash, locked: Money.zero(usdt) };
  const base = { currency: btc, free: Money.zero(btc), locked: Money.zero(btc) };
  return pick % 7 === 0 ? null : { base, quote };
}

/** Everything that must hold whatever has happened. */
function check(venue: VenueModel): void {
  // Nothing but a stop-loss that closed something, or had too little to close, ends a bot as stopped out.
  if (venue.machine.endCode === 'STOPPED_BY_STOP_LOSS') {
    const told = venue.effects.some((effect) => effect.kind === 'log' && effect.code === 'STOP_LOSS');
    const closed = [...venue.orders.values()].some(
      ({ request }) => request.type === 'market' && request.purpose === 'close',
    );
    const kept = venue.effects.some((effect) => effect.kind === 'log' && effect.code === 'DUST_KEPT');
    expect(told && (closed || kept)).toBe(true);
  }
  expect(venue.live.length).toBeLessThanOrEqual(1);
  // Every attempt before the newest was used: nothing was skipped, and no order stands outside its slot. Without `expect`, which
  // would take longer than the strategy.
  for (const id of [...venue.orders.keys(), ...venue.denials]) {
    const slot = ClientOrderId.slotOf(id);
    if (slot === null) throw new Error(`no slot: ${id}`);
    for (let attempt = 0; attempt < slot.attempt; attempt += 1) {
      const earlier = ClientOrderId.forSlot({ ...slot, attempt });
      if (!venue.orders.has(earlier) && !venue.denials.has(earlier)) throw new Error(`skipped: ${earlier}`);
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

const step = (parameters: JsonObject, instrument = exampleInstrument()) =>
  unwrap(scalpingCycle.configure(parameters, instrument));

function act(
  venue: VenueModel,
  parameters: JsonObject,
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
  if (what === 'lost') venue.end('canceled', 'VENUE_NOT_FOUND');
  if (what === 'market') venue.funds = fundsAt(pick);
  if (what === 'market') venue.market(String(95 + (pick % 15)), String(95.01 + (pick % 15)));
  if (what === 'edit')
    venue.edit(step(pick % 2 === 0 ? { ...parameters, sellPrice: { fixed: '104' } } : parameters, venue.instrument));
  if (what === 'released') venue.hear({ kind: 'released' });
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
    ['trailing, stop-loss, take-profit, time-out and cool-down', guarded],
    ['a stop-loss that ends the bot', cautious],
    ['orders that do not rest', impatient],
    ['sized by the risk', atRisk],
    ['sized by Kelly', byKelly],
    ['stops that close in parts', guarded, inThree],
    ['flattens that close in many parts', bought, inMany],
    ['stops that close in steps of their own', guarded, inSteps],
  ])(
    'orders once, ends up with the right order, and accounts for every digit: %s',
    (_name, parameters, instrument = exampleInstrument()) => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
          const venue = new VenueModel(step(parameters, instrument), Price.of('100'), instrument);
          venue.command({ kind: 'started' });
          for (const next of actions) {
            act(venue, parameters, next);
            check(venue);
          }
          venue.funds = fundsAt(500);
          settle(venue);
          check(venue);
          checkMoney(venue);
          // Whatever the user wanted last, a start now leads to exactly the one order that is due.
          for (let rounds = 0; venue.machine.mode !== 'running' && rounds < 40; rounds += 1) {
            if (venue.machine.mode === 'flattening') venue.fill(1000);
            venue.command({ kind: 'started' });
            settle(venue);
          }
          // Back to where an entry would fill and no stop is near: an exit that trails rests nowhere, all else does.
          venue.market('100', '100.01');
          if (parameters['timeInForce'] === 'IOC') venue.market('99.99', '100');
          settle(venue);
          const { books, dust } = venue.machine;
          // No exit of these scenes lies outside of this range.
          const openAt = (price: string): bigint =>
            read(books.poolBase) <= read(dust) ? 0n : tradable(books, venue.instrument, Price.of(price));
          const [low, high] = [openAt('90'), openAt('115')];
          if (high === 0n || parameters === bought || parameters === offsets || parameters === sold) {
            expect(venue.live.length).toBe(1);
          }
          const [live] = venue.live;
          if (live?.filledQuantity === 0n && high === 0n) expect(live.request.purpose).toBe('open');
          if (live?.filledQuantity === 0n && low > 0n) expect(live.request.purpose).toBe('close');
          checkMoney(venue);
        }),
        { numRuns: 60 },
      );
    },
  );
});

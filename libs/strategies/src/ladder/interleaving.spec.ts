import { describe, expect, it } from '@jest/globals';
import { cashOf } from '@scalpstorm/engine';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { ClientOrderId, type JsonObject, Price } from '@scalpstorm/model';
import fc from 'fast-check';
import { grid } from '../grid/grid.js';
import { marketMaking } from '../market-making/market-making.js';
import { read } from '../scalping-cycle/amounts.js';
import type { Strategy } from '../sdk/define.js';
import { netBaseOf, type VenueModel } from '../testing.js';
import { ladderWorld, rungsOf, trade } from './scene.js';

// Of each a fee of a thousandth leaves what no step can sell.
const levels: JsonObject = { lower: '96', upper: '104', levels: 6, quantity: '0.511' };

/** Of which each order is worth replacing at once. */
const lots: JsonObject = { quantity: '0.511', lots: 4, refreshSeconds: 1, toleranceBps: '1' };

const kinds = [
  ...(['deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'repeat', 'accept', 'fill', 'fill', 'fill'] as const),
  ...(['late', 'save', 'restart', 'tick', 'deny', 'reject', 'expire', 'hand', 'lost', 'loseNext', 'find'] as const),
  ...([
    'pause',
    'resume',
    'stop',
    'start',
    'start',
    'flatten',
    'market',
    'market',
    'market',
    'edit',
    'released',
  ] as const),
  ...(['stubborn', 'silence'] as const),
];
const action = fc.record({
  what: fc.constantFrom(...kinds),
  pick: fc.nat(),
  thousandths: fc.constantFrom(1, 37, 250, 500, 1000, 1000),
  bnb: fc.boolean(),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

interface Scene {
  readonly strategy: Strategy;
  readonly parameters: JsonObject;
  readonly edited: JsonObject;
  /** Of the strategy: to whom an order belongs. */
  readonly stride: number;
  /** Not where a rung makes more orders than it remembers: a fill of one that it has forgotten is not taken. */
  readonly late?: false;
}

function act(
  venue: VenueModel,
  { strategy, parameters, edited, late }: Scene,
  { what, pick, thousandths, bnb }: Action,
): void {
  venue.turn = pick;
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill(thousandths, bnb ? 'BNB' : 'usual');
  if (what === 'save') venue.save();
  if (what === 'restart') venue.restart();
  if (what === 'tick') venue.pass((pick % 100) / 10);
  if (what === 'deny') venue.denyNext = pick % 2 === 0 ? 'TOO_MANY_OPEN_ORDERS' : 'MARKET_DATA_STALE';
  if (what === 'reject') venue.end('rejected');
  if (what === 'hand') venue.end('canceled');
  if (what === 'lost') venue.end('canceled', 'VENUE_NOT_FOUND');
  if (what === 'expire') venue.end('expired');
  if (what === 'loseNext') venue.loseNext = true;
  if (what === 'find') venue.find();
  if (what === 'stubborn') venue.refusesCancels = pick % 3 === 0;
  if (what === 'silence') venue.silence();
  if (what === 'market') venue.market(String(94 + (pick % 13)), String(94.02 + (pick % 13)));
  if (what === 'edit') {
    venue.edit(unwrap(strategy.configure(pick % 2 === 0 ? edited : parameters, venue.instrument)));
  }
  if (what === 'released') venue.hear({ kind: 'released' });
  if (what === 'pause') venue.command({ kind: 'paused' });
  if (what === 'resume' && mayStart(venue)) venue.command({ kind: 'resumed' });
  if (what === 'stop') venue.command({ kind: 'stop-asked', reason: 'stop' });
  if (what === 'start' && mayStart(venue)) venue.command({ kind: 'started' });
  if (what === 'flatten') venue.command({ kind: 'flatten-asked' });
  if (what === 'late' && late !== false) fillLate(venue, pick, thousandths);
}

/** The life of a bot refuses to start one that is being stopped or flattened (`engine/bots`). */
const mayStart = (venue: VenueModel): boolean =>
  !rungsOf(venue).some(({ mode }) => mode === 'stopping' || mode === 'flattening');

/** The venue tells only now of a fill of an order that is over. */
function fillLate(venue: VenueModel, pick: number, thousandths: number): void {
  const over = [...venue.orders.values()].filter(({ status }) => status === 'canceled');
  const order = over[pick % Math.max(over.length, 1)];
  // A late sale of what was never there is no venue's: its own books would not have it.
  if (order?.request.side === 'buy') venue.fillLate(order.request.clientOrderId, thousandths);
}

/** What of an earlier life a rung may not know: nothing, what it closes, or what it holds, by a fill that came after its order was over. */
type Unknown = 'nothing' | 'closes' | 'holdings';

/**
 * Everything that must hold whatever has happened. A rung has one order alive. Only what a life that is forgotten has asked for may close
 * beside it, until that is heard of, and the gate sees to it that no more is sold than is held.
 */
function check(venue: VenueModel, { stride }: Scene, unknown: Unknown): void {
  const alive = new Map<number, string[]>();
  for (const { request } of venue.live) {
    const rung = (ClientOrderId.slotOf(request.clientOrderId)?.cycle ?? 0) % stride;
    alive.set(rung, [...(alive.get(rung) ?? []), request.purpose ?? '']);
  }
  for (const [rung, purposes] of alive) {
    const allowed = unknown === 'holdings' || (unknown === 'closes' && !purposes.includes('open'));
    if (purposes.length > 1 && !allowed) throw new Error(`${purposes} of rung ${rung}`);
    if (purposes.filter((purpose) => purpose === 'open').length > 1) throw new Error(`two entries of rung ${rung}`);
  }
  for (const id of [...venue.orders.keys(), ...venue.denials]) {
    const slot = ClientOrderId.slotOf(id);
    if (slot === null) throw new Error(`no slot: ${id}`);
    for (let attempt = 0; attempt < slot.attempt; attempt += 1) {
      const earlier = ClientOrderId.forSlot({ ...slot, attempt });
      if (!venue.orders.has(earlier) && !venue.denials.has(earlier)) throw new Error(`skipped: ${earlier}`);
    }
  }
  if (netBaseOf(venue.fills, venue.instrument) < 0n) throw new Error('sold more than it held');
}

/** When all has been heard: the books of all rungs together are the venue's, to the last digit. */
function checkMoney(venue: VenueModel, stride: number): void {
  let earned = 0n;
  let cost = 0n;
  let base = 0n;
  for (const { books } of rungsOf(venue)) {
    const sign = books.poolSide === 'buy' ? 1n : -1n;
    cost += sign * read(books.poolValue);
    base += sign * read(books.poolBase);
    earned += read(books.gross) - read(books.fees);
  }
  for (const [number, cycle] of venue.cycles) {
    const rung = rungsOf(venue)[number % stride];
    if (rung !== undefined && number < rung.cycle) earned += cycle.net.amount;
  }
  expect(earned).toBe(cashOf(venue.fills, venue.instrument.quote).amount + cost);
  expect(base).toBe(netBaseOf(venue.fills, venue.instrument));
}

function settle(venue: VenueModel): void {
  venue.denyNext = null;
  venue.refusesCancels = false;
  venue.loseNext = false;
  venue.find();
  for (let round = 0; round < 40; round += 1) {
    venue.deliverAll();
    venue.pass(31);
  }
  venue.deliverAll();
}

describe('several rungs under any interleaving', () => {
  it.each([
    ['a grid', { strategy: grid, parameters: levels, edited: { ...levels, levels: 4, upper: '102' }, stride: 64 }],
    [
      'a grid that buys at once and has a stop',
      {
        strategy: grid,
        parameters: { ...levels, startAbove: 'buy', stopPrice: '94.5', openOrdersMax: 3 },
        edited: { ...levels, startAbove: 'buy', stopPrice: '95', levels: 9 },
        stride: 64,
      },
    ],
    [
      'market making',
      { strategy: marketMaking, parameters: lots, edited: { ...lots, lots: 2 }, stride: 8, late: false },
    ],
  ] as const)(
    'order once for each slot, sell no more than they hold, and account for every digit: %s',
    (_name, scene) => {
      let placed = 0;
      fc.assert(
        fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
          const venue = ladderWorld(scene.strategy, scene.parameters);
          venue.atr = Price.of('0.5');
          venue.command({ kind: 'started' });
          let unknown: Unknown = 'nothing';
          let late = false;
          for (const next of actions) {
            act(venue, scene, next);
            late ||= next.what === 'late';
            if (next.what === 'restart') unknown = late ? 'holdings' : 'closes';
            check(venue, scene, unknown);
          }
          settle(venue);
          check(venue, scene, unknown);
          checkMoney(venue, scene.stride);
          placed += venue.orders.size;
          // Whatever happened: a flatten closes all of it.
          venue.command({ kind: 'flatten-asked' });
          for (let round = 0; round < 30; round += 1) {
            settle(venue);
            trade(venue, '100', '100.02');
          }
          expect(venue.live).toEqual([]);
          expect(rungsOf(venue).map(({ mode }) => mode)).not.toContain('flattening');
          // All of them together are left with less than one order.
          expect(netBaseOf(venue.fills, exampleInstrument())).toBeLessThan(6n * 10n ** 16n);
          checkMoney(venue, scene.stride);
        }),
        { numRuns: 60, endOnFailure: true },
      );
      expect(placed).toBeGreaterThan(100);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { cashOf } from '@scalpstorm/engine';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { ClientOrderId, type JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import { read } from '../scalping-cycle/amounts.js';
import { netBaseOf, VenueModel } from '../testing.js';
import { dca } from './dca.js';

// A fee of a thousandth leaves what no step can sell.
const parameters: JsonObject = {
  quantity: '0.991',
  safetyOrders: 4,
  deviationPercent: '1',
  volumeScale: '1.5',
  takeProfitPercent: '1',
};

const kinds = [
  ...(['deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'repeat', 'accept', 'fill', 'fill', 'fill'] as const),
  ...(['save', 'restart', 'tick', 'deny', 'reject', 'expire', 'hand', 'lost', 'loseNext', 'find', 'stubborn'] as const),
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
    'market',
    'silence',
  ] as const),
];
const action = fc.record({
  what: fc.constantFrom(...kinds),
  pick: fc.nat(),
  thousandths: fc.constantFrom(1, 37, 250, 500, 1000, 1000),
  bnb: fc.boolean(),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** The life of a bot refuses to start one that is being stopped or flattened (`engine/bots`). */
const mayStart = ({ machine: { mode } }: VenueModel): boolean => mode !== 'stopping' && mode !== 'flattening';

function act(venue: VenueModel, { what, pick, thousandths, bnb }: Action): void {
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill(thousandths, bnb ? 'BNB' : 'usual');
  if (what === 'save') venue.save();
  if (what === 'restart') venue.restart();
  if (what === 'tick') venue.pass((pick % 100) / 10);
  if (what === 'deny') venue.denyNext = 'BOT_POSITION_ABOVE_MAXIMUM';
  if (what === 'reject') venue.end('rejected');
  if (what === 'hand') venue.end('canceled');
  if (what === 'lost') venue.end('canceled', 'VENUE_NOT_FOUND');
  if (what === 'expire') venue.end('expired');
  if (what === 'loseNext') venue.loseNext = true;
  if (what === 'find') venue.find();
  if (what === 'stubborn') venue.refusesCancels = pick % 3 === 0;
  if (what === 'silence') venue.silence();
  if (what === 'market') venue.market(String(93 + (pick % 10)), String(93.01 + (pick % 10)));
  if (what === 'pause') venue.command({ kind: 'paused' });
  if (what === 'resume' && mayStart(venue)) venue.command({ kind: 'resumed' });
  if (what === 'stop') venue.command({ kind: 'stop-asked', reason: 'stop' });
  if (what === 'start' && mayStart(venue)) venue.command({ kind: 'started' });
  if (what === 'flatten') venue.command({ kind: 'flatten-asked' });
}

/** Σ of the purchases of one cycle, 10^-12. */
function boughtIn(venue: VenueModel, cycle: number): bigint {
  return [...venue.orders.values()]
    .filter(({ request }) => {
      return request.purpose === 'open' && ClientOrderId.slotOf(request.clientOrderId)?.cycle === cycle;
    })
    .reduce((sum, order) => sum + order.filledQuantity, 0n);
}

/** All five orders: 1 + 1 + 1.5 + 2.25 + 3.375. */
const allSteps = 9_125_000_000_000n;

/** Only what a life that is forgotten has asked for may be alive beside its order: the purchase of a step beside the exit, each once. */
function check(venue: VenueModel, forgets: boolean): void {
  const purposes = venue.live.map(({ request }) => request.purpose);
  const each = purposes.length === 2 && new Set(purposes).size === 2;
  if (purposes.length > 1 && !(forgets && each)) throw new Error(`alive: ${purposes}`);
  if (netBaseOf(venue.fills, venue.instrument) < 0n) throw new Error('sold more than it held');
  for (let cycle = 0; cycle <= venue.machine.cycle; cycle += 1) {
    if (boughtIn(venue, cycle) > allSteps) throw new Error(`cycle ${cycle} bought more than all its steps`);
  }
}

function checkMoney(venue: VenueModel): void {
  const { books } = venue.machine;
  const sign = books.poolSide === 'buy' ? 1n : -1n;
  let earned = read(books.gross) - read(books.fees);
  for (const [number, cycle] of venue.cycles) if (number < venue.machine.cycle) earned += cycle.net.amount;
  expect(earned).toBe(cashOf(venue.fills, venue.instrument.quote).amount + sign * read(books.poolValue));
  expect(sign * read(books.poolBase)).toBe(netBaseOf(venue.fills, venue.instrument));
}

describe('DCA under any interleaving', () => {
  it.each([
    ['as usual', {}],
    ['with a stop and a start price', { stopLossPercent: '4', startPrice: '99' }],
  ] as const)('has one order alive, buys no step twice, and accounts for every digit: %s', (_name, changes) => {
    let safety = 0;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
        const venue = new VenueModel(unwrap(dca.configure({ ...parameters, ...changes }, exampleInstrument())));
        venue.market('99.99', '100');
        venue.command({ kind: 'started' });
        venue.deliverAll();
        venue.fill(1000);
        venue.deliverAll();
        let forgets = false;
        for (const next of actions) {
          act(venue, next);
          forgets ||= next.what === 'restart';
          check(venue, forgets);
        }
        venue.denyNext = null;
        venue.refusesCancels = false;
        venue.loseNext = false;
        venue.find();
        for (let round = 0; round < 40; round += 1) {
          venue.deliverAll();
          venue.pass(31);
        }
        venue.deliverAll();
        check(venue, forgets);
        checkMoney(venue);
        for (let cycle = 0; cycle <= venue.machine.cycle; cycle += 1) {
          if (boughtIn(venue, cycle) > 10n ** 12n) safety += 1;
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
    // A property about orders that were never made proves nothing.
    expect(safety).toBeGreaterThan(5);
  });
});

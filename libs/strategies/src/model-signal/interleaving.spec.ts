import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import type { VenueModel } from '../testing.js';
import { predict, world } from './scene.js';
import { entryGainBps, freshPrediction } from './signal.js';

const actions = [
  'predict',
  'predict',
  'predict',
  'forget',
  'market',
  'market',
  'market',
  'tick',
  'tick',
  'deliver',
  'deliver',
  'deliver',
  'repeat',
  'accept',
  'fill',
  'fill',
  'expire',
  'reject',
  'deny',
  'lost',
  'save',
  'restart',
  'pause',
  'resume',
  'stop',
  'start',
  'flatten',
  'released',
] as const;
const action = fc.record({
  what: fc.constantFrom(...actions),
  pick: fc.nat({ max: 1_000 }),
  up: fc.nat({ max: 100 }).map((percent) => percent / 100),
});

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function act(venue: VenueModel, { what, pick, up }: Action): void {
  const cents = 9_900 + (pick % 200);
  if (what === 'predict') predict(venue, up, (pick % 30) / 10);
  if (what === 'forget') venue.prediction = null;
  if (what === 'market') venue.market(String(cents / 100), String((cents + 1 + (pick % 3)) / 100));
  if (what === 'tick') venue.pass((pick % 150) / 10);
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill([1, 250, 500, 1000][pick % 4] ?? 1000);
  if (what === 'expire') venue.end('expired');
  if (what === 'reject') venue.end('rejected');
  if (what === 'deny') venue.denyNext = 'ORDER_RATE_EXCEEDED';
  if (what === 'lost') venue.end('canceled', 'VENUE_NOT_FOUND');
  if (what === 'save') venue.save();
  if (what === 'restart') venue.restart();
  if (what === 'pause') venue.command({ kind: 'paused' });
  if (what === 'resume') venue.command({ kind: 'resumed' });
  if (what === 'stop') venue.command({ kind: 'stop-asked', reason: 'stop' });
  if (what === 'start') venue.command({ kind: 'started' });
  if (what === 'flatten') venue.command({ kind: 'flatten-asked' });
  if (what === 'released') venue.hear({ kind: 'released' });
}

/** A prediction that allows an entry now. */
function mayOpen(venue: VenueModel): boolean {
  const { prediction, instrument, now } = venue;
  const fresh = freshPrediction('direction', { prediction, instrument, now } as Parameters<typeof freshPrediction>[1]);
  return fresh !== null && entryGainBps(fresh, instrument) > 1;
}

/** Each opens at once, so that there is something to judge whatever is drawn. */
const openings = Array.from({ length: 21 }, (_, pick): [Action[]] => [[{ what: 'predict', pick, up: 1 }]]);

describe('the model signal under any interleaving', () => {
  it.each([
    ['as usual', {}],
    ['one cycle at a time with a rest', { coolDownSeconds: 5, maxCycles: 3 }],
    ['without a stop', { stopLossPercent: null, takeProfitPercent: null }],
  ] as const)('opens only on a valid prediction that is worth it, one order at a time: %s', (_name, changes) => {
    let opened = 0;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (steps) => {
        const venue = world(changes as JsonObject);
        for (const next of steps) {
          const before = venue.effects.length;
          act(venue, next);
          const openings = venue.effects
            .slice(before)
            .filter((one) => one.kind === 'place' && one.order.purpose === 'open');
          opened += openings.length;
          if (openings.length > 0) expect(mayOpen(venue)).toBe(true);
          expect(venue.live.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 80 + openings.length, examples: openings },
    );
    // A property about orders that were never made proves nothing.
    expect(opened).toBeGreaterThan(20);
  });

  it('closes what it holds without any prediction', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (steps) => {
        const venue = world();
        for (const next of steps) act(venue, next);
        venue.denyNext = null;
        venue.prediction = null;
        for (let round = 0; round < 40; round += 1) {
          if (venue.machine.mode !== 'running') venue.command({ kind: 'started' });
          venue.market('100', '100.01');
          venue.fill(1000);
          venue.deliverAll();
          venue.pass(31);
        }
        venue.deliverAll();
        expect(venue.live).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

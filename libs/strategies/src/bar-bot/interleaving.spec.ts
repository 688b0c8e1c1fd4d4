import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, type JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import { netBaseOf, type VenueModel } from '../testing.js';
import { barOf, close, nextPlace, placeAt, ruleOf, type Said, warm } from './scene.js';

/** How often each happens. */
const actions = {
  bar: 10,
  'same-bar': 1,
  'lost-bars': 1,
  gap: 1,
  unknown: 1,
  corrected: 1,
  market: 6,
  tick: 3,
  deliver: 8,
  repeat: 1,
  accept: 2,
  fill: 8,
  expire: 1,
  reject: 1,
  deny: 1,
  lost: 1,
  save: 2,
  restart: 2,
  pause: 1,
  resume: 2,
  stop: 1,
  start: 3,
  flatten: 1,
  released: 1,
} as const;
type What = keyof typeof actions;
const what = fc.oneof(
  ...(Object.entries(actions) as [What, number][]).map(([one, weight]) => ({ weight, arbitrary: fc.constant(one) })),
);
const action = fc.record({ what, pick: fc.nat({ max: 1_000 }) });
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const said: readonly Said[] = ['nothing', 'enter', 'enter', 'enterGuarded', 'exit', 'tighten'];

function act(venue: VenueModel, { what, pick }: Action): void {
  const cents = 9_850 + (pick % 300);
  if (what === 'bar') close(venue, said[pick % said.length], String(cents / 100));
  if (what === 'same-bar') venue.hear({ kind: 'bar' });
  if (what === 'lost-bars') loseNews(venue, 1 + (pick % 4));
  if (what === 'gap') venue.bars = [];
  if (what === 'unknown') forgetBars(venue);
  if (what === 'corrected') venue.bars = (venue.bars ?? []).map((bar) => ({ ...bar, trades: pick }));
  if (what === 'market') venue.market(String(cents / 100), String((cents + 1 + (pick % 3)) / 100));
  if (what === 'tick') venue.pass((pick % 200) / 10);
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill([1, 250, 1000, 1000][pick % 4] ?? 1000);
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

/** Bars close of which it hears nothing yet. */
function loseNews(venue: VenueModel, count: number): void {
  const from = nextPlace(venue);
  const lost = Array.from({ length: count }, (_, place) => barOf(from + place, 'enter'));
  venue.bars = [...(venue.bars ?? []), ...lost];
  venue.now = Timestamp.fromMicros(Math.max(venue.now, barOf(from + count).openedAt));
}

function forgetBars(venue: VenueModel): void {
  const { bars } = venue;
  venue.bars = null;
  venue.pass(1);
  venue.bars = bars;
}

interface Seen {
  /** After the close of which bar an entry was asked for first. */
  readonly askedAt: Map<string, number>;
  opened: number;
}

function judge(venue: VenueModel, before: number, seen: Seen): void {
  for (const effect of venue.effects.slice(before)) {
    if (effect.kind !== 'place' || effect.order.purpose !== 'open') continue;
    const { clientOrderId } = effect.order;
    if (effect.ask === 0 && !seen.askedAt.has(clientOrderId)) {
      seen.opened += 1;
      seen.askedAt.set(clientOrderId, placeAt(venue.now));
      // Nobody enters before the warm-up is over, nor on a bar of long ago.
      expect(ruleOf(venue).heard).toBeGreaterThan(2);
      expect(venue.now - (ruleOf(venue).last ?? 0)).toBeLessThanOrEqual(75e6);
    }
  }
  expect(venue.live.length).toBeLessThanOrEqual(1);
  expect(netBaseOf(venue.fills, exampleInstrument())).toBeGreaterThanOrEqual(0n);
}

/** Filled entries of different cycles that rest on the same bar. */
function entriesTwice(venue: VenueModel, { askedAt }: Seen): readonly string[] {
  const cycles = new Map<number, Set<number>>();
  for (const { clientOrderId } of venue.fills) {
    const slot = ClientOrderId.slotOf(clientOrderId);
    const bar = askedAt.get(clientOrderId);
    if (slot?.leg !== 'entry' || bar === undefined) continue;
    cycles.set(bar, (cycles.get(bar) ?? new Set()).add(slot.cycle));
  }
  return [...cycles].flatMap(([bar, of]) => (of.size > 1 ? [`bar ${bar}: cycles ${[...of].join()}`] : []));
}

describe('a bot over bars under any interleaving', () => {
  it.each([
    ['as usual', {}],
    ['with percentages of its own', { stopLossPercent: '0.5', takeProfitPercent: '0.5', trailingPercent: '0.3' }],
    ['a few cycles', { maxCycles: 2 }],
  ] as const)('enters at most once for a bar, one order at a time: %s', (_name, changes) => {
    const total = { opened: 0, filled: 0 };
    fc.assert(
      fc.property(fc.array(action, { minLength: 60, maxLength: 150, size: 'max' }), (steps) => {
        const venue = warm(changes as JsonObject);
        const seen: Seen = { askedAt: new Map(), opened: 0 };
        for (const next of steps) {
          const before = venue.effects.length;
          act(venue, next);
          judge(venue, before, seen);
        }
        expect(entriesTwice(venue, seen)).toEqual([]);
        total.opened += seen.opened;
        total.filled += venue.fills.length;
      }),
      { numRuns: 60 },
    );
    // A property about orders that were never made proves nothing.
    expect(total.opened).toBeGreaterThan(75);
    expect(total.filled).toBeGreaterThan(75);
  });

  it('closes what it holds without any bar', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80, size: 'max' }), (steps) => {
        const venue = warm({ stopLossPercent: '5' });
        for (const next of steps) act(venue, next);
        venue.denyNext = null;
        venue.bars = null;
        for (let round = 0; round < 40; round += 1) {
          if (venue.machine.mode !== 'running') venue.command({ kind: 'started' });
          venue.market('90', '90.01');
          venue.fill(1000);
          venue.deliverAll();
          venue.pass(31);
        }
        venue.deliverAll();
        expect(venue.live).toEqual([]);
        // Less than a step is left of every fee that was taken in base.
        expect(netBaseOf(venue.fills, exampleInstrument())).toBeLessThan(10n ** 16n);
      }),
      { numRuns: 60 },
    );
  });
});

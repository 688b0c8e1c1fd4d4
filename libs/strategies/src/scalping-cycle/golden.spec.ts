import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { told, world } from '../scene.js';

const parameters: JsonObject = {
  quantity: '0.5',
  buyPrice: { offset: '-20', unit: 'bps', from: 'mid' },
  sellPrice: { offset: '45', unit: 'bps', from: 'entry' },
  trailingPercent: '0.2',
  takeProfitPercent: '1',
  stopLossPercent: '0.8',
  coolDownSeconds: 5,
  entryTimeoutSeconds: 60,
};

/** A market that wanders, a venue that fills what it reaches, and a crash now and then: all from one seed. */
function decisionsOf(seed: number, steps: number): readonly string[] {
  const rng = seededRng(seed);
  const venue = world(parameters);
  const lines: string[] = told(venue.command({ kind: 'started' }));
  let cents = 10_000;
  for (let step = 0; step < steps; step += 1) {
    const before = venue.effects.length;
    cents += rng.below(51) - 25;
    venue.pass(1);
    venue.market(String(cents / 100), String((cents + 2) / 100));
    const [live] = venue.live;
    const price = Number(live?.request.price ?? 0n) / 1e10;
    const reached = live?.request.side === 'buy' ? cents + 2 <= price : cents >= price;
    if (live && (live.request.price === null || reached)) venue.fill((1 + rng.below(4)) * 250);
    if (rng.below(10) > 2) venue.deliverAll();
    if (rng.below(20) === 0) venue.save();
    if (rng.below(40) === 0) venue.restart();
    lines.push(...told(venue.effects.slice(before)));
  }
  return lines;
}

const digest = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

describe('the decisions of the scalping cycle', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(decisionsOf(7, 400)).toEqual(decisionsOf(7, 400));
    expect(decisionsOf(7, 400)).not.toEqual(decisionsOf(8, 400));
  });

  it('are those of the last version: a change of this is a change of what bots do', () => {
    const lines = decisionsOf(2026, 3_000);
    const count = (word: string) => lines.filter((line) => line.includes(word)).length;
    expect({
      lines: lines.length,
      cycles: count('CYCLE_COMPLETED'),
      stops: count('STOP_LOSS'),
      trailed: count('TRAILING_STOP'),
      digest: digest(lines),
    }).toMatchInlineSnapshot(`
{
  "cycles": 73,
  "digest": "1d115360f3d48b8b",
  "lines": 936,
  "stops": 42,
  "trailed": 13,
}
`);
    expect(lines.slice(0, 24)).toMatchInlineSnapshot(`
[
  "reached started: STARTED",
  "open buy 0.5 at 99.65 (N000000000, ask 0)",
  "SUCCESS ORDER_FILLED",
  "reached started: STARTED",
  "reached started: STARTED",
  "reached started: STARTED",
  "reached started: STARTED",
  "SUCCESS ORDER_FILLED",
  "SUCCESS ORDER_FILLED",
  "close sell 0.4995 at 100.65 (X000000000, ask 0)",
  "INFO TRAILING_ARMED",
  "INFO TRAILING_STOP",
  "cancel X000000000: replace",
  "close sell 0.4995 at market (X000000001, ask 0)",
  "SUCCESS ORDER_FILLED",
  "SUCCESS ORDER_FILLED",
  "cycle 0 net 0.08503001",
  "SUCCESS CYCLE_COMPLETED",
  "open buy 0.5 at 99.64 (N000010000, ask 0)",
  "SUCCESS ORDER_FILLED",
  "SUCCESS ORDER_FILLED",
  "close sell 0.4995 at 100.64 (X000010000, ask 0)",
  "reached started: STARTED",
  "open buy 0.5 at 99.42 (N000010000, ask 0)",
]
`);
  });
});

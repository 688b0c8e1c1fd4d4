import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { told } from '../scene.js';
import { predict, world } from './scene.js';

/** A market that wanders, a model that comes and goes, a venue that fills what takes, and a crash now and then: from one seed. */
function decisionsOf(seed: number, steps: number): readonly string[] {
  const rng = seededRng(seed);
  const venue = world({ exitOnOpposite: true, coolDownSeconds: 2, holdSeconds: 12 });
  const lines: string[] = [];
  let cents = 10_000;
  for (let step = 0; step < steps; step += 1) {
    const before = venue.effects.length;
    cents += rng.below(41) - 20;
    venue.pass(1);
    venue.market(String(cents / 100), String((cents + 1) / 100));
    if (rng.below(10) < 7) predict(venue, rng.next(), 2);
    if (rng.below(60) === 0) venue.prediction = null;
    if (rng.below(5) > 0) venue.fill((1 + rng.below(4)) * 250);
    else venue.end('expired');
    if (rng.below(10) > 1) venue.deliverAll();
    if (rng.below(20) === 0) venue.save();
    if (rng.below(50) === 0) venue.restart();
    lines.push(...told(venue.effects.slice(before)).filter((line) => !line.startsWith('reached goes-on')));
  }
  return lines;
}

describe('the decisions of the model signal', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(decisionsOf(7, 300)).toEqual(decisionsOf(7, 300));
    expect(decisionsOf(7, 300)).not.toEqual(decisionsOf(8, 300));
  });

  it('are those of the last version: a change of this is a change of what bots do', () => {
    const lines = decisionsOf(2026, 2_000);
    const count = (word: string) => lines.filter((line) => line.includes(word)).length;
    expect({
      cycles: count('CYCLE_COMPLETED'),
      opposite: count('OPPOSITE_SIGNAL'),
      time: count('HOLD_TIME_OVER'),
      stops: count('STOP_LOSS'),
      waits: count('WAITS_FOR_MODEL'),
      digest: createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16),
    }).toMatchInlineSnapshot(`
{
  "cycles": 290,
  "digest": "54475482ba5b8b1f",
  "opposite": 209,
  "stops": 2,
  "time": 14,
  "waits": 210,
}
`);
  });
});

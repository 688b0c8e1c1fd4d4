import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { invariants } from '../checks/violation.js';
import { crashPoints, processOf } from './crash-points.js';

const doc = readFileSync(fileURLToPath(new URL('../../../../docs/reliability.md', import.meta.url)), 'utf8');
const rows = doc.slice(doc.indexOf('## Crash points')).matchAll(/^\| (strategy|risk-gate|execution) \| ([^|]+) \|/gm);
const told = [...rows].flatMap(([, process, points = '']) =>
  [...points.matchAll(/`([a-z-]+)`/g)].map(([, point]) => `${process} ${point}`),
);

describe('docs/reliability.md', () => {
  it('names every point at which a process may die, and no other', () => {
    expect(told).toEqual(crashPoints.map((point) => `${processOf(point)} ${point}`));
  });

  it('says how many there are', () => {
    expect(doc).toContain(`A process may die at ${crashPoints.length} named points`);
  });

  it('says of every invariant when it is looked at', () => {
    const simulated = doc.slice(doc.indexOf('## Simulation'), doc.indexOf('## Crash points'));
    const named = new Set(
      [...simulated.matchAll(/^\| (I\d+(?:, I\d+)*) /gm)].flatMap(([, names = '']) => names.split(', ')),
    );
    for (const name of Object.keys(invariants)) expect([name, named.has(name)]).toEqual([name, true]);
  });
});

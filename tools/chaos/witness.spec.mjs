import { describe, expect, test } from '@jest/globals';
import { forbiddenOf, refusedOf } from './witness.mjs';

const write = (event, relation) => ({ event, relation, rows: 1, empty: 0 });
const nothing = (event, relation, empty = 1) => ({ event, relation, rows: 0, empty });

describe('what a process may write that has lost its lease', () => {
  test.each(['execution', 'strategy', 'risk-gate'])('is nothing of %s that it decided', (service) => {
    const decided = [
      write('INSERT', 'orders'),
      write('UPDATE', 'bots'),
      write('UPDATE', 'trading_states'),
      write('INSERT', 'outbox'),
    ];
    expect(forbiddenOf(service, decided)).toEqual(decided);
  });

  test('is that a committed event was carried, and of a gate what it had said', () => {
    expect(forbiddenOf('execution', [write('DELETE', 'outbox')])).toEqual([]);
    expect(forbiddenOf('risk-gate', [write('INSERT', 'verdicts'), write('UPDATE', 'audit_heads')])).toEqual([]);
    expect(forbiddenOf('strategy', [write('INSERT', 'verdicts')])).toHaveLength(1);
  });

  test('is refused where a lease is not renewed and a row not put in; what found nothing to do is not', () => {
    const refused = [nothing('UPDATE', 'leases', 2), nothing('INSERT', 'orders'), nothing('INSERT', 'outbox')];
    const idle = [nothing('DELETE', 'outbox'), nothing('UPDATE', 'orders'), nothing('DELETE', 'inbox')];
    expect(refusedOf('execution', [...refused, ...idle, write('INSERT', 'fills')])).toEqual(refused);
    expect(forbiddenOf('execution', [...refused, ...idle])).toEqual([]);
    expect(refusedOf('risk-gate', [nothing('UPDATE', 'lease'), nothing('INSERT', 'verdicts')])).toHaveLength(1);
  });
});

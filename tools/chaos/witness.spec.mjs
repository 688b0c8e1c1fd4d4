import { describe, expect, test } from '@jest/globals';
import { forbiddenOf } from './witness.mjs';

const write = (event, relation) => ({ event, relation, rows: 1 });

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
});

import { describe, expect, it } from '@jest/globals';
import { verbs, verbsFor } from './bot-actions.js';
import type { Bot } from './rows.js';

const may = (observed: Bot['observed'], desired: Bot['desired'], held = '0') => verbsFor({ observed, desired, held });

describe('what may be told to a bot', () => {
  it.each([
    ['stopped', 'stopped', '0', ['start']],
    ['stopped', 'stopped', '0.5', ['start', 'flatten']],
    ['error', 'running', '0', ['start', 'stop']],
    ['error', 'running', '-0.5', ['start', 'stop', 'flatten']],
    ['starting', 'running', '0', ['pause', 'stop', 'flatten']],
    ['running', 'running', '0', ['pause', 'stop', 'flatten']],
    ['pausing', 'paused', '0', ['resume', 'stop', 'flatten']],
    ['paused', 'paused', '0', ['resume', 'stop', 'flatten']],
    ['stopping', 'stopped', '0', ['flatten']],
    ['flattening', 'stopped', '0.5', ['stop']],
  ] as const)('while %s, wanted %s, holding %s: %j', (observed, desired, held, wanted) => {
    expect(may(observed, desired, held)).toEqual(wanted);
  });

  it('nobody is offered to flatten dust alone, and whoever runs is offered it whatever is held', () => {
    const dusty = (observed: Bot['observed']) => verbsFor({ observed, desired: 'stopped', held: '0.0000088' }, true);
    expect(dusty('stopped')).toEqual(['start']);
    expect(dusty('error')).toEqual(['start', 'stop']);
    expect(dusty('paused')).toContain('flatten');
  });

  it('a bot that does anything can always be stopped, and a held position always be closed', () => {
    for (const observed of ['starting', 'running', 'pausing', 'paused', 'error'] as const) {
      expect(may(observed, 'running', '1')).toEqual(expect.arrayContaining(['stop', 'flatten']));
    }
  });

  it('only what costs money or leaves a position alone is asked for twice', () => {
    const confirmed = Object.values(verbs).filter((verb) => verb.confirmed);
    expect(confirmed.map(({ verb }) => verb)).toEqual(['stop', 'flatten']);
  });
});

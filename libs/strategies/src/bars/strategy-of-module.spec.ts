import { describe, expect, it } from '@jest/globals';
import { barStrategies } from './bar-strategies.js';
import { type BarStrategyDefinition, defineBarStrategy } from './bar-strategy.js';
import type { DeclaredParameters } from './declared-parameters.js';
import { strategyOfModule } from './strategy-of-module.js';

const decider = { onClose: () => undefined, snapshot: () => ({}), restore: () => undefined };

function strategy(changes: Partial<BarStrategyDefinition<DeclaredParameters>> = {}) {
  return defineBarStrategy<DeclaredParameters>({
    id: 'calm',
    title: 'Calm',
    description: 'Does nothing.',
    source: 'nobody',
    parameters: {},
    warmUp: () => 1,
    decider: () => decider,
    ...changes,
  });
}

function faultsOf(exported: unknown): readonly string[] {
  const read = strategyOfModule({ calm: exported });
  return read.ok ? [] : read.error.faults.map(({ field, text }) => `${field} ${text}`);
}

const integer = { kind: 'integer', title: 'Average', description: 'Bars.', default: 3, min: 1, max: 9 } as const;

describe('what a module exports', () => {
  it.each([...barStrategies.values()])('is a strategy when it is a built-in: $id', (one) => {
    expect(strategyOfModule({ one })).toEqual({ ok: true, value: one });
  });

  it.each<[Partial<BarStrategyDefinition<DeclaredParameters>>, string]>([
    [{ id: 'Calm One' }, '/calm/id "Calm One" is no id.'],
    [{ title: '' }, '/calm/title title is missing.'],
    [{ warmUp: () => 1.5 }, '/calm/warmUp With its defaults it gives 1.5.'],
    [{ warmUp: () => Number.NaN }, '/calm/warmUp With its defaults it gives NaN.'],
    [
      { decider: () => ({ ...decider, snapshot: undefined as never }) },
      '/calm/decider/snapshot The decider has no snapshot.',
    ],
    [{ decider: () => JSON.parse('{') }, '/calm With its defaults it throws SyntaxError'],
    [{ parameters: { 'a-b': integer } }, '/calm/parameters/a-b a-b is no name of a parameter.'],
    [
      { parameters: { period: { ...integer, default: 10 } } },
      '/calm/parameters/period/default The default is not allowed',
    ],
    [{ parameters: { period: { ...integer, max: 0 } } }, '/calm/parameters/period/max max is below min (1).'],
    [
      { parameters: { period: { ...integer, min: undefined as never } } },
      '/calm/parameters/period/min min is missing.',
    ],
    [{ parameters: { period: { kind: 'whole' } as never } }, '/calm/parameters/period/kind It says not what kind'],
    [{ parameters: { mode: { ...integer, kind: 'choice', options: [] } as never } }, '/calm/parameters/mode/options'],
    [
      { check: () => [{ code: 'X', field: '/period', text: 'Never.', allowed: '', next: '' }] },
      '/calm/parameters/period Never.',
    ],
  ])('is told which field is wrong: %j', (changes, text) => {
    expect(faultsOf(strategy(changes))).toEqual([expect.stringContaining(text)]);
  });

  it('says all that is wrong at once', () => {
    expect(faultsOf({ id: 'calm', decider: () => decider })).toEqual([
      '/calm/title title is missing.',
      '/calm/description description is missing.',
      '/calm/source source is missing.',
      '/calm/parameters parameters is missing.',
      '/calm/configure configure is missing.',
      '/calm/schema schema is missing.',
    ]);
  });

  it('is bounded in its parameters', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`p${at}`, integer]));
    expect(faultsOf(strategy({ parameters: many }))).toEqual(['/calm/parameters There are 33 parameters.']);
  });
});

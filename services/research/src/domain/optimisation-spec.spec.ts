import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { barStrategies } from '@scalpstorm/strategies';
import { readOptimisationSpec } from './optimisation-spec.js';

const bounds = {
  now: Timestamp.fromMillis(Date.UTC(2026, 5, 1)),
  barsMax: 10_000,
  trialsMax: 2_000,
  rules: barStrategies,
};
const given = (changes: JsonObject = {}): JsonObject => ({
  strategy: 'ema-cross',
  parameters: {},
  space: ['fast=5..20:5', 'slow=30..60:10'],
  instrument: 'sim:BTC-USDT',
  timeframe: '1m',
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  ...changes,
});
const read = (changes: JsonObject = {}) => readOptimisationSpec(given(changes), bounds);

/** A rule with parameters of its own. */
const rule: JsonObject = {
  format: 1,
  id: 'by-volume',
  title: 'By volume',
  description: 'Buys where much is traded.',
  parameters: { much: { kind: 'integer', title: 'Much', description: 'Units.', default: 2, min: 1, max: 9 } },
  enter: { left: { bar: 'volume' }, is: '>', right: { parameter: 'much' } },
  exit: { left: { bar: 'volume' }, is: '<=', right: { parameter: 'much' } },
};

describe('what a search is asked for', () => {
  it('has the defaults of scalpstorm optimise', () => {
    expect(read()).toMatchObject({
      ok: true,
      value: {
        counted: 'ema-cross',
        space: { size: 16 },
        wish: {
          search: { kind: 'grid', tries: 200, seed: 1 },
          objective: 'sharpe',
          walkForward: { train: null, test: null, anchored: false },
          folds: null,
          monteCarlo: { runs: 1_000, ruinShare: 0.5 },
          withinPct: 20,
        },
      },
    });
  });

  it('searches what a rule without code declares, apart from a strategy of the same name', () => {
    const parameters = { rule, ruleParameters: {} };
    expect(read({ strategy: 'rule', parameters, space: ['much=1..5'] })).toMatchObject({
      ok: true,
      value: { counted: 'rule:by-volume', space: { size: 5, axes: [{ name: 'much' }] } },
    });
  });

  it('may be of a rule with a parameter of very many values, as long as that is not searched whole', () => {
    const seed = { kind: 'integer', title: 'Seed', description: 'Any.', default: 1, min: 0, max: 2 ** 31 - 1 };
    const declared = { ...(rule['parameters'] as JsonObject), seed };
    const parameters = { rule: { ...rule, parameters: declared } };
    const search = { strategy: 'rule', parameters };
    expect(read({ ...search, space: ['much=1..5'] })).toMatchObject({ ok: true, value: { space: { size: 5 } } });
    for (const space of [[], ['seed'], ['much', 'seed']])
      expect(read({ ...search, space })).toMatchObject({
        ok: false,
        error: [{ code: 'SPACE_TOO_LARGE', field: '/space', text: 'seed: more than 100000 values.' }],
      });
  });

  it.each<[string, JsonObject, string]>([
    ['another strategy', { strategy: 'moon' }, '/strategy UNKNOWN_STRATEGY'],
    ['a rule that is none', { strategy: 'rule', parameters: { rule: { format: 1 } } }, '/parameters/rule'],
    ['a fixed parameter that is not there', { parameters: { fsat: 3 } }, '/parameters UNKNOWN_PARAMETER'],
    ['a range of what is not there', { space: ['fsat=1..3'] }, '/space UNKNOWN_PARAMETER'],
    ['a range outside of what is declared', { space: ['fast=0..3'] }, '/space SPACE_NOT_ALLOWED'],
    ['a parameter that is fixed and searched', { parameters: { fast: 5 } }, '/space PARAMETER_TWICE'],
    ['no list of ranges', { space: 'fast=5..20' }, '/space WRONG_TYPE'],
    ['another search', { search: { kind: 'luck' } }, '/search/kind NOT_ALLOWED'],
    ['no tries', { search: { kind: 'tpe', tries: 0 } }, '/search/tries OUT_OF_RANGE'],
    ['a field that nobody reads', { search: { kind: 'tpe', trise: 5 } }, '/search/trise UNKNOWN_FIELD'],
    ['windows without a length', { walkForward: { kind: 'windows', train: 100 } }, '/walkForward/kind NOT_ALLOWED'],
    ['a length without windows', { walkForward: { kind: 'none', test: 100 } }, '/walkForward/kind NOT_ALLOWED'],
    [
      'windows as long as the data',
      { walkForward: { kind: 'windows', train: 1_440, test: 9 } },
      '/walkForward WINDOWS',
    ],
    ['very many windows', { walkForward: { kind: 'windows', train: 100, test: 10 } }, '/walkForward WINDOWS'],
    ['one fold', { folds: { groups: 1 } }, '/folds/groups OUT_OF_RANGE'],
    ['very many folds', { folds: { groups: 20, testGroups: 5 } }, '/folds WINDOWS_NOT_ALLOWED'],
    ['more than all', { withinPct: 101 }, '/withinPct NOT_ALLOWED'],
    ['a ruin that is no number', { monteCarlo: { ruinPct: 'half' } }, '/monteCarlo/ruinPct WRONG_TYPE'],
    ['no money', { cash: 0 }, 'NOT_ALLOWED'],
    ['too many bars', { from: '2025-01-01T00:00:00Z' }, '/from TOO_MANY_BARS'],
  ])('with %s is refused at its field', (_, changes, code) => {
    const answer = read(changes);
    expect(answer.ok ? [] : answer.error.map(({ field, code: of }) => `${field} ${of}`).join()).toContain(code);
  });

  it('is bounded by its trials, those of each window and fold counted', () => {
    const [few, many] = [
      { kind: 'random', tries: 333 },
      { kind: 'random', tries: 334 },
    ];
    const space = ['fast', 'slow'];
    expect(read({ space, search: few }).ok).toBe(true);
    const refused = read({ space, search: many });
    expect(refused.ok ? [] : refused.error).toMatchObject([
      { code: 'TOO_MANY_TRIALS', field: '/search', text: expect.stringContaining('2004'), allowed: 'at most 2000' },
    ]);
    expect(read({ space, search: many, walkForward: { kind: 'none' } }).ok).toBe(true);
  });
});

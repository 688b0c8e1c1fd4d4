import { expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { obedient } from '../bar-bot/scene.js';
import type { BarStrategy } from '../bars/bar-strategy.js';
import { strategies } from './platform-strategies.js';
import { StrategyCatalogue } from './strategy-catalogue.js';

const own = (changes: Partial<BarStrategy> = {}, file = '/own/mine.ts') => ({
  file,
  strategy: { ...obedient, id: 'mine', ...changes },
});

it('has the strategies of the platform, and nothing else where nobody has own ones', () => {
  const { all, refused } = new StrategyCatalogue();
  expect([[...all.keys()], refused]).toEqual([[...strategies.keys()], []]);
});

it('has a bot for each module, which takes its parameters and those of every bot over bars', () => {
  const { all, rules } = new StrategyCatalogue([own()]);
  expect(rules.get('mine')?.id).toBe('mine');
  const read = all.get('mine')?.configure({ quantity: '0.5', warmUp: 3 }, exampleInstrument());
  expect(read?.ok).toBe(true);
});

it.each([
  ['scalping-cycle', {}],
  ['rule', {}],
  ['ema-cross', {}],
])('refuses the name of a strategy of the platform: %s', (id) => {
  const catalogue = new StrategyCatalogue([own({ id })]);
  expect(catalogue.all.get(id)).toBe(strategies.get(id));
  expect(catalogue.refusalOf(id)).toMatchObject({ file: '/own/mine.ts', code: 'STRATEGY_NAME_TAKEN' });
});

it('refuses both of two modules of one name: nobody knows which is meant', () => {
  const catalogue = new StrategyCatalogue([own(), own({}, '/own/other.ts')]);
  expect(catalogue.all.has('mine')).toBe(false);
  expect(catalogue.refused.map(({ code, file }) => [code, file])).toEqual([
    ['STRATEGY_NAME_TAKEN', '/own/mine.ts'],
    ['STRATEGY_NAME_TAKEN', '/own/other.ts'],
  ]);
});

it('refuses parameters that every bot over bars has', () => {
  const { warmUp } = obedient.parameters;
  const catalogue = new StrategyCatalogue([own({ parameters: { quantity: warmUp as never } })]);
  expect(catalogue.refusalOf('mine')).toMatchObject({
    code: 'STRATEGY_MALFORMED',
    text: expect.stringContaining('quantity'),
  });
});

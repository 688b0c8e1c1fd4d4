import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { barStrategies } from '../bars/bar-strategies.js';
import { defineBarStrategy } from '../bars/bar-strategy.js';
import { strategies } from '../index.js';
import { barBot } from './bar-bot.js';
import { obedient } from './scene.js';

describe('the parameters of a bot over bars', () => {
  it.each([...barStrategies.keys()])('need a quantity alone: %s', (id) => {
    const strategy = strategies.get(id);
    const schema = (strategy?.schema ?? {}) as {
      properties: Record<string, { default?: unknown }>;
      required: string[];
    };
    const { properties, required } = schema;
    const bare = Object.entries(properties).flatMap(([name, { default: value }]) =>
      value === undefined ? [name] : [],
    );
    expect([bare, required]).toEqual([['quantity'], ['quantity']]);
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(Object.keys(barStrategies.get(id)?.parameters ?? {})),
    );
    expect(strategy?.configure({ quantity: '0.5' }, exampleInstrument())).toMatchObject({
      ok: true,
      value: { measures: { bars: '1m' } },
    });
  });

  it('are refused all at once, those of the rule and those of the bot', () => {
    const bad = { quantity: '0.5', fast: 30, slow: 30, timeframe: '2m', slippageBps: 'x', stopLoss: '1' };
    const result = strategies.get('ema-cross')?.configure(bad, exampleInstrument());
    expect(result?.ok === false && result.error.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'UNKNOWN_FIELD /stopLoss',
      'FAST_NOT_BELOW_SLOW /fast',
      'NOT_ALLOWED /timeframe',
      'NOT_A_DECIMAL /slippageBps',
    ]);
  });

  it('may not want more bars than are kept', () => {
    const result = barBot(obedient).configure({ quantity: '0.5', warmUp: 500 }, exampleInstrument());
    expect(result.ok === false && result.error).toMatchObject([{ code: 'WARM_UP_TOO_LONG', field: '/warmUp' }]);
    expect(barBot(obedient).configure({ quantity: '0.5', warmUp: 499 }, exampleInstrument()).ok).toBe(true);
  });

  it('can not take the names that every bot has', () => {
    const { warmUp } = obedient.parameters;
    const greedy = defineBarStrategy({
      ...{ id: 'greedy', title: 'Greedy', description: '', source: '' },
      parameters: { quantity: warmUp as NonNullable<typeof warmUp> },
      warmUp: () => 0,
      decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
    });
    expect(() => barBot(greedy)).toThrow('greedy declares quantity');
  });
});

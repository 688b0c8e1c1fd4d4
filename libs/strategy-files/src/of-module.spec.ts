import { describe, expect, it } from '@jest/globals';
import { ok } from '@scalpstorm/kernel';
import { defineBarStrategy } from '@scalpstorm/strategies';
import { StrategyLoops } from './end-after.js';
import { ofModule } from './of-module.js';

const rule = defineBarStrategy({
  id: 'mine',
  title: '',
  description: '',
  source: '',
  parameters: {},
  warmUp: () => 0,
  decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
});

describe('a strategy of a module', () => {
  it('says of parameters that did not end what is wrong, and of others that they were not tried', () => {
    const strategy = {
      ...rule,
      configure(parameters: object) {
        if ('loops' in parameters) throw new StrategyLoops(2_000);
        return rule.configure({});
      },
    };
    const { configure } = ofModule(strategy, 'code', (work) => work());
    expect(configure({})).toEqual(ok(expect.objectContaining({ id: 'mine', code: 'code' })));
    for (let times = 0; times < 3; times += 1) {
      expect(configure({ loops: true })).toMatchObject({ error: [{ code: 'STRATEGY_LOOPS' }] });
    }
    expect(configure({})).toMatchObject({
      error: [
        {
          code: 'STRATEGY_RESTS',
          text: expect.stringContaining('mine is not asked now'),
          next: expect.stringContaining('ten minutes'),
        },
      ],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { file } from '../../builder/scene.js';
import { strategyOfFile } from '../../builder/strategy-of-rule.js';
import { checkStrategy, StrategyCheckFailed, walkingBars } from '../../kit.js';

describe('the check of a strategy', () => {
  it('finds a decider that remembers what its snapshot does not say', () => {
    const strategy = unwrap(strategyOfFile(file({ enter: { is: '>', left: { indicator: 'rsi' }, right: 50 } })));
    const forgetful = {
      ...strategy,
      configure: (given: JsonObject) => {
        const read = strategy.configure(given);
        if (!read.ok) return read;
        const decider = () => ({ ...read.value.decider(), restore: () => undefined });
        return { ok: true as const, value: { ...read.value, decider } };
      },
    };
    expect(() => checkStrategy(forgetful)).toThrow(StrategyCheckFailed);
    expect(() => checkStrategy(forgetful)).toThrow(/a restart before bar \d+ changes what it decides/);
  });

  it.each<[string, (into: Int8Array, bars: { close: Float64Array; length: number }) => void, RegExp]>([
    ['that says something else', (into) => into.fill(1), /the kernel says enter at bar \d+, the decider/],
    [
      'that knows tomorrow',
      (into, { close, length }) => into.fill((close[length - 1] as number) > 100 ? 1 : -1),
      /the kernel knows tomorrow/,
    ],
  ])('finds a kernel %s', (_, kernel, text) => {
    const strategy = unwrap(strategyOfFile(file({ enter: { is: '>', left: { indicator: 'rsi' }, right: 50 } })));
    const odd = {
      ...strategy,
      configure: (given: JsonObject) => {
        const read = strategy.configure(given);
        return read.ok
          ? {
              ok: true as const,
              value: { ...read.value, kernel: (bars: never, into: Int8Array) => kernel(into, bars) },
            }
          : read;
      },
    };
    const bars = walkingBars(3, 900);
    bars.close.set([50], 449);
    bars.close.set([150], 899);
    expect(() => checkStrategy(odd as never, {}, bars)).toThrow(text);
  });
});

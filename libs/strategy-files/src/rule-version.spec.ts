import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { barsKept, type ConfiguredBarStrategy, defineBarStrategy, versionText } from '@scalpstorm/strategies';
import { StrategyLoops, workedMs } from './end-after.js';
import { ruleVersion, ruleVersionInTurns } from './rule-version.js';

/** @param workMs what it works at a bar, ms */
function ruleThat(workMs: (index: number) => number): ConfiguredBarStrategy {
  const strategy = defineBarStrategy({
    id: 'works',
    title: '',
    description: '',
    source: '',
    parameters: {},
    warmUp: () => 1,
    decider: () => ({
      onClose({ index }) {
        for (const [began, ms] = [workedMs(), workMs(index)]; workedMs() - began < ms; );
      },
      snapshot: () => ({}),
      restore: () => undefined,
    }),
  });
  return unwrap(strategy.configure({}));
}

const limitMs = 100;

describe('the version of a rule', () => {
  it('is the digest of its text, also where it is worked out in turns', async () => {
    const rule = ruleThat(() => 0);
    const version = createHash('sha256').update(versionText(rule)).digest('hex');
    expect(ruleVersion(rule)).toBe(version);
    expect(await ruleVersionInTurns(rule)).toBe(version);
  });

  it('is that of a rule that could not warm up in one step of a bot, and so there is none', async () => {
    const slow = ruleThat(() => 1);
    expect(() => ruleVersion(slow, limitMs)).toThrow(
      `it had not finished after 0.1 s, which is what it has for ${barsKept} bars`,
    );
    await expect(ruleVersionInTurns(slow, limitMs)).rejects.toBeInstanceOf(StrategyLoops);
  });

  it('may take longer for all the bars that it is made over', () => {
    const often = ruleThat((index) => (index % barsKept === 0 ? limitMs / 5 : 0));
    expect(ruleVersion(often, limitMs)).toMatch(/^[0-9a-f]{64}$/);
  });
});

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ConfiguredBarStrategy, versionSteps, versionText } from '@scalpstorm/strategies';
import { StrategyLoops } from './end-after.js';

/** The version of a rule, which certificates are of: SHA-256 of what it is and does (`versionText`), hex. @throws StrategyLoops */
export const ruleVersion = (rule: ConfiguredBarStrategy): string => digestOf(versionText(rule));

/** Other work of the process has its turn so often. */
const turnMs = 50;
const wholeMsMax = 20_000;

/**
 * The same for a process that has other work to do, which waits for one bar of the rule at most.
 * @throws StrategyLoops where one bar, or all of them together, take too long
 */
export async function ruleVersionInTurns(rule: ConfiguredBarStrategy): Promise<string> {
  const steps = versionSteps(rule);
  let [workedMs, began] = [0, performance.now()];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return digestOf(step.value);
    const turn = performance.now() - began;
    if (turn < turnMs) continue;
    workedMs += turn;
    if (workedMs > wholeMsMax) throw new StrategyLoops(wholeMsMax);
    await nextTurn();
    began = performance.now();
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { barsKept, type ConfiguredBarStrategy, versionSteps } from '@scalpstorm/strategies';
import { StrategyLoops, workedMs } from './end-after.js';
import { stepMsMax } from './step-limit.js';

/**
 * The version of a rule, which certificates are of: SHA-256 of what it is and does (`versionText`), hex.
 * @param limitMs for specs
 * @throws StrategyLoops where it takes too long for a bot: at one bar, or at as many as a bot hears at once when it warms up
 */
export function ruleVersion(rule: ConfiguredBarStrategy, limitMs = stepMsMax): string {
  const steps = limitedVersionSteps(rule, limitMs);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return versionDigest(step.value);
  }
}

/** Other work of the process has its turn so often. */
const turnMs = 50;

/** The same for a process that has other work to do, which waits for one bar of the rule at most. @throws StrategyLoops */
export async function ruleVersionInTurns(rule: ConfiguredBarStrategy, limitMs = stepMsMax): Promise<string> {
  const steps = limitedVersionSteps(rule, limitMs);
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return versionDigest(step.value);
    if (performance.now() - began < turnMs) continue;
    await nextTurn();
    began = performance.now();
  }
}

/** What is done between the steps does not count, and neither does waiting for a turn on a core. */
function* limitedVersionSteps(rule: ConfiguredBarStrategy, limitMs: number): Generator<void, string> {
  const steps = versionSteps(rule);
  for (let [bars, ms] = [0, 0]; ; bars += 1) {
    if (bars % barsKept === 0) ms = 0;
    const began = workedMs();
    const step = steps.next();
    if (step.done === true) return step.value;
    ms += workedMs() - began;
    if (ms > limitMs) throw new StrategyLoops(limitMs, `, which is what it has for ${barsKept} bars`);
    yield;
  }
}

/** SHA-256 of what a strategy is and does, hex. */
export const versionDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

import type { ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { endAfter, StrategyLoops } from './end-after.js';

const loopsMax = 3;
const minutes = 10;

/**
 * Ends each step of one module that takes too long. A module that did so some times does nothing at all for a while: what its many bots
 * may take from all others is bounded, however many they are.
 * @param now of a clock that never goes back, ms
 */
export function limitedSteps(
  limitMs: number,
  now: () => number = () => performance.now(),
): NonNullable<ConfiguredBarStrategy['within']> {
  let loopedAt: readonly number[] = [];
  return (work) => {
    const since = now() - minutes * 60_000;
    loopedAt = loopedAt.filter((at) => at > since);
    if (loopedAt.length >= loopsMax) {
      throw new StrategyLoops(limitMs, `, ${loopsMax} times; its module is not run for ${minutes} minutes`);
    }
    try {
      return endAfter(limitMs, work);
    } catch (error) {
      if (error instanceof StrategyLoops) loopedAt = [...loopedAt, now()];
      throw error;
    }
  };
}

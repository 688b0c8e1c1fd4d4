import type { ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { StrategyLoops } from './end-after.js';

type Within = NonNullable<ConfiguredBarStrategy['within']>;

const loopsMax = 3;
const minutes = 10;

/**
 * Runs what `within` runs, until some of that had to be ended; then nothing is tried any more for a while. For what users may ask of a
 * module again and again, each time with other parameters: the time that this takes from everybody else is bounded. It throws a
 * `StrategyLoops` that was not tried then: what was to be run may be fine, and is to be run later.
 * @param now of a clock that never goes back, ms
 */
export function limitedLoops(within: Within, now: () => number = () => performance.now()): Within {
  let loops: readonly { readonly at: number; readonly limitMs: number }[] = [];
  return (work) => {
    const since = now() - minutes * 60_000;
    loops = loops.filter(({ at }) => at > since);
    const newest = loops.at(-1);
    if (newest !== undefined && loops.length >= loopsMax) {
      throw new StrategyLoops(newest.limitMs, `, ${loopsMax} times, and is not tried for ${minutes} minutes`, false);
    }
    try {
      return within(work);
    } catch (error) {
      if (error instanceof StrategyLoops) loops = [...loops, { at: now(), limitMs: error.limitMs }];
      throw error;
    }
  };
}

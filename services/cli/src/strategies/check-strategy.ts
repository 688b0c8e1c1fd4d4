import type { BarStrategy } from '@scalpstorm/strategies';
import { checkStrategy as check, StrategyCheckFailed } from '@scalpstorm/strategies/kit';
import { exitCodes, Failure } from '../failure.js';
import { configureStrategy } from './load-strategy.js';

/** What it wished over the market of the check. */
export interface CheckedWishes {
  readonly bars: number;
  readonly warmUp: number;
  readonly enters: number;
  readonly exits: number;
}

/**
 * Runs what holds for every strategy, over a market of its own.
 * @throws Failure with everything that does not hold
 */
export function checkStrategy(strategy: BarStrategy, set: readonly string[] = []): CheckedWishes {
  const { parameters } = configureStrategy(strategy, set);
  try {
    const { wishes, strategy: checked } = check(strategy, parameters);
    const taken = wishes.slice(checked.warmUp);
    const count = (wanted: string) => taken.filter(({ wish }) => wish === wanted).length;
    return { bars: wishes.length, warmUp: checked.warmUp, enters: count('enter'), exits: count('exit') };
  } catch (error) {
    if (error instanceof StrategyCheckFailed) {
      const faults = error.faults.map((detail) => ({
        pointer: strategy.id,
        code: 'CHECK_FAILED',
        detail,
        allowed: '',
        next: '',
      }));
      throw new Failure('CHECK_FAILED', `${strategy.id} breaks what every strategy must keep.`, {
        faults,
        next: 'see docs/strategies.md',
      });
    }
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Failure('STRATEGY_THREW', `${strategy.id} threw ${text}.`, {
      exitCode: exitCodes.failed,
      next: 'mend the strategy',
    });
  }
}

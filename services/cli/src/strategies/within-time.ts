import { runInNewContext } from 'node:vm';
import { StrategyLoops } from '@scalpstorm/strategy-files';
import { Failure } from '../failure.js';

const atLeastMs = 10_000;
/** Some hundred times what a rule needs for a bar. */
const perBarMs = 0.1;

/** How long a run over so many bars may take. */
export const runMsMax = (bars: number): number => Math.ceil(atLeastMs + perBarMs * bars);

/**
 * Runs somebody's strategy and ends it when it does not come to an end by itself.
 * @param bars how many it hears; 0 where that is its own matter
 * @param limitMs for specs; by default ten seconds, and 0.1 ms a bar
 * @throws Failure `STRATEGY_LOOPS`
 */
export function withinTime<Value>(id: string, bars: number, work: () => Value, limitMs = runMsMax(bars)): Value {
  try {
    // The one way to interrupt code of this thread that never returns.
    return runInNewContext('work()', { work }, { timeout: limitMs }) as Value;
  } catch (error) {
    const isOurs = error instanceof StrategyLoops;
    if (!isOurs && (error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    const what = bars > 0 ? ` ${bars} bars` : '';
    const why = isOurs ? `: ${error.message}` : ` had not finished${what} after ${limitMs / 1_000} s`;
    const text = `${id}${why}: it loops, or does far too much at each bar.`;
    throw new Failure('STRATEGY_LOOPS', text, { next: 'look for a loop without an end in it', cause: error });
  }
}

import { createContext, Script } from 'node:vm';

/** It did not come to an end by itself. */
export class StrategyLoops extends Error {
  override readonly name = 'StrategyLoops';
  readonly code = 'STRATEGY_LOOPS';

  constructor(readonly limitMs: number) {
    super(`it had not finished after ${limitMs / 1_000} s`);
  }
}

const script = new Script('work()');
/** Shared: a context of its own for each call would take longer than most calls. */
const place = createContext({ work: null }) as { work: unknown };

/**
 * Runs work of somebody else's code and ends it when it does not end by itself. What it was changing is left half changed.
 * @throws StrategyLoops, or what `work` throws
 */
export function endAfter<Value>(limitMs: number, work: () => Value): Value {
  const outer = place.work;
  place.work = work;
  try {
    // The one way to interrupt code of this thread that never returns.
    return script.runInContext(place, { timeout: limitMs }) as Value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new StrategyLoops(limitMs);
  } finally {
    place.work = outer;
  }
}

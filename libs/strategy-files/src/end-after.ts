import { createContext, Script } from 'node:vm';

/** It did not come to an end by itself. */
export class StrategyLoops extends Error {
  override readonly name = 'StrategyLoops';
  readonly code = 'STRATEGY_LOOPS';

  /**
   * @param more what there is to say besides
   * @param wasTried false: others before it did not, so it was not tried, and may be fine
   */
  constructor(
    readonly limitMs: number,
    more = '',
    readonly wasTried = true,
  ) {
    super(`it had not finished after ${limitMs / 1_000} s${more}`);
  }
}

let ended = 0;

/** How much work of this thread was ended so far: whoever sees the number grow has waited for a loop. */
export const endedSoFar = (): number => ended;

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
    ended += 1;
    throw new StrategyLoops(limitMs);
  } finally {
    place.work = outer;
  }
}

/** A thread that stands back waits that many times longer for its turn than it works, at most. */
const waitingTimesMax = 30;

/**
 * The same for a thread that stands back behind all others: what counts is how long it worked, and not how long it waited for its turn.
 * What never ends is ended late, and what took too long has come to its end before that is said.
 * @throws StrategyLoops, or what `work` throws
 */
export function endAfterWork<Value>(limitMs: number, work: () => Value): Value {
  const began = workedMs();
  const value = endAfter(limitMs * waitingTimesMax, work);
  if (workedMs() - began > limitMs) throw new StrategyLoops(limitMs);
  return value;
}

/** What counts of a step: how long it takes, or, on a thread that stands back, how long it works. */
export type StepMeasure = 'time' | 'work';

export const endBy: Readonly<Record<StepMeasure, typeof endAfter>> = { time: endAfter, work: endAfterWork };

/** Of this thread, since it began, ms. */
export function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

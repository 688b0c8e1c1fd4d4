import type { TrialsMade } from '@scalpstorm/backtest';
import type { JsonObject } from '@scalpstorm/model';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { type Counted, TrialRegistry, usualTrialsFile } from '../optimise/trial-registry.js';

/** A run by hand, as the trials of its strategy are counted. */
export interface CountedRun extends Counted {
  readonly parameters: JsonObject;
  /** From bar to bar. */
  readonly sharpePerBar: number;
}

/** Of a strategy, over whatever data; as searches tell them. */
export interface CountedTrials {
  readonly ever: TrialsMade;
}

/**
 * Counts a run by hand among the trials of its strategy, before anything is made of it. Where the usual file can not be read or written
 * the run goes on, and it is told that it does not count.
 * @param trials a file in place of the usual one; false: it is not to count
 * @returns every trial so far, this one among them; null: it does not count
 * @throws Failure for a file that was named and can not be read or written
 */
export async function countRun(
  { environment, output }: Context,
  trials: string | false | undefined,
  { parameters, sharpePerBar, ...counted }: CountedRun,
): Promise<CountedTrials | null> {
  if (trials === false) return null;
  const registry = new TrialRegistry(trials ?? usualTrialsFile(environment), counted);
  try {
    await registry.read();
    registry.add(parameters, sharpePerBar);
    return { ever: registry.made() };
  } catch (error) {
    if (trials !== undefined || !(error instanceof Failure)) throw error;
    output.note(
      `This run does not count among the trials: ${error.message}\n  → name a file with --trials, or --no-trials`,
    );
    return null;
  } finally {
    registry.close();
  }
}

/** For people. */
export const trialsText = (trials: CountedTrials | null): string =>
  trials === null
    ? 'this run does not count'
    : `${trials.ever.count} of this strategy over whatever data, with this one`;

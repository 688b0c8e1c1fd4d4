import type { BacktestSummary } from '@scalpstorm/backtest';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { type Counted, TrialRegistry, usualTrialsFile } from '../optimise/trial-registry.js';

/**
 * Counts a run by hand among the trials of its strategy, before anything is made of it. Where the usual file can not be written the run
 * goes on, and it is told that nobody counts it.
 * @param trials a file in place of the usual one; false: not to be counted
 * @throws Failure for a file that was named and can not be written
 */
export function countRun(
  { environment, output }: Context,
  trials: string | false | undefined,
  ran: Pick<Counted, 'dataHash' | 'codeHash'> & { readonly summary: BacktestSummary },
): void {
  if (trials === false) return;
  const { dataHash, codeHash, summary } = ran;
  const { strategy, parameters, barSeconds, assumptions: market } = summary;
  const registry = new TrialRegistry(trials ?? usualTrialsFile(environment), {
    ...{ dataHash, codeHash, strategy, barSeconds, market },
  });
  try {
    registry.add(parameters, summary.sharpe / Math.sqrt(yearSeconds / barSeconds));
  } catch (error) {
    if (trials !== undefined || !(error instanceof Failure)) throw error;
    output.note(`not counted among the trials: ${error.message}\n  → --trials FILE, or --no-trials`);
  } finally {
    registry.close();
  }
}

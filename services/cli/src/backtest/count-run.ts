import { type BacktestSummary, barsAYearOf } from '@scalpstorm/backtest';
import type { Context } from '../context.js';
import { Failure } from '../failure.js';
import { TrialRegistry, usualTrialsFile } from '../optimise/trial-registry.js';
import type { BarData } from './read-data.js';

interface Ran extends BarData {
  readonly codeHash: string;
  readonly summary: BacktestSummary;
}

/**
 * Counts a run by hand among the trials of its strategy, before anything is made of it. Where the usual file can not be written the run
 * goes on, and it is told that it does not count.
 * @param trials a file in place of the usual one; false: it is not to count
 * @throws Failure for a file that was named and can not be written
 */
export function countRun(
  { environment, output }: Context,
  trials: string | false | undefined,
  { bars, dataHash, codeHash, summary }: Ran,
): void {
  if (trials === false) return;
  const { strategy, parameters, assumptions: market, sharpe } = summary;
  const barsAYear = barsAYearOf(bars);
  const counted = { dataHash, codeHash, strategy, barsAYear, market };
  const registry = new TrialRegistry(trials ?? usualTrialsFile(environment), counted);
  try {
    registry.add(parameters, sharpe / Math.sqrt(barsAYear));
  } catch (error) {
    if (trials !== undefined || !(error instanceof Failure)) throw error;
    output.note(
      `This run does not count among the trials: ${error.message}\n  → name a file with --trials, or --no-trials`,
    );
  } finally {
    registry.close();
  }
}

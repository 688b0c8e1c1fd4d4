import type { JsonObject } from '@scalpstorm/model';
import { strategies as ofPlatform, withDefaults } from '@scalpstorm/strategies';
import { yearMicros } from '../figures/equity-figures.js';
import type { LanePlan } from './lane-options.js';
import type { LaneSummary } from './lane-summary.js';

/** An exact run as one of the trials of its strategy. */
export interface LaneTrial {
  readonly strategy: string;
  /** Those of its first bot, the defaults filled in: what is left to its default is the same trial. */
  readonly parameters: JsonObject;
  /** Everything that was assumed about money and markets, their symbols and the seed included. */
  readonly market: JsonObject;
  /** Intervals of the equity a year, as they were wanted: the same for all data, so that ratios of runs over several can be held together. */
  readonly barsAYear: number;
  /** What the ratio of a year comes to for one of these. */
  readonly sharpePerBar: number;
}

/** @param summary of its run; its bots are all of one strategy */
export function laneTrialOf(
  { bots: [first], strategies = ofPlatform, equityEvery }: LanePlan,
  { strategy, parameters, assumptions, sharpe }: LaneSummary,
): LaneTrial {
  const barsAYear = yearMicros / equityEvery;
  const known = first === undefined ? undefined : strategies.get(first.strategy);
  return {
    strategy,
    parameters: known === undefined ? parameters : withDefaults(known, parameters),
    market: assumptions,
    barsAYear,
    sharpePerBar: sharpe / Math.sqrt(barsAYear),
  };
}

import type { JsonObject } from '@scalpstorm/model';
import { strategies as ofPlatform, withDefaults } from '@scalpstorm/strategies';
import { pointsAYear } from './equity-curve.js';
import type { LanePlan } from './lane-options.js';
import type { LaneSummary } from './lane-summary.js';
import type { LaneRun } from './run-lane.js';

/** An exact run as one of the trials of its strategy. */
export interface LaneTrial {
  readonly strategy: string;
  /** Those of its first bot, the defaults filled in: what is left to its default is the same trial. */
  readonly parameters: JsonObject;
  /** Everything that was assumed about money and markets, their symbols and the seed included. */
  readonly market: JsonObject;
  /** Points of the equity a year, as far apart as they usually are. */
  readonly barsAYear: number;
  /** From one of these points to the next. */
  readonly sharpePerBar: number;
}

/** @param summary of the same run; its bots are all of one strategy */
export function laneTrialOf(
  { bots: [first], strategies = ofPlatform, equityEvery }: LanePlan,
  { lane }: Pick<LaneRun, 'lane'>,
  { strategy, parameters, assumptions, sharpe }: LaneSummary,
): LaneTrial {
  const barsAYear = pointsAYear(lane.curve, equityEvery);
  const known = first === undefined ? undefined : strategies.get(first.strategy);
  return {
    strategy,
    parameters: known === undefined ? parameters : withDefaults(known, parameters),
    market: assumptions,
    barsAYear,
    sharpePerBar: sharpe / Math.sqrt(barsAYear),
  };
}

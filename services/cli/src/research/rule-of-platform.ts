import type { JsonObject } from '@scalpstorm/model';
import { barStrategies, ruleBot } from '@scalpstorm/strategies';
import { type LoadedStrategy, namesFile } from '@scalpstorm/strategy-files';
import type { Context } from '../context.js';
import { assignmentsIn, type Schema, withAssignments } from '../parameters.js';
import { configureStrategy, findStrategy, ownStrategies } from '../strategies/load-strategy.js';

/** What `--strategy` of a job may be. */
export const platformStrategyHelp = `${[...barStrategies.keys()].join(', ')}, the file of a rule, or one of the platform's own`;

/** A rule in the words of a bot, as research takes it. */
export interface PlatformRule {
  readonly strategy: string;
  readonly parameters: JsonObject;
}

/**
 * With every parameter filled in, where its strategy is here; one that the platform alone has is told as it was given.
 * @throws Failure with every fault at once
 */
export async function ruleOfPlatform(
  { api, environment }: Context,
  { strategy: named, set }: { readonly strategy: string; readonly set?: readonly string[] },
): Promise<PlatformRule> {
  const isHere = namesFile(named) || barStrategies.has(named) || ownStrategies(environment).find(named) !== null;
  if (!isHere) {
    const { data } = await api.list('/v1/strategies');
    const own = data.find(({ id }) => id === named);
    if (own !== undefined) {
      const parameters = withAssignments({}, assignmentsIn('set', set), own['schema'] as Schema);
      return { strategy: named, parameters: parameters as JsonObject };
    }
  }
  const loaded = await findStrategy(named, environment);
  return platformRule(loaded, configureStrategy(loaded.strategy, set).parameters);
}

/**
 * The words for a strategy with these of its own parameters. Of a module the platform takes its own copy, in its `STRATEGIES_DIR`; no code
 * is sent.
 */
export const platformRule = ({ rule, strategy }: LoadedStrategy, parameters: JsonObject): PlatformRule =>
  rule === null
    ? { strategy: strategy.id, parameters }
    : { strategy: ruleBot.id, parameters: { rule, ruleParameters: parameters } };

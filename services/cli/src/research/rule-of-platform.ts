import type { JsonObject } from '@scalpstorm/model';
import { type BarStrategy, barStrategies, ruleBot } from '@scalpstorm/strategies';
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

interface Named {
  readonly strategy: string;
  readonly set?: readonly string[];
}

/** With every parameter filled in. @throws Failure with every fault at once */
export const ruleOfPlatform = (context: Context, named: Named): Promise<PlatformRule> =>
  wordsFor(context, named, (strategy) => configureStrategy(strategy, named.set).parameters);

/**
 * @param parametersOf what is said of the strategy's own parameters, where it is here; of one that the platform alone has, that is told
 * as it was given
 * @throws Failure
 */
export async function wordsFor(
  { api, environment }: Context,
  { strategy: named, set }: Named,
  parametersOf: (strategy: BarStrategy) => JsonObject,
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
  return platformRule(loaded, parametersOf(loaded.strategy));
}

/**
 * The words for a strategy with these of its own parameters. Of a module the platform takes its own copy, in its `STRATEGIES_DIR`; no code
 * is sent.
 */
const platformRule = ({ rule, strategy }: LoadedStrategy, parameters: JsonObject): PlatformRule =>
  rule === null
    ? { strategy: strategy.id, parameters }
    : { strategy: ruleBot.id, parameters: { rule, ruleParameters: parameters } };

import type { JsonObject } from '@scalpstorm/model';
import { type BarStrategy, barStrategies, ruleBot } from '@scalpstorm/strategies';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { configureStrategy, findStrategy } from '../strategies/load-strategy.js';

/** What `--strategy` of a job may be. */
export const platformStrategyHelp = `${[...barStrategies.keys()].join(', ')}, or the file of a rule`;

/** A rule in the words of a bot, as research takes it. */
export interface PlatformRule {
  readonly strategy: string;
  readonly parameters: JsonObject;
}

/** With every parameter filled in. @throws Failure with every fault at once, or for code of this machine */
export async function ruleOfPlatform(
  { environment }: Context,
  { strategy: named, set }: { readonly strategy: string; readonly set?: readonly string[] },
): Promise<PlatformRule> {
  const { strategy } = await findStrategy(named, environment);
  return wordsFor(strategy, configureStrategy(strategy, set));
}

/** The words for a strategy with these of its own parameters. @throws Failure for code of this machine */
export function wordsFor(
  strategy: BarStrategy,
  { parameters, file }: { readonly parameters: JsonObject; readonly file?: string },
): PlatformRule {
  const { id } = strategy;
  if (file !== undefined)
    return { strategy: ruleBot.id, parameters: { rule: JSON.parse(file), ruleParameters: parameters } };
  if (barStrategies.get(id) === strategy) return { strategy: id, parameters };
  throw usageFailure(
    'STRATEGY_NOT_OF_PLATFORM',
    `${id} is code of this machine; the platform runs its own strategies and rules without code.`,
    'run it here over a file: scalpstorm backtest, optimise, certify',
  );
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BarStrategy, type ConfiguredBarStrategy, type ParameterFault, valueOfText } from '@scalpstorm/strategies';
import {
  type LoadedStrategy,
  loadStrategy as load,
  OwnStrategies,
  type StrategyFault,
} from '@scalpstorm/strategy-files';
import { exitCodes, Failure, type Fault } from '../failure.js';
import { assignmentsIn } from '../parameters.js';
import type { Environment } from '../profile-store.js';
import { withinTime } from './within-time.js';

/** The rules that were imported on this machine. */
export function ownStrategies(environment: Environment): OwnStrategies {
  const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] ?? homedir(), '.config');
  return new OwnStrategies(join(base, 'scalpstorm', 'strategies'));
}

/**
 * A strategy by its id or by the path of a file that has one.
 * @throws Failure
 */
export async function loadStrategy(text: string, environment: Environment = process.env): Promise<BarStrategy> {
  return (await findStrategy(text, environment)).strategy;
}

/**
 * The same, with where it is from.
 * @param within ends what the code of a module does when that takes too long; absent: whoever runs it sees to that
 * @throws Failure
 */
export async function findStrategy(
  text: string,
  environment: Environment,
  within?: ConfiguredBarStrategy['within'],
): Promise<LoadedStrategy> {
  const read = await load(text, { own: ownStrategies(environment), ...(within !== undefined && { within }) });
  if (read.ok) return read.value;
  throw strategyFailure(read.error);
}

export const strategyFailure = ({ code, text, next, faults }: StrategyFault): Failure =>
  new Failure(code, text, { exitCode: exitCodes.usage, next, faults: faults.map(faultOf) });

/**
 * With the parameters of `--set name=value`, the default where one is not given.
 * @throws Failure with every fault at once
 */
export function configureStrategy(strategy: BarStrategy, set: readonly string[] = []): ConfiguredBarStrategy {
  const given = assignmentsIn('set', set).map(([name, text]) => [name, valueOfText(strategy.parameters[name], text)]);
  const read = withinTime(strategy.id, 0, () => strategy.configure(Object.fromEntries(given)));
  if (read.ok) return read.value;
  throw new Failure('INVALID_PARAMETERS', `${strategy.id} cannot run with these parameters.`, {
    exitCode: exitCodes.usage,
    faults: read.error.map(faultOf),
  });
}

const faultOf = ({ field, code, text, allowed, next }: ParameterFault): Fault => ({
  pointer: field,
  code,
  detail: text,
  allowed,
  next,
});

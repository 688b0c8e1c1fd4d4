import { type RefusedModule, type Strategy, StrategyCatalogue } from '@scalpstorm/strategies';
import { loadModules } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { exitCodes, Failure } from '../failure.js';

/** Of a command that takes the steps of a bot again. */
export interface StrategiesOption {
  readonly strategies?: string;
}

export const addStrategiesOption = (command: Command): Command =>
  command.option('--strategies <folder>', 'of the modules of the platform, for a bot of one of them');

/**
 * The strategies of the platform, and beside them those of the folder, loaded as a platform loads them: by id.
 * @param wanted the ids that there must be
 * @throws Failure
 */
export async function strategiesFor(
  wanted: Iterable<string>,
  { strategies: folder }: StrategiesOption,
): Promise<ReadonlyMap<string, Strategy>> {
  const catalogue = folder === undefined ? new StrategyCatalogue() : await loadModules(folder);
  const unreadable = catalogue.refusalOf('');
  if (unreadable !== null) throw refusedAs(unreadable, 'name a folder that may be read');
  for (const id of wanted) if (!catalogue.all.has(id)) throw notLoaded(id, catalogue, folder);
  return catalogue.all;
}

function notLoaded(id: string, catalogue: StrategyCatalogue, folder: string | undefined): Failure {
  const refused = catalogue.refusalOf(id);
  if (refused !== null) return refusedAs(refused);
  const where = folder === undefined ? 'of the platform' : `in ${folder}, nor of the platform`;
  return new Failure('STRATEGY_NOT_LOADED', `the bot runs "${id}", which is no strategy ${where}.`, {
    exitCode: exitCodes.usage,
    next: 'name the folder of the modules of its platform: --strategies FOLDER',
  });
}

const refusedAs = ({ code, file, text, next }: RefusedModule, mend = next): Failure =>
  new Failure(code, `${file}: ${text}`, { exitCode: exitCodes.usage, next: mend });

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStrategyId, strategyIdAllowed } from '@scalpstorm/strategies';
import { usageFailure } from '../failure.js';
import { refuseTaken } from './refuse-taken.js';
import { skeleton } from './skeleton.js';

const ours = ['@scalpstorm/strategies', '@scalpstorm/indicators'] as const;
const types = '@types/node';

export interface MadeStrategy {
  readonly folder: string;
  readonly files: readonly string[];
  /** Packages that were linked into it; none where it finds them by itself. */
  readonly linked: readonly string[];
}

/**
 * Makes a folder with a strategy that works. Never writes over what is there.
 * @throws Failure
 */
export function makeStrategy(id: string, parent: string): MadeStrategy {
  if (!isStrategyId(id)) throw usageFailure('INVALID_NAME', `"${id}" cannot name a strategy.`, strategyIdAllowed);
  refuseTaken(id);
  const folder = join(parent, id);
  if (existsSync(folder))
    throw usageFailure(
      'ALREADY_THERE',
      `${folder} is there already.`,
      'take another name, or another folder with --in',
    );
  try {
    mkdirSync(folder, { recursive: true });
    const files = Object.entries(skeleton(id));
    for (const [name, text] of files) writeFileSync(join(folder, name), text, { flag: 'wx' });
    return {
      folder,
      files: files.map(([name]) => name),
      linked: [...ours, types].filter((name) => link(name, folder)),
    };
  } catch (error) {
    throw usageFailure(
      'FILE_NOT_WRITTEN',
      `${folder} could not be made: ${(error as Error).message}`,
      'name another folder with --in',
    );
  }
}

/** False: it is found from there without. So tests, editors and the compiler find what the command line finds anyway. */
function link(name: string, folder: string): boolean {
  if (resolves(name, join(folder, 'package.json'))) return false;
  const place = placeOf(name);
  if (place === null) return false;
  const at = join(folder, 'node_modules', name);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(place, at, 'junction');
  return true;
}

function resolves(name: string, from: string): boolean {
  try {
    createRequire(from).resolve(name === types ? `${types}/package.json` : name);
    return true;
  } catch {
    return false;
  }
}

/** Null: this installation has it not. */
function placeOf(name: string): string | null {
  if (name !== types) return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  if (!resolves(types, fileURLToPath(import.meta.url))) return null;
  return dirname(createRequire(import.meta.url).resolve(`${types}/package.json`));
}

import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadedStrategy } from './load-strategy.js';

/** The libraries that decide what a backtest comes to. */
const deciding = ['kernel', 'model', 'indicators', 'strategies', 'backtest'] as const;

/**
 * SHA-256 of the code that decides what a backtest comes to: the same code gives the same figures. Hex.
 * @param also libraries that decide beside those of the plain path
 */
export function codeHash(also: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const name of [...deciding, ...also]) {
    const folder = dirname(fileURLToPath(import.meta.resolve(`@scalpstorm/${name}`)));
    const files = globSync('**/*.{js,ts}', { cwd: folder, exclude: (file) => /\.(d|spec)\.ts$/.test(file) });
    for (const file of files.toSorted()) hash.update(`${name}/${file}\n`).update(readFileSync(`${folder}/${file}`));
  }
  return hash.digest('hex');
}

/** What a run of a strategy follows from: the platform's code, and the strategy's own code or file where it has one. Hex. */
export function versionOf({ sourceHash }: Pick<LoadedStrategy, 'sourceHash'>): string {
  const platform = codeHash();
  return sourceHash === null ? platform : createHash('sha256').update(`${platform}\n${sourceHash}`).digest('hex');
}

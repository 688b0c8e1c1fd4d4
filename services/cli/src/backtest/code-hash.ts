import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The libraries that decide what a backtest comes to. */
const deciding = ['kernel', 'model', 'indicators', 'strategies', 'backtest'] as const;

/** SHA-256 of the code that decides what a backtest comes to: the same code gives the same figures. Hex. */
export function codeHash(): string {
  const hash = createHash('sha256');
  for (const name of deciding) {
    const folder = dirname(fileURLToPath(import.meta.resolve(`@scalpstorm/${name}`)));
    const files = globSync('**/*.{js,ts}', { cwd: folder, exclude: (file) => /\.(d|spec)\.ts$/.test(file) });
    for (const file of files.toSorted()) hash.update(`${name}/${file}\n`).update(readFileSync(`${folder}/${file}`));
  }
  return hash.digest('hex');
}

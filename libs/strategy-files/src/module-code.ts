import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Which file imports which, as Node has found them; files of this installation's own packages are left out. */
const imports = new Map<string, Set<string>>();

export function noteImport(by: string | undefined, url: string): void {
  if (by === undefined || !url.startsWith('file:')) return;
  const known = imports.get(by) ?? new Set();
  imports.set(by, known.add(url));
}

/**
 * SHA-256, hex, of a module that was loaded and of all files that it imports, directly or not; packages of this installation apart, whose
 * part in a strategy shows in what it decides. The same wherever the folder lies.
 */
export function codeOf(file: string): string {
  const root = realpathSync(file);
  const hash = createHash('sha256');
  for (const path of filesOf(root).toSorted()) {
    const name = relative(dirname(root), path).split(sep).join('/');
    hash.update(JSON.stringify([name, createHash('sha256').update(readFileSync(path)).digest('hex')]));
  }
  return hash.digest('hex');
}

function filesOf(root: string): readonly string[] {
  const seen = new Set([pathToFileURL(root).href]);
  for (const url of seen) for (const next of imports.get(url) ?? []) seen.add(next);
  return [...seen].map((url) => fileURLToPath(url));
}

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone this file belongs to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where provisioned servers and generated tools are kept; safe to delete, safe to share between clones. */
export function cacheDirectory(environment = process.env) {
  const chosen = environment.SCALPSTORM_CACHE_DIR;
  return chosen ? resolve(chosen) : join(root, '.cache');
}

/** Where every instance keeps its data, its logs and its passwords. */
export const runtimeRoot = join(root, '.runtime');
/** What Node keeps of compiled modules, so that the next process of a service starts sooner; as large as the code. */
export const compileCache = join(runtimeRoot, 'compile-cache');

/**
 * Creates a folder that others may pass through but not list: as root, Postgres runs under another user and must reach its data.
 * What is secret in it has a mode of its own.
 */
export function ensureRuntimeDirectory(path) {
  mkdirSync(path, { recursive: true, mode: 0o711 });
  return path;
}

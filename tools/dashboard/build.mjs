// Bundles the dashboard when its sources have changed since the last time, and packs its files for the way.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import { runBuilder } from '../build-program.mjs';
import { root } from '../paths.mjs';
import { say } from '../progress.mjs';

const folder = join(root, 'services/dashboard');
const output = join(folder, 'dist/app');
const stamp = join(output, '.built');
/** What decides whether a bundle is still good. */
const sources = ['index.html', 'package.json', 'vite.config.mjs', 'public', 'src'];
/** Smaller files gain nothing that is worth a second copy. */
const packedBytesMin = 1_024;

const filesBelow = (path) =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function sourceHash() {
  const hash = createHash('sha256');
  const files = sources.flatMap((name) => (name.includes('.') ? [join(folder, name)] : filesBelow(join(folder, name))));
  for (const file of [...files, join(root, 'package-lock.json')]) {
    if (file.endsWith('.spec.ts')) continue;
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Packed once here, so that the gateway never packs while somebody waits. */
function pack() {
  for (const file of filesBelow(output)) {
    const content = readFileSync(file);
    if (content.length < packedBytesMin || !/\.(js|css|html|svg)$/.test(file)) continue;
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

/**
 * @param {string} node the pinned one
 * @returns {Promise<boolean>} whether anything had to be built
 */
export async function buildDashboard(node) {
  const wanted = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  const since = Date.now();
  await bundle(node);
  pack();
  writeFileSync(stamp, wanted);
  say(`✓ bundling the dashboard (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  return true;
}

function bundle(node) {
  const program = join(root, 'node_modules/vite/bin/vite.js');
  const environment = { NODE_ENV: 'production' };
  return runBuilder(node, [program, 'build'], {
    name: 'the bundler of the dashboard',
    where: folder,
    cwd: folder,
    environment,
  });
}

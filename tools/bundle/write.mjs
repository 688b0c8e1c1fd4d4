// Bundles every service into `dist/`, from what the compiler wrote: one file to start for each, and chunks that they share. A service
// out of some fifty files starts three times sooner than out of the two thousand modules that they hold.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { compileCache, root } from '../paths.mjs';
import { ownPlace } from './own-place.mjs';
import { inputsOf, output, programNames, programOf } from './programs.mjs';
import { starting, startingSealed } from './starting.mjs';
import { markOf } from './unchanged.mjs';

const folder = join(output, 'bundle');
const dayMs = 86_400_000;
/** Before the build before this one: processes still run on them, and may load one late. */
const chunksKeptMs = dayMs;
/** Chunks of other content have other names: the cache would grow for ever. */
const cacheKeptMs = 7 * dayMs;

/** Frameworks and drivers ask for these and go on without them; nothing of ours needs one. */
const optional = [
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/platform-express',
  '@nestjs/platform-socket.io',
  '@nestjs/platform-ws',
  '@nestjs/websockets/socket-module.js',
  'amqp-connection-manager',
  'amqplib',
  'bufferutil',
  'class-transformer',
  'class-transformer/storage',
  'class-validator',
  'mqtt',
  'pg-native',
  'utf-8-validate',
];

const isOwn = (id) => id.startsWith(root + sep) && !id.includes(`${sep}node_modules${sep}`);
const program = (name) => join(root, 'services', name, 'dist/main.js');

/** Tells which modules of our own there are and what they import. What is read has its mark from before it was read. */
function witness({ marks, imports }) {
  const mark = (path) => marks.has(path) || marks.set(path, markOf(path));
  return {
    name: 'witness',
    load: {
      filter: { id: /\.js$/ },
      handler(id) {
        if (isOwn(id)) for (const path of [manifestOf(id), id]) mark(path);
      },
    },
    // Not from the chunks: a module that only hands on what others export leaves nothing in them.
    buildEnd() {
      for (const id of [...this.getModuleIds()].filter(isOwn)) {
        const { importedIds, dynamicallyImportedIds } = this.getModuleInfo(id);
        imports.set(id, [...importedIds, ...dynamicallyImportedIds].filter(isOwn));
      }
    },
  };
}

/** A package that cannot be found would otherwise be missed by a process that runs. */
function onLog(level, log, handle) {
  if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
  if (level === 'warn' && log.code !== 'EVAL') handle(level, log);
}

async function chunksOf(names, seen) {
  const bundle = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, program(name)])),
    cwd: root,
    platform: 'node',
    external: optional,
    plugins: [witness(seen), ownPlace(folder)],
    onLog,
  });
  try {
    const { output: chunks } = await bundle.generate({
      format: 'esm',
      // The names of classes are said in logs and are keys of the framework.
      keepNames: true,
      entryFileNames: '[name]-[hash].js',
      chunkFileNames: '[name]-[hash].js',
    });
    return chunks;
  } finally {
    await bundle.close();
  }
}

/** Never seen half written. */
function put(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function putChunk({ fileName, code }) {
  const path = join(folder, fileName);
  // Its name says its content. Its time says that it is still of use.
  if (existsSync(path)) utimesSync(path, new Date(), new Date());
  else put(path, code);
}

/** Everything that it can load, itself with it. @param {Map<string, readonly string[]>} imports of each by its name */
function loadedBy(name, imports, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of imports.get(name)) loadedBy(next, imports, seen);
  return seen;
}

/** Which chunks each of them loads; what else it imports comes with Node. */
function importsBetween(chunks) {
  const names = new Set(chunks.map(({ fileName }) => fileName));
  const importsOf = ({ imports, dynamicImports }) => [...imports, ...dynamicImports].filter((name) => names.has(name));
  return new Map(chunks.map((chunk) => [chunk.fileName, importsOf(chunk)]));
}

function manifestOf(path) {
  let at = dirname(path);
  while (!existsSync(join(at, 'package.json'))) at = dirname(at);
  return join(at, 'package.json');
}

/** What decides beside the modules: which packages are installed, and who bundles. */
function surroundings() {
  const makers = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.spec.mjs'));
  return [join(root, 'node_modules/.package-lock.json'), ...makers.map((name) => join(import.meta.dirname, name))];
}

/** What it was made of, and what was made of it: it is no more whole when a chunk has gone than when a module has changed. */
function inputsFor(name, { marks, imports }, chunks) {
  const modules = [...loadedBy(program(name), imports)];
  const files = new Set([...surroundings(), ...modules.map(manifestOf), ...modules]);
  const made = [...chunks].map((chunk) => join(folder, chunk));
  const marked = [...[...files].map((path) => [path, marks.get(path)]), ...made.map((path) => [path, markOf(path)])];
  return Object.fromEntries(marked.map(([path, mark]) => [relative(output, path), mark]));
}

/** When the bundles were written that are there; now, if there are none. */
const formerMs = (names) => statSync(programOf(names[0]), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();

function forgetOlder(path, before) {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const stat = entry.isFile() ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (stat !== undefined && stat.mtimeMs < before) rmSync(file, { force: true });
  }
}

async function main(args) {
  const names = programNames();
  const seen = { marks: new Map(surroundings().map((path) => [path, markOf(path)])), imports: new Map() };
  const former = formerMs(names);
  mkdirSync(folder, { recursive: true });
  const chunks = await chunksOf(names, seen);
  for (const chunk of chunks) putChunk(chunk);
  const between = importsBetween(chunks);
  for (const name of names) {
    const entry = chunks.find(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId === program(name));
    if (args.includes('--sealed')) {
      // In a working tree it is current for nobody: the next build writes it anew.
      rmSync(inputsOf(name), { force: true });
      put(programOf(name), startingSealed(entry.fileName));
      continue;
    }
    put(programOf(name), starting(name, entry.fileName));
    put(inputsOf(name), JSON.stringify(inputsFor(name, seen, loadedBy(entry.fileName, between))));
  }
  forgetOlder(folder, former - chunksKeptMs);
  forgetOlder(compileCache, Date.now() - cacheKeptMs);
}

await main(process.argv.slice(2));

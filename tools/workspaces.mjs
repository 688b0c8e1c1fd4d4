// Derives every tsconfig.json from the packages' own dependencies and links new workspaces, so that a
// dependency is declared once, in package.json. `node tools/workspaces.mjs --check` only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const groups = ['libs', 'libs/platform', 'libs/venues', 'services'];

/** Every workspace folder that holds a package.json, relative to the root. */
function workspaceFolders() {
  return groups
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort();
}

const folders = workspaceFolders();
const packages = new Map(
  folders.map((folder) => [folder, JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))]),
);
const folderOf = new Map([...packages].map(([folder, manifest]) => [manifest.name, folder]));

function tsconfigFor(folder) {
  const up = relative(join(root, folder), root);
  const references = Object.keys(packages.get(folder).dependencies ?? {})
    .filter((name) => folderOf.has(name))
    .sort()
    .map((name) => ({ path: relative(join(root, folder), join(root, folderOf.get(name))) }));
  if (packages.get(folder).scalpstorm?.runtime === 'browser') return browserTsconfig(up, references);
  return {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    exclude: ['**/*.spec.ts'],
    references,
  };
}

/** A page is bundled by Vite; the compiler only checks it, its specs included: they are the only ones that know the DOM. */
function browserTsconfig(up, references) {
  return {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: {
      rootDir: 'src',
      outDir: 'dist/types',
      tsBuildInfoFile: 'dist/types/.tsbuildinfo',
      emitDeclarationOnly: true,
      lib: ['es2024', 'dom', 'dom.iterable'],
      jsx: 'react-jsx',
      types: [],
    },
    include: ['src'],
    references,
  };
}

const wanted = new Map(folders.map((folder) => [`${folder}/tsconfig.json`, tsconfigFor(folder)]));
wanted.set('tsconfig.json', { files: [], references: folders.map((path) => ({ path })) });

const stale = [];
for (const [file, config] of wanted) {
  const text = `${JSON.stringify(config, null, 2)}\n`;
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
}
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    process.stderr.write(`out of date, run \`node tools/workspaces.mjs\`: ${stale.join(', ')}\n`);
    process.exit(1);
  }
} else {
  for (const [name, folder] of folderOf) {
    const link = join(root, 'node_modules', name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(root, folder)), link);
  }
}

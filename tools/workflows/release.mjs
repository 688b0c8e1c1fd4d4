// `npm run release:bundle -- --tag vX.Y.Z --owner NAME --out FOLDER`: writes notes.md, compose/ and kubernetes/ of a release.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { kubectlCommand } from '../k8s/kubectl.mjs';
import { root } from '../paths.mjs';
import { say } from '../progress.mjs';
import {
  changelogSection,
  composeOf,
  guideOf,
  manifestsOf,
  mountedPaths,
  notesOf,
  readmesOf,
  releasedVersion,
} from './bundle.mjs';

const usage = `npm run release:bundle -- --tag vX.Y.Z --owner NAME [--out release]

  --tag     the tag; package.json, .env.example and CHANGELOG.md must know its version
  --owner   whose registry the images are in: ghcr.io/NAME
  --out     a folder that is not there yet, or empty`;

const outputBytesMax = 32 * 2 ** 20;
const text = (path) => readFileSync(join(root, path), 'utf8');
const guide = (path, wanted) => guideOf(text(path), { ...wanted, path });

function optionsOf(args) {
  const options = { tag: { type: 'string' }, owner: { type: 'string' }, out: { type: 'string', default: 'release' } };
  try {
    const { values } = parseArgs({ args, options });
    if (values.tag !== undefined && values.owner !== undefined) return values;
  } catch (cause) {
    throw new Failure('UNKNOWN_OPTION', cause.message, { next: usage, exitCode: 2 });
  }
  throw new Failure('UNKNOWN_OPTION', 'a tag and an owner are needed.', { next: usage, exitCode: 2 });
}

function emptyFolder(path) {
  const folder = resolve(path);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Failure('RELEASE_REFUSED', `${folder} is not empty.`, { next: 'name another with --out' });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Only what git knows: a secret that lies beside the files of the repository stays where it is. */
function trackedBelow(paths) {
  const listed = execFileSync('git', ['ls-files', '-z', '--', ...paths], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '');
}

function writeCompose(folder, wanted, readme) {
  const compose = composeOf(text('docker-compose.yml'), wanted);
  put(join(folder, 'docker-compose.yml'), compose);
  put(join(folder, 'README.md'), readme);
  put(join(folder, 'compose.md'), guide('docs/guides/compose.md', wanted));
  for (const path of ['.env.example', 'LICENSE', ...trackedBelow(mountedPaths(compose))]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
}

async function writeKubernetes(folder, wanted, readme) {
  const kubectl = await kubectlCommand();
  put(join(folder, 'README.md'), readme);
  put(join(folder, 'kubernetes.md'), guide('docs/guides/kubernetes.md', wanted));
  for (const overlay of readdirSync(join(root, 'k8s/overlays'))) {
    const args = ['kustomize', join(root, 'k8s/overlays', overlay)];
    const rendered = execFileSync(kubectl, args, { encoding: 'utf8', maxBuffer: outputBytesMax });
    put(join(folder, `${overlay}.yaml`), manifestsOf(rendered, wanted));
  }
}

async function main(args) {
  const { tag, owner, out } = optionsOf(args);
  const manifest = JSON.parse(text('package.json'));
  const version = releasedVersion({ tag, manifest, environment: text('.env.example') });
  const section = changelogSection(text('CHANGELOG.md'), version);
  const repository = process.env.GITHUB_REPOSITORY ?? `${owner}/${manifest.name}`;
  const wanted = { owner, version, repository };
  const folder = emptyFolder(out);
  const readmes = readmesOf(wanted);
  put(join(folder, 'notes.md'), notesOf({ ...wanted, section }));
  writeCompose(join(folder, 'compose'), wanted, readmes.compose);
  await writeKubernetes(join(folder, 'kubernetes'), wanted, readmes.kubernetes);
  say(`release ${version}: ${folder}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  say(errorText(error));
  process.exit(exitCodeOf(error));
}

// `node tools/workflows/digests.mjs FILE|FOLDER …`: writes behind every image of somebody else the digest that its tag has now, in place.
// The release does so with what it publishes; a maintainer may do so with the sources, where Dependabot then keeps it up to date.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { say } from '../progress.mjs';

/** `image: name:tag` and `FROM name:tag`; what has a digest or a variable in it stays. */
const named = /^((?:\s*(?:- )?image:|FROM)\s+["']?)([a-z0-9][\w./-]*:\w[\w.-]*)(?=["']?(?:\s|$))/gm;
/** Ours are signed, and named with their digests in images.txt. */
const ours = /(^|\/)scalpstorm[-/]/;
const digestForm = /^sha256:[0-9a-f]{64}$/;
const answerMs = 120_000;

/** @returns {string[]} the images of others that a text names by tag alone */
export function imagesIn(text) {
  const found = [...text.matchAll(named)].map(([, , image]) => image);
  return [...new Set(found)].filter((image) => !ours.test(image));
}

/** The same text with `name:tag@digest`. @param {(image: string) => string} digestOf */
export function pinned(text, digestOf) {
  return text.replace(named, (found, before, image) =>
    ours.test(image) ? found : `${before}${image}@${digestOf(image)}`,
  );
}

/** Of the list of both processors, not of one of them. @throws {Failure} DIGEST_UNKNOWN */
function askRegistry(image) {
  const args = ['buildx', 'imagetools', 'inspect', image, '--format', '{{json .Manifest}}'];
  const answer = spawnSync('docker', args, { encoding: 'utf8', timeout: answerMs });
  const next = 'look whether the registry answers and the tag exists; nothing was written';
  if (answer.error || answer.status !== 0)
    throw new Failure('DIGEST_UNKNOWN', `${image}: ${answer.error?.message ?? answer.stderr.trim()}`, { next });
  const { digest } = JSON.parse(answer.stdout);
  if (digestForm.test(digest)) return digest;
  throw new Failure('DIGEST_UNKNOWN', `${image}: the registry names no digest`, { next });
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Asks for every image once, and writes nothing before all are known. */
export function pinFiles(paths, digestOf = askRegistry) {
  const texts = paths.flatMap(filesIn).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const images = [...new Set(texts.flatMap(({ text }) => imagesIn(text)))].sort();
  const digests = new Map(images.map((image) => [image, digestOf(image)]));
  for (const { file, text } of texts) {
    const written = pinned(text, (image) => digests.get(image));
    if (written !== text) writeFileSync(file, written);
  }
  return digests;
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  try {
    const paths = process.argv.slice(2);
    if (paths.length === 0)
      throw new Failure('UNKNOWN_OPTION', 'no file is named.', { next: 'name files or folders', exitCode: 2 });
    for (const [image, digest] of pinFiles(paths)) say(`${image}@${digest}`);
  } catch (error) {
    say(errorText(error));
    process.exit(exitCodeOf(error));
  }
}

// Registry, version and digest of our images in an overlay, from lines NAME:TAG@sha256:…, as images.txt of a release has them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { say } from '../progress.mjs';

const help = `node tools/k8s/pin.mjs OVERLAY < images.txt

Writes newName, newTag and digest into images of OVERLAY/kustomization.yaml. One line an image: NAME:TAG@sha256:DIGEST.
Images are known by the end of their name, so the registry of the lines is taken over; lines of images that the overlay has no
use for are left out. The servers' images: node tools/workflows/digests.mjs k8s`;
const line = /^(?<name>[a-z0-9][a-z0-9./_:-]*):(?<tag>[\w.-]+)@(?<digest>sha256:[0-9a-f]{64})$/;
const own = /(?:^|\/)scalpstorm-([a-z-]+)$/;

/**
 * A kustomization with the images of the lines; its comments stay.
 * @param {string} text
 * @param {string} lines
 * @throws {Failure} IMAGE_LINE for a line that names no digest
 */
export function pinned(text, lines) {
  const document = parseDocument(text);
  const images = document.get('images');
  if (images === undefined) throw new Failure('IMAGES_MISSING', 'the kustomization has no images.');
  for (const one of lines.split('\n').map((each) => each.trim())) {
    if (one === '') continue;
    const found = line.exec(one)?.groups;
    if (found === undefined)
      throw new Failure('IMAGE_LINE', `"${one}" is not NAME:TAG@sha256:DIGEST.`, {
        next: 'take images.txt of the release',
      });
    pin(images, found);
  }
  return document.toString({ lineWidth: 0 });
}

function pin(images, { name, tag, digest }) {
  const wanted = `scalpstorm/${own.exec(name)?.[1]}`;
  const entry = images.items.find((item) => item.get('name') === wanted);
  entry?.set('newName', name);
  entry?.set('newTag', tag);
  entry?.set('digest', digest);
}

function main([folder]) {
  if (folder === undefined || folder === '--help') {
    process.stdout.write(`${help}\n`);
    return folder === undefined ? 2 : 0;
  }
  const file = join(folder, 'kustomization.yaml');
  writeFileSync(file, pinned(readFileSync(file, 'utf8'), readFileSync(0, 'utf8')));
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exit(main(process.argv.slice(2)));
  } catch (error) {
    say(errorText(error));
    process.exit(exitCodeOf(error));
  }
}

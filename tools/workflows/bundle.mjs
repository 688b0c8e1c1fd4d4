// What a release consists of, as texts: the section of the changelog, the compose file without a build, the manifests with its images.
import { posix } from 'node:path';
import { parse } from 'yaml';
import { Failure } from '../failure.mjs';

const tagPattern = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/**
 * The version that a tag names, when everything agrees on it.
 * @throws {Failure} RELEASE_REFUSED
 */
export function releasedVersion({ tag, manifest, environment }) {
  const version = tagPattern.exec(tag)?.[1];
  if (version === undefined) throw refused(`"${tag}" is not a tag of a release.`, 'name it like v1.2.3 or v1.2.3-rc.1');
  if (manifest.version !== version)
    throw refused(
      `the tag is ${tag}, and package.json says ${manifest.version}.`,
      'make both the same, and tag that commit',
    );
  if (!new RegExp(`^SCALPSTORM_VERSION=${version.replaceAll('.', '\\.')}$`, 'm').test(environment))
    throw refused(`SCALPSTORM_VERSION of .env.example is not ${version}.`, 'make both the same, and tag that commit');
  return version;
}

/**
 * The section of one version, without its heading.
 * @throws {Failure} RELEASE_REFUSED when there is none, or nothing in it
 */
export function changelogSection(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => new RegExp(`^\\[?${version.replaceAll('.', '\\.')}\\]?(\\s|$)`).test(text));
  const body = section?.split('\n').slice(1).join('\n').trim() ?? '';
  if (body !== '') return body;
  throw refused(
    `CHANGELOG.md has no section ${version}.`,
    `rename "Unreleased" to "${version} (date)" and begin a new one`,
  );
}

/** The registry takes lower-case names only. */
const registryOf = (owner) => `ghcr.io/${owner.toLowerCase()}`;

/**
 * docker-compose.yml as it is, but every image of ours is fetched and none is built.
 * @throws {Failure} RELEASE_REFUSED when the file is no longer written as this expects
 */
export function composeOf(text, { owner, version }) {
  const written = text
    .replace(/^ +build: \{ context: \., target: [\w-]+ \}\n/gm, '')
    .replace(
      /^( +image: )scalpstorm\/([\w-]+):\$\{SCALPSTORM_VERSION:-[^}]+\}$/gm,
      `$1${registryOf(owner)}/scalpstorm-$2:\${SCALPSTORM_VERSION:-${version}}`,
    );
  const services = Object.entries(parse(written, { merge: true }).services);
  const left = services
    .filter(([, { image, build }]) => build !== undefined || image.startsWith('scalpstorm/'))
    .map(([name]) => name);
  if (left.length === 0) return written;
  throw refused(
    `docker-compose.yml: of ${left.join(', ')} the image could not be replaced.`,
    'write image and build as the others do',
  );
}

/** @returns {string[]} what the containers mount from beside the compose file, relative to it */
export function mountedPaths(composeText) {
  const services = Object.values(parse(composeText, { merge: true }).services);
  const mounts = services.flatMap(({ volumes }) => volumes ?? []).filter((volume) => volume.startsWith('./'));
  return [...new Set(mounts.map((volume) => volume.slice(2).split(':')[0]))].sort();
}

/**
 * Rendered manifests with the images of this release.
 * @throws {Failure} RELEASE_REFUSED when an image of ours stays without a registry
 */
export function manifestsOf(text, { owner, version }) {
  const written = text.replace(
    /\bghcr\.io\/your-organization\/scalpstorm-([\w-]+):[\w.-]+/g,
    `${registryOf(owner)}/scalpstorm-$1:${version}`,
  );
  const left = /\bimage: (scalpstorm\/\S+|\S*your-organization\S*)/.exec(written);
  if (left === null) return written;
  throw refused(`the manifests still name ${left[1]}.`, 'give it a newName in the overlay');
}

/** A guide as it reads outside of the repository: its links lead to the files at the tag. */
export function guideOf(text, { path, repository, version }) {
  const base = `https://github.com/${repository}/blob/v${version}`;
  const absolute = (link) => `](${base}/${posix.join(posix.dirname(path), link)}`;
  return text.replace(/\]\((?!https?:|#|mailto:)([^)\s]+)/g, (_, link) => absolute(link));
}

/** What stands on the page of the release: first what changed, then how to take it. */
export function notesOf({ section, owner, version, repository }) {
  const image = `${registryOf(owner)}/scalpstorm-gateway:${version}`;
  const verify = [
    `cosign verify ${image} \\`,
    `  --certificate-identity-regexp '^https://github\\.com/${repository.replaceAll('.', '\\.')}/\\.github/workflows/images\\.yml@' \\`,
    '  --certificate-oidc-issuer https://token.actions.githubusercontent.com',
  ];
  return [
    section,
    '',
    '## Taking it',
    '`compose` is everything that Docker Compose needs on one machine, `kubernetes` the rendered overlays; both have a README. `images.txt` has the digest of',
    'every image. Each image brings provenance and a bill of materials, and is signed:',
    '```',
    ...verify,
    '```',
    '',
  ].join('\n');
}

/** The pages in the two archives. */
export function readmesOf({ owner, version }) {
  const setup = `${registryOf(owner)}/scalpstorm-setup:${version}`;
  const compose = [
    `# Scalpstorm ${version} with Docker Compose`,
    '',
    '```',
    `(umask 077; docker run --rm ${setup} environment .env.example > .env)   # a random value for every secret`,
    'docker compose up --detach --wait',
    'grep SCALPSTORM_SETUP_TOKEN .env                                        # the page asks for it once',
    '```',
    'Then open <http://127.0.0.1:3000>. To upgrade, back the database up, unpack the next version beside this one, and take over your `.env` with the new',
    '`SCALPSTORM_VERSION`; the name of the project, and so the volumes, stay. Everything else: `compose.md`.',
    '',
  ];
  const kubernetes = [
    `# Scalpstorm ${version} on Kubernetes`,
    '',
    '`dev.yaml` has passwords that everybody knows. `staging.yaml` and `prod.yaml` expect your Secrets, and hold examples of what is yours: host name, networks,',
    'venues. Better than to edit them is an overlay of your own on `k8s/base` of the repository at this tag. Everything else: `kubernetes.md`.',
    '',
  ];
  return { compose: compose.join('\n'), kubernetes: kubernetes.join('\n') };
}

const refused = (message, next) => new Failure('RELEASE_REFUSED', message, { next });

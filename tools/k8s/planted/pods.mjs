import { at, containerOf, podOf, variableOf } from './objects.mjs';

const unknownField = (all) => {
  containerOf(all, 'execution').readinessProbe.failureTreshold = 3;
};

const withGpu = { overlay: 'prod', component: 'inference-gpu' };

export const podFaults = [
  ['an unknown field', 'SCHEMA', unknownField],
  ['a missing limit', 'LIMIT_MISSING', (all) => delete containerOf(all, 'strategy').resources.limits.memory],
  ['a missing probe', 'PROBE_MISSING', (all) => delete containerOf(all, 'risk-gate').readinessProbe],
  [
    'a liveness that hangs on servers',
    'PROBE_PATH',
    (all) => Object.assign(containerOf(all, 'gateway').livenessProbe.httpGet, { path: '/health/ready' }),
  ],
  [
    'a probe of no port',
    'PROBE_PORT',
    (all) => Object.assign(containerOf(all, 'gateway').startupProbe.httpGet, { port: 'metrics' }),
  ],
  [
    'a wrong key of a Secret',
    'SECRET_KEY',
    (all) => Object.assign(variableOf(all, 'execution', 'VENUE_ACCOUNTS').valueFrom.secretKeyRef, { key: 'ACCOUNTS' }),
  ],
  [
    'a wrong ConfigMap',
    'CONFIG_MAP_UNKNOWN',
    (all) => Object.assign(containerOf(all, 'gateway').envFrom[0].configMapRef, { name: 'platforms' }),
  ],
  [
    'the image of today',
    'IMAGE_NOT_PINNED',
    (all) => Object.assign(containerOf(all, 'gateway'), { image: 'ghcr.io/x/scalpstorm-gateway:latest' }),
  ],
  [
    'an image without a tag',
    'IMAGE_NOT_PINNED',
    (all) => Object.assign(containerOf(all, 'gateway'), { image: 'ghcr.io/x/scalpstorm-gateway' }),
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
    (all) => containerOf(all, 'execution').env.push({ name: 'LIVE_TRADNG', value: 'no' }),
  ],
  [
    'a missing setting',
    'SETTING',
    (all) =>
      containerOf(all, 'gateway').env.splice(
        containerOf(all, 'gateway').env.findIndex(({ name }) => name === 'JWT_SECRET'),
        1,
      ),
  ],
  [
    'a limit that no operator finds',
    'SETTING',
    (all) => delete at(all, 'ConfigMap', 'risk-gate').data.RISK_ORDER_NOTIONAL_MAX,
  ],
  [
    'a rule of the audit that no operator finds',
    'SETTING',
    (all) => delete at(all, 'ConfigMap', 'gateway').data.ANOMALY_REFUSED_CALLS,
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
  ['root', 'RUNS_AS_ROOT', (all) => Object.assign(podOf(all, 'notifications').spec.securityContext, { runAsUser: 0 })],
  [
    'a writable image',
    'ROOT_WRITABLE',
    (all) => delete containerOf(all, 'notifications').securityContext.readOnlyRootFilesystem,
  ],
  ['a token of the cluster', 'TOKEN_MOUNTED', (all) => delete podOf(all, 'gateway').spec.automountServiceAccountToken],
  [
    'requests above limits',
    'REQUEST_ABOVE_LIMIT',
    (all) => Object.assign(containerOf(all, 'execution').resources.requests, { memory: '2Gi' }),
  ],
  [
    'a request of another unit above its limit',
    'REQUEST_ABOVE_LIMIT',
    (all) => Object.assign(containerOf(all, 'gateway').resources.requests, { cpu: '2500m' }),
  ],
  [
    'a misspelt resource',
    'RESOURCE_UNKNOWN',
    (all) => {
      const { limits } = containerOf(all, 'inference-gpu').resources;
      delete limits['nvidia.com/gpu'];
      limits['nvidia.com/gpus'] = 1;
    },
    withGpu,
  ],
  [
    'a GPU without its toleration',
    'TOLERATION_MISSING',
    (all) => delete podOf(all, 'inference-gpu').spec.tolerations,
    withGpu,
  ],
  [
    'a kill after a second',
    'GRACE_TOO_SHORT',
    (all) => Object.assign(podOf(all, 'execution').spec, { terminationGracePeriodSeconds: 1 }),
  ],
  [
    'a NATS that may not send its clients away',
    'GRACE_TOO_SHORT',
    (all) => Object.assign(podOf(all, 'nats', 'StatefulSet').spec, { terminationGracePeriodSeconds: 30 }),
  ],
  [
    'a liveness that kills after one slow answer',
    'PROBE_IMPATIENT',
    (all) => Object.assign(containerOf(all, 'execution').livenessProbe, { failureThreshold: 1, periodSeconds: 1 }),
  ],
  [
    'a start that is given up at once',
    'PROBE_IMPATIENT',
    (all) => Object.assign(containerOf(all, 'strategy').startupProbe, { failureThreshold: 3 }),
  ],
  [
    'an unknown setting of an image that is pinned by its digest',
    'SETTING',
    (all) => {
      const container = containerOf(all, 'execution');
      container.image = `ghcr.io/x/scalpstorm-execution@sha256:${'0'.repeat(64)}`;
      container.env.push({ name: 'LIVE_TRADNG', value: 'no' });
    },
  ],
  [
    'pods that their Deployment does not select',
    'SELECTOR_DIFFERS',
    (all) => Object.assign(podOf(all, 'gateway').metadata.labels, { 'app.kubernetes.io/name': 'door' }),
  ],
  [
    'a service that nobody finds',
    'SHAPE_MISSING',
    (all) => delete podOf(all, 'gateway').metadata.labels['scalpstorm/shape'],
  ],
];

import { at, containerOf, without } from './objects.mjs';

export const operationFaults = [
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
    'a Secret in the repository',
    'SECRET_IN_CLEAR',
    (all) =>
      all.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'scalpstorm-redis', namespace: 'scalpstorm' } }),
  ],
  [
    'an autoscaler on inference',
    'AUTOSCALER_ON_WRITER',
    (all) => Object.assign(at(all, 'HorizontalPodAutoscaler', 'gateway').spec.scaleTargetRef, { name: 'inference' }),
  ],
  [
    'streams on one of three servers',
    'STREAM_REPLICAS',
    (all) => Object.assign(at(all, 'ConfigMap', 'setup').data, { STREAM_REPLICAS: '1' }),
  ],
  ['two servers', 'NATS_SERVERS', (all) => Object.assign(at(all, 'StatefulSet', 'nats').spec, { replicas: 2 })],
  [
    'a production on one server',
    'NATS_SERVERS',
    (all) => Object.assign(at(all, 'StatefulSet', 'nats').spec, { replicas: 1 }),
  ],
  [
    'servers without a route to one of them',
    'NATS_ROUTES',
    (all) => Object.assign(at(all, 'StatefulSet', 'nats').spec, { replicas: 5 }),
  ],
  [
    'a server that is taken for started before it has caught up',
    'NATS_NOT_CURRENT',
    (all) =>
      Object.assign(containerOf(all, 'nats', 'StatefulSet').startupProbe.httpGet, {
        path: '/healthz?js-enabled-only=true',
      }),
  ],
  [
    'the next server as soon as the last is ready',
    'NATS_NOT_CURRENT',
    (all) => delete at(all, 'StatefulSet', 'nats').spec.minReadySeconds,
  ],
  [
    'streams beside their disk',
    'DATA_NOT_KEPT',
    (all) =>
      Object.assign(
        containerOf(all, 'nats', 'StatefulSet').volumeMounts.find(({ name }) => name === 'data'),
        { mountPath: '/var/lib/nats' },
      ),
  ],
  [
    'back-ups that go with their pod',
    'DATA_NOT_KEPT',
    (all) => {
      const { volumes } = at(all, 'CronJob', 'backup').spec.jobTemplate.spec.template.spec;
      const kept = volumes.find(({ name }) => name === 'backups');
      delete kept.persistentVolumeClaim;
      kept.emptyDir = {};
    },
  ],
  [
    'back-ups that are switched off',
    'BACKUP_OFF',
    (all) => Object.assign(at(all, 'CronJob', 'backup').spec, { suspend: true }),
  ],
  ['no back-ups', 'BACKUP_OFF', (all) => without(all, 'CronJob', 'backup')],
  [
    'a restore by the clock',
    'RESTORE_BY_ITSELF',
    (all) => Object.assign(at(all, 'CronJob', 'restore').spec, { suspend: false }),
  ],
  [
    'live trading that the overlay does not ask for',
    'LIVE_TRADING',
    (all) => Object.assign(at(all, 'ConfigMap', 'execution').data, { LIVE_TRADING: 'yes' }),
  ],
];

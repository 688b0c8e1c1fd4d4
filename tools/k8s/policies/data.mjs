import { failuresOf } from '../overlay.mjs';

const production = /^prod\b/;

/** What must outlive a pod lies on a disk that does, and on as many servers as the overlay has. */
export function dataFailures(overlay, environments) {
  const say = failuresOf(overlay);
  return [
    ...overlay.workloads.flatMap((workload) => onClaims(overlay, workload, say)),
    ...streams(overlay, environments, say),
    ...backups(overlay, say),
  ];
}

function onClaims(overlay, workload, say) {
  return workload.containers.flatMap((container) => {
    const path = pathOfData(overlay, workload, container);
    if (path === null || isOnClaim(overlay, workload, { container, path })) return [];
    const text = `${container.name} writes to ${path}, which is on no claim: it is gone with the pod`;
    return [say(workload.where, 'DATA_NOT_KEPT', text)];
  });
}

/** Where the program keeps what must not be lost; null: nowhere. `(unknown)` is on no claim. */
function pathOfData(overlay, { name, pod }, { args = [], env = [], volumeMounts = [] }) {
  const following = (option) => args[args.indexOf(option) + 1] ?? '(unknown)';
  if (name === 'postgres') return env.find((one) => one.name === 'PGDATA')?.value ?? '(unknown)';
  if (name === 'sim-exchange') return following('--state');
  if (name === 'backup' || name === 'restore') return args[1] ?? '(unknown)';
  if (name !== 'nats') return null;
  const mounted = volumeMounts.find(({ mountPath }) => mountPath === following('--config'));
  const map = pod.volumes?.find((volume) => volume.name === mounted?.name)?.configMap?.name;
  const text = overlay.named('ConfigMap', map)?.data?.[mounted?.subPath] ?? '';
  return /^\s*store_dir:\s*(\S+)/m.exec(text)?.[1] ?? '(unknown)';
}

function isOnClaim(overlay, { object, pod }, { container, path }) {
  const [mount] = (container.volumeMounts ?? [])
    .filter(({ mountPath }) => `${path}/`.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  if (mount === undefined || mount.readOnly) return false;
  if ((object.spec.volumeClaimTemplates ?? []).some(({ metadata }) => metadata.name === mount.name)) return true;
  const claim = pod.volumes?.find(({ name }) => name === mount.name)?.persistentVolumeClaim?.claimName;
  return claim !== undefined && overlay.named('PersistentVolumeClaim', claim) !== undefined;
}

function streams(overlay, environments, say) {
  const servers = overlay.workloads.find(({ name }) => name === 'nats');
  if (servers === undefined) return [];
  const { replicas, where, containers } = servers;
  const told = overlay.workloads.flatMap((workload) => {
    const copies = environments.get(workload.where)?.STREAM_REPLICAS?.value;
    return copies === undefined ? [] : [{ workload, copies: Number(copies) }];
  });
  const wrong = told.filter(({ copies }) => copies > replicas || copies < Math.min(3, replicas));
  const words = containers.flatMap(({ args = [] }) => args).join(' ');
  const unrouted = Array.from({ length: replicas }, (_, ordinal) => `nats-${ordinal}.`).filter(
    (server) => replicas > 1 && !words.includes(`@${server}`),
  );
  const tooFew = production.test(overlay.name) && replicas < 3;
  return [
    ...(replicas % 2 === 1
      ? []
      : [say(where, 'NATS_SERVERS', `${replicas} servers bear no more losses than one less`)]),
    ...(tooFew ? [say(where, 'NATS_SERVERS', 'production has fewer than three servers')] : []),
    ...unrouted.map((server) => say(where, 'NATS_ROUTES', `no route leads to ${server.slice(0, -1)}`)),
    ...(replicas > 1 ? notCurrent(servers, say) : []),
    ...wrong.map(({ workload, copies }) =>
      say(workload.where, 'STREAM_REPLICAS', `makes streams with ${copies} copies on ${replicas} servers`),
    ),
  ];
}

/** The next server goes when the last has all that was said meanwhile: only then are two of three still enough. */
function notCurrent({ where, containers, object }, say) {
  const asksForAll = containers.some(({ startupProbe }) => startupProbe?.httpGet?.path === '/healthz');
  return [
    ...(asksForAll
      ? []
      : [say(where, 'NATS_NOT_CURRENT', 'its startupProbe does not ask whether every stream is current')]),
    ...(object.spec.minReadySeconds > 0 ? [] : [say(where, 'NATS_NOT_CURRENT', 'has no minReadySeconds')]),
  ];
}

function backups(overlay, say) {
  const suspended = (name) => overlay.named('CronJob', name)?.spec.suspend;
  const isThere = overlay.named('CronJob', 'backup') !== undefined;
  return [
    ...(production.test(overlay.name) && !isThere ? [say('CronJob/backup', 'BACKUP_OFF', 'production has none')] : []),
    ...(isThere && suspended('backup') ? [say('CronJob/backup', 'BACKUP_OFF', 'is suspended')] : []),
    ...(overlay.named('CronJob', 'restore') !== undefined && suspended('restore') !== true
      ? [say('CronJob/restore', 'RESTORE_BY_ITSELF', 'is not suspended: it would replace everything by the clock')]
      : []),
  ];
}

import { failuresOf, selects, whereOf } from '../overlay.mjs';

/** Made beforehand where an overlay makes no Secret, beside those of which dev is the form. */
const madeElsewhere = ['gateway-tls'];
const mapsMadeElsewhere = ['postgres-ca'];
const restricted = 'pod-security.kubernetes.io/enforce';
const clusterWide = ['Namespace', 'PriorityClass'];

/** Whatever names another object names one that is there. */
export function referenceFailures(overlay) {
  const say = failuresOf(overlay);
  return [
    ...namespaces(overlay, say),
    ...services(overlay, say),
    ...ingresses(overlay, say),
    ...overlay.workloads.flatMap((workload) => mounts(overlay, workload, say)),
    ...overlay.workloads.flatMap((workload) => scraping(workload, say)),
    ...twice(overlay, say),
  ];
}

function namespaces(overlay, say) {
  const [namespace] = overlay.of('Namespace');
  if (namespace?.metadata.labels?.[restricted] !== 'restricted')
    return [say('Namespace', 'NAMESPACE_NOT_RESTRICTED', `has no label ${restricted}=restricted`)];
  return overlay.objects
    .filter(({ kind, metadata }) => !clusterWide.includes(kind) && metadata.namespace !== namespace.metadata.name)
    .map((object) => say(whereOf(object), 'NAMESPACE_OTHER', `is not in ${namespace.metadata.name}`));
}

function services(overlay, say) {
  return overlay.of('Service').flatMap((object) => {
    const { selector, ports } = object.spec;
    const chosen = overlay.workloads.filter(({ labels }) => selects({ matchLabels: selector }, labels));
    if (selector === undefined || chosen.length === 0) return [say(whereOf(object), 'SERVICE_IDLE', 'selects no pod')];
    const open = new Set(
      chosen.flatMap(({ ports: own }) => own.flatMap(({ name, containerPort }) => [name, containerPort])),
    );
    return ports
      .filter(({ port, targetPort = port }) => !open.has(targetPort))
      .map(({ targetPort }) => say(whereOf(object), 'SERVICE_PORT', `no selected pod has the port ${targetPort}`));
  });
}

function ingresses(overlay, say) {
  return overlay.of('Ingress').flatMap((object) => {
    const backends = object.spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service));
    return backends
      .filter(({ name, port }) => {
        const ports = overlay.named('Service', name)?.spec.ports ?? [];
        return !ports.some((own) => own.name === port.name || own.port === port.number);
      })
      .map(({ name }) => say(whereOf(object), 'INGRESS_BACKEND', `there is no such port of a Service ${name}`));
  });
}

function mounts(overlay, { where, pod, everyContainer, object }, say) {
  const volumes = pod.volumes ?? [];
  const claims = (object.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const known = new Set([...claims, ...volumes.map(({ name }) => name)]);
  const unknown = everyContainer.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.filter(({ name }) => !known.has(name)),
  );
  const maps = volumes.filter(
    ({ configMap }) =>
      configMap && !overlay.named('ConfigMap', configMap.name) && !mapsMadeElsewhere.includes(configMap.name),
  );
  const keys = volumes.filter(
    ({ secret }) => secret && !overlay.secretNamed(secret.secretName) && !madeElsewhere.includes(secret.secretName),
  );
  const files = everyContainer.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.filter(({ name, subPath }) => {
      const map = volumes.find((volume) => volume.name === name)?.configMap;
      return (
        map !== undefined && subPath !== undefined && !(subPath in (overlay.named('ConfigMap', map.name)?.data ?? {}))
      );
    }),
  );
  return [
    ...unknown.map(({ name }) => say(where, 'VOLUME_UNKNOWN', `mounts ${name}, which is no volume`)),
    ...maps.map(({ configMap }) => say(where, 'CONFIG_MAP_UNKNOWN', `there is no ConfigMap ${configMap.name}`)),
    ...keys.map(({ secret }) => say(where, 'SECRET_UNKNOWN', `there is no Secret ${secret.secretName}`)),
    ...files.map(({ subPath }) => say(where, 'CONFIG_MAP_KEY', `the mounted ConfigMap has no ${subPath}`)),
  ];
}

function scraping({ where, annotations, ports, isService }, say) {
  if (!isService) return [];
  const operations = ports.find(({ name }) => name === 'operations')?.containerPort;
  const isTold =
    annotations['prometheus.io/scrape'] === 'true' && annotations['prometheus.io/port'] === String(operations);
  return isTold ? [] : [say(where, 'NOT_SCRAPED', 'its annotations do not tell Prometheus the port of its metrics')];
}

function twice(overlay, say) {
  const seen = new Map();
  for (const object of overlay.objects) seen.set(whereOf(object), (seen.get(whereOf(object)) ?? 0) + 1);
  return [...seen].filter(([, count]) => count > 1).map(([where]) => say(where, 'TWICE', 'is there more than once'));
}

import { selects } from '../overlay.mjs';
import { doorsOf, isForeign } from './doors.mjs';

const names = { namespace: 'kube-system', pods: { 'k8s-app': 'kube-dns' } };
const prometheus = { namespace: 'monitoring', pods: { 'app.kubernetes.io/name': 'prometheus' } };
const collector = { namespace: 'monitoring', pods: { 'app.kubernetes.io/name': 'opentelemetry-collector' } };
/** By the class that an Ingress names. */
const controllers = {
  traefik: { namespace: 'traefik', pods: { 'app.kubernetes.io/name': 'traefik' } },
  haproxy: { namespace: 'haproxy-controller', pods: { 'app.kubernetes.io/name': 'kubernetes-ingress' } },
  nginx: { namespace: 'ingress-nginx', pods: { 'app.kubernetes.io/name': 'ingress-nginx' } },
};

/**
 * Pods of other namespaces: exactly those that a pod must reach, and that must reach it.
 * @param {{workload: object, outside: readonly object[]}} asked
 */
export function foreignFailures(overlay, { workload, outside }, fail) {
  const wanted = [...always(workload), ...neighbours(outside), ...fromIngress(overlay, workload)];
  const doors = ['Ingress', 'Egress'].flatMap((way) =>
    doorsOf(overlay, workload, way)
      .filter(({ peer }) => isForeign(peer))
      .map((door) => ({ ...door, way })),
  );
  const shut = wanted.filter((want) => !doors.some((door) => fits(want, door)));
  const surplus = doors.filter((door) => !wanted.some((want) => fits(want, door)));
  return [
    ...shut.map(({ because, namespace, port }) =>
      fail('NETWORK_BLOCKED', `${because}: no policy lets ${namespace} pass at ${port}`),
    ),
    ...surplus.map(({ policy, way, port }) =>
      fail('NETWORK_TOO_OPEN', `${policy} (${way}) lets pods of other namespaces pass at ${port} that nobody needs`),
    ),
  ];
}

function always({ isService, ports }) {
  const operations = ports.find(({ name }) => name === 'operations')?.containerPort;
  return [
    { way: 'Egress', ...names, port: 'UDP/53', because: 'names' },
    { way: 'Egress', ...names, port: 'TCP/53', because: 'names' },
    ...(isService
      ? [
          { way: 'Ingress', ...prometheus, port: `TCP/${operations}`, because: 'metrics' },
          { way: 'Egress', ...collector, port: 'TCP/4318', because: 'traces' },
        ]
      : []),
  ];
}

const neighbours = (outside) =>
  outside
    .filter(({ namespace }) => namespace !== null)
    .map(({ namespace, port, because }) => ({ way: 'Egress', namespace, pods: null, port: `TCP/${port}`, because }));

function fromIngress(overlay, workload) {
  return overlay.of('Ingress').flatMap(({ spec }) => {
    const controller = controllers[spec.ingressClassName] ?? { namespace: `(unknown class ${spec.ingressClassName})` };
    const backends = spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service));
    return backends.flatMap(({ name, port }) => {
      const service = overlay.named('Service', name)?.spec;
      if (!selects(service && { matchLabels: service.selector }, workload.labels)) return [];
      const entry = service.ports.find((own) => own.name === port.name || own.port === port.number);
      const target = workload.ports.find((own) => own.name === entry?.targetPort)?.containerPort ?? entry?.targetPort;
      return [{ way: 'Ingress', pods: null, ...controller, port: `TCP/${target}`, because: 'the Ingress' }];
    });
  });
}

function fits(want, { way, peer, port }) {
  const { namespaceSelector, podSelector } = peer;
  if (way !== want.way || port !== want.port || !isExactly(namespaceSelector, namespaceLabels(want))) return false;
  return want.pods === null || isExactly(podSelector, want.pods);
}

const namespaceLabels = ({ namespace }) => ({ 'kubernetes.io/metadata.name': namespace });

const isExactly = ({ matchLabels = {}, matchExpressions = [] } = {}, labels) =>
  matchExpressions.length === 0 &&
  Object.keys(matchLabels).length === Object.keys(labels).length &&
  Object.entries(labels).every(([key, value]) => matchLabels[key] === value);

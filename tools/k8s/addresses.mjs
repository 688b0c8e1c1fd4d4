import { selects } from './overlay.mjs';

const portsOfSchemes = {
  nats: 4222,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  http: 80,
  ws: 80,
  https: 443,
  wss: 443,
};
/** Settings whose addresses have no scheme. */
const bareLists = ['KAFKA_BROKERS'];
const ownAddress = /^(0\.0\.0\.0|127\.0\.0\.1|localhost)$/;
const podOfSet = /^([a-z0-9-]+)-(\d+)$/;

/**
 * Where the addresses in a workload's variables and arguments lead.
 * @returns {{
 *   flows: readonly {server: object, port: number, because: string}[],
 *   outside: readonly {host: string, namespace: string | null, port: number, because: string, isExample: boolean}[],
 *   faults: readonly {code: string, text: string}[],
 * }} `flows`: to pods of this namespace, at the port of the pod
 */
export function destinationsOf(overlay, workload, variables) {
  const found = { flows: [], outside: [], faults: [] };
  for (const address of [...addressesOfVariables(variables), ...addressesOfArguments(workload)]) {
    const { flows = [], outside = [], fault } = lead(overlay, address);
    found.flows.push(...flows.map((flow) => ({ ...flow, because: address.because })));
    found.outside.push(...outside);
    // The form of a Secret names servers that another overlay has.
    if (fault !== undefined && !address.isExample) found.faults.push(fault);
  }
  return found;
}

function addressesOfVariables(variables) {
  return Object.entries(variables).flatMap(([variable, { value, isExample }]) => {
    const text = bareLists.includes(variable) ? value.replaceAll(/(^|,)/g, '$1kafka://') : value;
    return addressesIn(text).map((url) => ({ ...url, because: variable, isExample, staysInside: false }));
  });
}

/** What a server is told on its command line are its neighbours. */
function addressesOfArguments({ containers }) {
  const words = containers.flatMap(({ command = [], args = [] }) => [...command, ...args]);
  return words
    .flatMap(addressesIn)
    .map((url) => ({ ...url, because: 'an argument', isExample: false, staysInside: true }));
}

function addressesIn(text) {
  return (text.match(/[a-z]+:\/\/[^\s",]+/g) ?? [])
    .map((address) => URL.parse(address))
    .filter((url) => url !== null && url.hostname !== '' && !ownAddress.test(url.hostname))
    .map(({ protocol, hostname, port }) => ({
      host: hostname,
      port: port === '' ? portsOfSchemes[protocol.slice(0, -1)] : Number(port),
    }));
}

function lead(overlay, address) {
  const { host, port, because } = address;
  const [first, second, ...rest] = host.replace(/\.svc(\.cluster\.local)?$/, '').split('.');
  const isClusterName = /\.svc(\.cluster\.local)?$/.test(host);
  const own = overlay.of('Namespace')[0]?.metadata.name;
  const unknown = { fault: { code: 'ADDRESS_UNKNOWN', text: `${because} names ${host}, which is no Service` } };
  if (second === undefined || (isClusterName && second === own && rest.length === 0)) {
    const service = overlay.named('Service', first);
    return service === undefined ? unknown : toService(overlay, service, address);
  }
  const headless = overlay.named('Service', second);
  if (headless !== undefined && rest.length === 0)
    return toPod(overlay, headless, { ...address, pod: first }) ?? unknown;
  if (address.staysInside) return unknown;
  return { outside: [{ host, namespace: isClusterName ? second : null, port, because, isExample: address.isExample }] };
}

function toService(overlay, service, { host, port, because }) {
  const entry = service.spec.ports.find((own) => own.port === port);
  if (entry === undefined)
    return { fault: { code: 'ADDRESS_PORT', text: `${because} names port ${port}, which ${host} has not` } };
  const { targetPort = port } = entry;
  const selector = { matchLabels: service.spec.selector };
  const servers = overlay.workloads.filter(({ labels }) => selects(selector, labels));
  return { flows: servers.map((server) => ({ server, port: portOfPod(server, targetPort) })) };
}

const portOfPod = ({ ports }, target) =>
  typeof target === 'number' ? target : ports.find(({ name }) => name === target)?.containerPort;

/** `nats-0.nats-peers`: one pod of a set, by the Service that gives its pods names. */
function toPod(overlay, service, { pod, port }) {
  const [, name, ordinal] = podOfSet.exec(pod) ?? [];
  const server = overlay.workloads.find((one) => one.object.kind === 'StatefulSet' && one.name === name);
  const isNamed =
    server?.object.spec.serviceName === service.metadata.name &&
    service.spec.clusterIP === 'None' &&
    selects({ matchLabels: service.spec.selector }, server.labels) &&
    Number(ordinal) < server.replicas &&
    server.ports.some(({ containerPort }) => containerPort === port);
  return isNamed ? { flows: [{ server, port }] } : undefined;
}

import { failuresOf, selects } from '../overlay.mjs';

/** Who may leave the cluster for the Internet, and at which ports. */
const outward = {
  'market-data': [443, 9443],
  execution: [443, 9443],
  notifications: [443, 465, 587],
};
const onDemand = ['notifications'];
/** A server is reached by exactly those who have its address. */
const serverPorts = { NATS_URL: 4222, POSTGRES_URL: 5432, REDIS_URL: 6379 };

/** Nothing is open that nobody needs, and nothing shut that somebody does. */
export function networkFailures(overlay, environments) {
  const say = failuresOf(overlay);
  return overlay.workloads.flatMap((workload) => {
    const fail = (code, text) => say(workload.where, code, text);
    const policies = overlay.of('NetworkPolicy').filter(({ spec }) => selects(spec.podSelector, workload.labels));
    const rules = policies.flatMap(({ spec }) => spec.egress ?? []);
    const variables = environments.get(workload.where) ?? {};
    return [
      ...isolated(policies, fail),
      ...unbounded(policies, fail),
      ...toServers(rules, variables, fail),
      ...toInternet(rules, workload, fail),
      ...inward(overlay, { workload, variables }, fail),
      ...metrics(policies, workload, fail),
    ];
  });
}

function isolated(policies, fail) {
  const missing = ['Ingress', 'Egress'].filter((way) => !policies.some(({ spec }) => spec.policyTypes?.includes(way)));
  return missing.map((way) => fail('NETWORK_OPEN', `no NetworkPolicy of the type ${way} selects its pods`));
}

const lacks = (list) => list === undefined || list.length === 0;

function unbounded(policies, fail) {
  return policies
    .filter(({ spec }) => {
      const loose = ({ from, to, ports }) => lacks(from ?? to) || lacks(ports);
      return [...(spec.ingress ?? []), ...(spec.egress ?? [])].some(loose);
    })
    .map(({ metadata }) => fail('NETWORK_UNBOUNDED', `${metadata.name} allows everybody, or every port`));
}

const portsOf = (rules) => new Set(rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port)));

function toServers(rules, variables, fail) {
  const open = portsOf(rules);
  return Object.entries(serverPorts).flatMap(([variable, port]) => {
    const needs = variable in variables;
    if (needs && !open.has(port)) return [fail('NETWORK_BLOCKED', `has ${variable} and may not reach port ${port}`)];
    if (!needs && open.has(port)) return [fail('NETWORK_TOO_OPEN', `may reach port ${port} and has no ${variable}`)];
    return [];
  });
}

const isPublic = ({ ipBlock }) => ipBlock !== undefined && /^(0\.0\.0\.0|::)\/0$/.test(ipBlock.cidr);

function toInternet(rules, { name, labels }, fail) {
  const leaving = rules.filter(({ to = [] }) => to.some(isPublic));
  const allowed = outward[labels['app.kubernetes.io/name']] ?? [];
  const surplus = [...portsOf(leaving)].filter((port) => !allowed.includes(port));
  const shut = leaving.length === 0 && allowed.length > 0 && !onDemand.includes(name);
  const reachesOwn = rules.some(({ to = [] }) => to.some(({ podSelector }) => isSimulated(podSelector)));
  return [
    ...surplus.map((port) => fail('NETWORK_TOO_OPEN', `may reach port ${port} of the Internet`)),
    ...(shut && !reachesOwn ? [fail('NETWORK_BLOCKED', 'reaches no venue')] : []),
    ...(allowed.length === 0 && reachesOwn ? [fail('NETWORK_TOO_OPEN', 'may reach the simulated exchange')] : []),
  ];
}

const isSimulated = (podSelector) => podSelector?.matchLabels?.['app.kubernetes.io/name'] === 'sim-exchange';

/** Every address of a Service of ours in its environment leads to an open port, whose pods let it in. */
function inward(overlay, { workload, variables }, fail) {
  return addressesIn(variables).flatMap(({ variable, host, port }) => {
    const service = overlay.named('Service', host);
    if (service === undefined) return [fail('ADDRESS_UNKNOWN', `${variable} names ${host}, which is no Service`)];
    if (!service.spec.ports.some((own) => own.port === port))
      return [fail('ADDRESS_PORT', `${variable} names port ${port}, which ${host} has not`)];
    const targets = overlay.workloads.filter(({ labels }) => selects({ matchLabels: service.spec.selector }, labels));
    const shut = targets.filter((target) => !letsIn(overlay, { target, workload, port }));
    return shut.map(({ where }) => fail('NETWORK_BLOCKED', `${where} does not let it in at ${port}`));
  });
}

function letsIn(overlay, { target, workload, port }) {
  return overlay
    .of('NetworkPolicy')
    .filter(({ spec }) => selects(spec.podSelector, target.labels))
    .flatMap(({ spec }) => spec.ingress ?? [])
    .some(
      ({ from = [], ports = [] }) =>
        ports.some((own) => own.port === port) &&
        from.some((peer) => peer.namespaceSelector === undefined && selects(peer.podSelector, workload.labels)),
    );
}

function addressesIn(variables) {
  return Object.entries(variables).flatMap(([variable, { value, isExample }]) => {
    const addresses = value.match(/[a-z]+:\/\/[^\s",]+/g) ?? [];
    return isExample
      ? []
      : addresses
          .map((text) => URL.parse(text))
          .filter((url) => url !== null && /^[a-z0-9-]+$/.test(url.hostname) && url.port !== '')
          .map(({ hostname, port }) => ({ variable, host: hostname, port: Number(port) }));
  });
}

function metrics(policies, { isService, ports }, fail) {
  if (!isService) return [];
  const operations = ports.find(({ name }) => name === 'operations')?.containerPort;
  const open = portsOf(policies.flatMap(({ spec }) => spec.ingress ?? []));
  return open.has(operations) ? [] : [fail('NETWORK_BLOCKED', 'Prometheus may not reach its metrics')];
}

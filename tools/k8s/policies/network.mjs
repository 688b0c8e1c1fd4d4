import { isDeepStrictEqual } from 'node:util';
import { destinationsOf } from '../addresses.mjs';
import { failuresOf, selects, whereOf } from '../overlay.mjs';
import { doorsOf, idlePolicies, isOurs, looseRules, policiesOf } from './doors.mjs';
import { foreignFailures } from './foreign.mjs';
import { outwardFailures } from './outward.mjs';

/**
 * Nothing is open that nobody needs, and nothing shut that somebody does. Who needs whom at which port follows from the addresses that
 * each has; policies are resolved to the pods that they mean, on both sides.
 */
export function networkFailures(overlay, environments) {
  const say = failuresOf(overlay);
  const all = overlay.workloads.map((workload) => ({
    workload,
    ...destinationsOf(overlay, workload, environments.get(workload.where) ?? {}),
    fail: (code, text) => say(workload.where, code, text),
  }));
  const flows = all.flatMap(({ workload, flows: own }) => own.map((flow) => ({ ...flow, client: workload })));
  return [
    ...looseRules(overlay).map((object) =>
      say(whereOf(object), 'NETWORK_UNBOUNDED', 'allows everybody, every port or a range of them'),
    ),
    ...idlePolicies(overlay).map((object) =>
      say(whereOf(object), 'NETWORK_IDLE', 'selects no pod, or names no policyTypes'),
    ),
    ...all.flatMap(({ workload, faults, outside, fail }) => [
      ...isolated(overlay, workload, fail),
      ...faults.map(({ code, text }) => fail(code, text)),
      ...blocked(overlay, { workload, flows }, fail),
      ...leading(overlay, { workload, flows }, fail),
      ...admitting(overlay, { workload, flows }, fail),
      ...foreignFailures(overlay, { workload, outside }, fail),
      ...outwardFailures(overlay, { workload, outside }, fail),
    ]),
  ];
}

function isolated(overlay, { labels }, fail) {
  const missing = ['Ingress', 'Egress'].filter((way) => policiesOf(overlay, labels, way).length === 0);
  return missing.map((way) => fail('NETWORK_OPEN', `no NetworkPolicy of the type ${way} selects its pods`));
}

const opensTo = (doors, { labels }, port) =>
  doors.some((door) => door.port === `TCP/${port}` && isOurs(door.peer) && selects(door.peer.podSelector, labels));

/** Both ends of each way that is needed must let it pass. */
function blocked(overlay, { workload, flows }, fail) {
  const leaving = doorsOf(overlay, workload, 'Egress');
  return flows
    .filter(({ client }) => client === workload)
    .flatMap(({ server, port, because }) => [
      ...(opensTo(leaving, server, port)
        ? []
        : [fail('NETWORK_BLOCKED', `${because}: it may not go to ${server.where} at ${port}`)]),
      ...(opensTo(doorsOf(overlay, server, 'Ingress'), workload, port)
        ? []
        : [fail('NETWORK_BLOCKED', `${because}: ${server.where} does not let it in at ${port}`)]),
    ]);
}

/** Where its own policies let it go, pod by pod. */
function leading(overlay, { workload, flows }, fail) {
  return doorsOf(overlay, workload, 'Egress')
    .filter(({ peer }) => isOurs(peer))
    .flatMap(({ policy, peer, port }) => {
      const servers = overlay.workloads.filter(({ labels }) => selects(peer.podSelector, labels));
      if (servers.length === 0) return [fail('NETWORK_IDLE', `${policy} leads to no pod`)];
      return servers
        .filter((server) => !isNeeded(flows, { client: workload, server, port }))
        .map(({ where }) =>
          fail('NETWORK_TOO_OPEN', `${policy}: it may reach ${where} at ${port} and has no address of it`),
        );
    });
}

/** Whom its own policies let in, pod by pod. */
function admitting(overlay, { workload, flows }, fail) {
  const promise = promiseOf(workload);
  const doors = doorsOf(overlay, workload, 'Ingress').filter(({ peer }) => isOurs(peer));
  const isPromised = ({ peer, port }) =>
    promise?.port === port && isDeepStrictEqual(peer.podSelector.matchLabels, promise.labels);
  const surplus = doors.flatMap((door) => {
    const { policy, peer, port } = door;
    const clients = overlay.workloads.filter(({ labels }) => selects(peer.podSelector, labels));
    if (clients.length === 0 && !isPromised(door)) return [fail('NETWORK_IDLE', `${policy} lets no pod in`)];
    return clients
      .filter((client) => !isNeeded(flows, { client, server: workload, port }))
      .map(({ where }) =>
        fail('NETWORK_TOO_OPEN', `${policy}: it lets ${where} in at ${port}, which has no address of it`),
      );
  });
  const isKept = promise === undefined || doors.some(isPromised);
  return isKept ? surplus : [...surplus, fail('NETWORK_BLOCKED', 'does not let in whom its Service is for')];
}

/** Pods that are not ours to roll out may ask inference, when they say so by their label. */
function promiseOf({ labels, ports }) {
  if (!/^inference(-gpu)?$/.test(labels['app.kubernetes.io/name'])) return undefined;
  const door = ports.find(({ name }) => name === 'http')?.containerPort;
  return { labels: { 'scalpstorm/inference': 'client' }, port: `TCP/${door}` };
}

const isNeeded = (flows, { client, server, port }) =>
  flows.some((flow) => flow.client === client && flow.server === server && `TCP/${flow.port}` === port);

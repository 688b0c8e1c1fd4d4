import { at, containerOf, podOf, without } from './objects.mjs';

const name = 'app.kubernetes.io/name';
const namespace = 'kubernetes.io/metadata.name';
const peerOf = (all, policy, list) => {
  const [{ from, to }] = at(all, 'NetworkPolicy', policy).spec[list];
  return (from ?? to)[0];
};
const reword = (words, one, other) => words.splice(0, words.length, ...words.map((word) => word.replace(one, other)));

export const networkFaults = [
  [
    'an address of no Service',
    'ADDRESS_UNKNOWN',
    (all) => Object.assign(at(all, 'ConfigMap', 'platform').data, { NATS_URL: 'nats://bus:4222' }),
  ],
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
  ['no names', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'names')],
  [
    'names from pods of another label',
    'NETWORK_BLOCKED',
    (all) => Object.assign(peerOf(all, 'names', 'egress').podSelector.matchLabels, { 'k8s-app': 'coredns' }),
  ],
  [
    'clients that are let go to a misspelt server',
    'NETWORK_BLOCKED',
    (all) => Object.assign(peerOf(all, 'nats-clients', 'egress').podSelector.matchLabels, { [name]: 'natz' }),
  ],
  [
    'a way that leads to no pod',
    'NETWORK_IDLE',
    (all) => Object.assign(peerOf(all, 'redis-clients', 'egress').podSelector.matchLabels, { [name]: 'valkey' }),
  ],
  ['servers that may not meet', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'nats-peers')],
  [
    'a route to no server',
    'ADDRESS_UNKNOWN',
    (all) => reword(containerOf(all, 'nats', 'StatefulSet').args, 'nats-2.nats-peers', 'nats-2.nats-peer'),
  ],
  [
    'a route to a server too many',
    'ADDRESS_UNKNOWN',
    (all) => reword(containerOf(all, 'nats', 'StatefulSet').args, 'nats-2.nats-peers', 'nats-3.nats-peers'),
  ],
  [
    'a door for another ingress',
    'NETWORK_BLOCKED',
    (all) => Object.assign(peerOf(all, 'gateway', 'ingress').namespaceSelector.matchLabels, { [namespace]: 'ingress' }),
  ],
  [
    'a door at another port',
    'NETWORK_BLOCKED',
    (all) => Object.assign(at(all, 'NetworkPolicy', 'gateway').spec.ingress[0].ports[0], { port: 80 }),
  ],
  [
    'an ingress that nobody knows',
    'NETWORK_BLOCKED',
    (all) => Object.assign(at(all, 'Ingress', 'gateway').spec, { ingressClassName: 'trafik' }),
  ],
  [
    'a NATS that every pod reaches',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(peerOf(all, 'nats', 'ingress'), { podSelector: {} }),
  ],
  [
    'metrics for every namespace',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(peerOf(all, 'metrics', 'ingress'), { namespaceSelector: {}, podSelector: {} }),
  ],
  [
    'half of the Internet for everybody',
    'NETWORK_TOO_OPEN',
    (all) =>
      at(all, 'NetworkPolicy', 'names').spec.egress.push({
        to: [{ ipBlock: { cidr: '128.0.0.0/1' } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      }),
  ],
  [
    'a private network among the venues',
    'NETWORK_TOO_OPEN',
    (all) => peerOf(all, 'venues', 'egress').ipBlock.except.shift(),
  ],
  [
    'a private network instead of venues',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(peerOf(all, 'venues', 'egress').ipBlock, { cidr: '10.1.0.0/16', except: [] }),
  ],
  [
    'a database that is every address',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(peerOf(all, 'postgres-clients', 'egress').ipBlock, { cidr: '10.0.0.0/7' }),
  ],
  ['a database that nobody reaches', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'postgres-clients')],
  [
    'a label without an address',
    'NETWORK_TOO_OPEN',
    (all) => Object.assign(podOf(all, 'inference').metadata.labels, { 'scalpstorm/redis': 'client' }),
  ],
  [
    'a range of ports',
    'NETWORK_UNBOUNDED',
    (all) => Object.assign(at(all, 'NetworkPolicy', 'redis').spec.ingress[0].ports[0], { endPort: 7000 }),
  ],
  [
    'brokers in another namespace than their policy',
    'NETWORK_BLOCKED',
    (all) =>
      Object.assign(at(all, 'ConfigMap', 'kafka-bridge').data, {
        KAFKA_BROKERS: 'kafka-bootstrap.events.svc.cluster.local:9093',
      }),
    { overlay: 'prod', component: 'kafka-bridge' },
  ],
  [
    'a peer that is nobody in particular',
    'NETWORK_UNBOUNDED',
    (all) => delete peerOf(all, 'redis', 'ingress').podSelector,
  ],
  ['an inference that nobody may ask', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'inference')],
  [
    'a door for nobody',
    'NETWORK_IDLE',
    (all) => Object.assign(at(all, 'NetworkPolicy', 'inference').spec, { podSelector: {} }),
  ],
  ['traces that go nowhere', 'NETWORK_BLOCKED', (all) => without(all, 'NetworkPolicy', 'traces')],
  [
    'venues without their old addresses',
    'NETWORK_BLOCKED',
    (all) => at(all, 'NetworkPolicy', 'venues').spec.egress[0].to.shift(),
  ],
  [
    'a policy for no pod',
    'NETWORK_IDLE',
    (all) =>
      Object.assign(at(all, 'NetworkPolicy', 'notification-channels').spec.podSelector.matchLabels, { [name]: 'news' }),
    { overlay: 'prod', component: 'notification-channels' },
  ],
];

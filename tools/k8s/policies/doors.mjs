import { selects } from '../overlay.mjs';

const sides = { Ingress: ['ingress', 'from'], Egress: ['egress', 'to'] };

/**
 * What the policies that select these pods let pass, one entry for each peer and port.
 * @param {'Ingress' | 'Egress'} way
 * @returns {readonly {policy: string, peer: object, port: string}[]} `port` as `TCP/4222`
 */
export function doorsOf(overlay, { labels }, way) {
  const [list, side] = sides[way];
  return policiesOf(overlay, labels, way).flatMap(({ metadata, spec }) =>
    (spec[list] ?? []).flatMap(({ [side]: peers = [], ports = [] }) =>
      peers.flatMap((peer) =>
        ports.map(({ protocol = 'TCP', port }) => ({ policy: metadata.name, peer, port: `${protocol}/${port}` })),
      ),
    ),
  );
}

export const policiesOf = (overlay, labels, way) =>
  overlay
    .of('NetworkPolicy')
    .filter(({ spec }) => selects(spec.podSelector, labels) && spec.policyTypes?.includes(way));

/** Pods of this namespace, by their labels. */
export const isOurs = ({ podSelector, namespaceSelector, ipBlock }) =>
  podSelector !== undefined && namespaceSelector === undefined && ipBlock === undefined;

/** Pods of another namespace. */
export const isForeign = ({ namespaceSelector }) => namespaceSelector !== undefined;

const lacks = (list) => list === undefined || list.length === 0;

/** Rules for everybody or for every port, and ranges of ports. */
export function looseRules(overlay) {
  return overlay.of('NetworkPolicy').filter(({ spec }) => {
    const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
    return rules.some(
      ({ from, to, ports }) =>
        lacks(from ?? to) ||
        (from ?? to).some((peer) => Object.keys(peer).length === 0) ||
        lacks(ports) ||
        ports.some(({ port, endPort }) => !port || endPort !== undefined),
    );
  });
}

/** Policies that say something of nobody. */
export const idlePolicies = (overlay) =>
  overlay
    .of('NetworkPolicy')
    .filter(
      ({ spec }) =>
        !overlay.workloads.some(({ labels }) => selects(spec.podSelector, labels)) ||
        [spec.ingress && 'Ingress', spec.egress && 'Egress'].some((way) => way && !spec.policyTypes?.includes(way)),
    );

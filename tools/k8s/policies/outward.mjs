import { isWide, privatelyReached } from '../cidr.mjs';
import { doorsOf } from './doors.mjs';

/** Who may leave the cluster for the Internet, and at which ports. */
const outward = {
  'market-data': [443, 9443],
  execution: [443, 9443],
  notifications: [443, 465, 587],
};
/** Their venues stand in a Secret, of which the repository knows only the form. */
const reachesVenues = { execution: 443 };
const simulated = 'sim-exchange';

/**
 * Addresses outside of the cluster: those who must reach them do, nobody else does, and whoever reaches the Internet reaches no
 * private network.
 * @param {{workload: object, outside: readonly object[]}} asked
 */
export function outwardFailures(overlay, { workload, outside }, fail) {
  const name = workload.labels['app.kubernetes.io/name'];
  const needs = [
    ...outside.filter(({ namespace }) => namespace === null),
    ...(name in reachesVenues && overlay.named('Service', simulated) === undefined
      ? [{ host: 'its venues', port: reachesVenues[name], because: 'trading' }]
      : []),
  ];
  const doors = doorsOf(overlay, workload, 'Egress').filter(({ peer }) => peer.ipBlock !== undefined);
  // Some venue, mail server or database has no other address than an old one.
  const old = doors.filter(({ peer }) => !peer.ipBlock.cidr.includes(':'));
  const shut = needs.filter(({ port }) => !old.some((door) => door.port === `TCP/${port}`));
  const asked = { allowed: outward[name] ?? [], needed: needs.map(({ port }) => port) };
  const entering = doorsOf(overlay, workload, 'Ingress').filter(({ peer }) => peer.ipBlock !== undefined);
  return [
    ...shut.map(({ host, port, because }) =>
      fail('NETWORK_BLOCKED', `${because}: no policy lets it reach ${host} at ${port}`),
    ),
    ...doors.flatMap((door) => surplus(door, asked).map((text) => fail('NETWORK_TOO_OPEN', `${door.policy} ${text}`))),
    ...entering.map(({ policy }) => fail('NETWORK_TOO_OPEN', `${policy} lets addresses in`)),
  ];
}

function surplus({ peer: { ipBlock }, port }, { allowed, needed }) {
  const isOneOf = (ports) => ports.some((own) => port === `TCP/${own}`);
  if (isOneOf(allowed))
    return privatelyReached(ipBlock).map((range) => `does not except ${range} from ${ipBlock.cidr}`);
  if (!isOneOf(needed)) return [`lets it reach ${ipBlock.cidr} at ${port}`];
  return isWide(ipBlock.cidr) ? [`lets it reach ${ipBlock.cidr}: name the network of the server`] : [];
}

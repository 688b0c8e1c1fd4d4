import { BlockList, isIP } from 'node:net';

const bitsMax = { 4: 32, 6: 128 } as const;

/** An address or a network, e.g. `203.0.113.7` or `10.0.0.0/8`; null when it is neither. */
function networkOf(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (rest.length > 0 || (version !== 4 && version !== 6)) return null;
  const bits = length === undefined ? bitsMax[version] : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (bits < 0 || bits > bitsMax[version]) return null;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}

export const isNetwork = (text: string): boolean => networkOf(text) !== null;

/** Whether a client may come from there; an empty list lets everybody in. */
export function isAddressAllowed(address: string, allowed: readonly string[]): boolean {
  return allowed.length === 0 || isWithin(allowed)(address);
}

/** Whether an address belongs to one of the networks; none does to an empty list. */
export function isWithin(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of networks) {
    const network = networkOf(text);
    if (network !== null) list.addSubnet(network.address, network.bits, network.family);
  }
  return (address) => {
    // A socket of both families tells an IPv4 client in this form.
    const plain = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}

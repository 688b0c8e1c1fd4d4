const v4InV6 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;
const groupsOfNetwork = 4;

/**
 * Where an address is, so that it can be known again: an IPv4 address itself, and of an IPv6 address its /64, in which one machine changes its
 * address every day.
 */
export function placeOf(address: string): string {
  const plain = v4InV6.exec(address)?.[1] ?? address.toLowerCase();
  if (!plain.includes(':')) return plain;
  const [before = '', after] = plain.split('::');
  const groups = before === '' ? [] : before.split(':');
  // What `::` stands for reaches over the network part, or does not; what comes after it is of the machine.
  const late = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - groups.length - late.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...late];
  const network = all.slice(0, groupsOfNetwork).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}

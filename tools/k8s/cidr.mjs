import { BlockList, isIP } from 'node:net';

/** No venue, mail server or webhook lives there, but everything that is ours and our neighbours' does. */
const privateRanges = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
].map(read);
/** A network of one operator is smaller than this; whoever names a larger one means the Internet. */
const widestPrefix = { ipv4: 8, ipv6: 16 };

function read(text) {
  const [address, length] = text.split('/');
  return { text, address, family: isIP(address) === 6 ? 'ipv6' : 'ipv4', prefix: Number(length) };
}

function holds(outer, inner) {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const block = new BlockList();
  block.addSubnet(outer.address, outer.prefix, outer.family);
  return block.check(inner.address, inner.family);
}

/** @param {string} cidr */
export function isWide(cidr) {
  const { family, prefix } = read(cidr);
  return prefix < widestPrefix[family];
}

/**
 * The private networks that a rule for the Internet reaches all the same.
 * @param {{cidr: string, except?: readonly string[]}} ipBlock
 */
export function privatelyReached({ cidr, except = [] }) {
  const block = read(cidr);
  const shut = except.map(read);
  return privateRanges
    .filter((range) => holds(range, block) || (holds(block, range) && !shut.some((one) => holds(one, range))))
    .map(({ text }) => text);
}

import { BlockList, isIP } from 'node:net';
import { type UrlFault, WebhookUrls } from '../ports/webhook-urls.js';

/** Everything that is not the open internet: IANA's special-purpose registries (RFC 6890 and updates). */
const special: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
];
const blocked = new BlockList();
for (const [net, prefix, family] of special) blocked.addSubnet(net, prefix, family);

/** Only what is given out to the public; 6to4, Teredo and NAT64 could carry a private IPv4 address inside. */
const openIpv6 = new BlockList();
openIpv6.addSubnet('2000::', 3, 'ipv6');
const closedIpv6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  closedIpv6.addSubnet(net, prefix, 'ipv6');
}

/** True for an address of the open internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked.check(address, 'ipv4');
  if (family === 6) return openIpv6.check(address, 'ipv6') && !closedIpv6.check(address, 'ipv6');
  return false;
}

export interface WebhookRules {
  readonly privateAllowed: boolean;
  readonly httpAllowed: boolean;
}

const urlMax = 1_000;
const unkept = /[\p{Cc}\p{Cs}]/u;

/** What can be said of a URL without asking the DNS; the address behind its name is checked at every connection. */
export function faultOfUrl(text: string, { privateAllowed, httpAllowed }: WebhookRules): UrlFault | null {
  const allowed = `a URL that starts with https://${httpAllowed ? ' or http://' : ''}, without user and password`;
  // Kept as it was typed: what the parser would forgive, and what no text of Postgres or no index holds, is none.
  const parsed = text.length <= urlMax && !unkept.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (
    parsed === null ||
    parsed.href.length > urlMax ||
    parsed.hostname === '' ||
    parsed.username !== '' ||
    parsed.password !== ''
  ) {
    return { code: 'INVALID_URL', text: 'This is no URL that a webhook can have.', allowed };
  }
  if (parsed.protocol !== 'https:' && !(httpAllowed && parsed.protocol === 'http:')) {
    return { code: 'HTTPS_REQUIRED', text: 'A webhook must be encrypted.', allowed };
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || host.endsWith('.localhost');
  if (!privateAllowed && (local || (isIP(host) !== 0 && !isPublicAddress(host)))) {
    return { code: 'PRIVATE_ADDRESS', text: 'This address is not on the open internet.', allowed };
  }
  return null;
}

export class CheckedWebhookUrls extends WebhookUrls {
  constructor(private readonly rules: WebhookRules) {
    super();
  }

  faultOf(url: string): UrlFault | null {
    return faultOfUrl(url, this.rules);
  }
}

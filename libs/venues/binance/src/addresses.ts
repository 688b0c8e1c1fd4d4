import type { BinanceAddresses } from './options.js';

/** Whose money stands behind an address: the venue's real one, its play money, or a server of our own. */
export type AddressEnvironment = 'live' | 'testnet' | 'own';

/** Addresses that do not belong together; nothing is sent to any of them. */
export class BadAddresses extends Error {
  override readonly name = 'BadAddresses';

  constructor(
    readonly code: 'VENUE_ADDRESS_MALFORMED' | 'VENUE_ADDRESSES_MIXED' | 'VENUE_LIVE_NOT_MEANT' | 'VENUE_LIVE_MEANT',
    readonly field: keyof BinanceAddresses,
    text: string,
    readonly next: string,
  ) {
    super(`${code}: ${field}: ${text}. ${next}`);
  }
}

const names = ['rest', 'spotWs', 'wsApi'] as const;
const schemes: Readonly<Record<keyof BinanceAddresses, readonly string[]>> = {
  rest: ['https:', 'http:'],
  spotWs: ['wss:', 'ws:'],
  wsApi: ['wss:', 'ws:'],
};
const testnetHosts = /(^|\.)testnet\.binance\.vision$|(^|\.)binancefuture\.com$/;
const liveHosts = /(^|\.)binance\.(com|us|vision)$/;

/**
 * The environment of all three addresses. A key must never reach half of one environment and half of another: orders would be
 * placed in one and their fills heard in the other. @throws BadAddresses
 */
export function environmentOf(addresses: BinanceAddresses): AddressEnvironment {
  const rest = environmentOfOne('rest', addresses.rest);
  for (const name of names) {
    const other = environmentOfOne(name, addresses[name]);
    if (other === rest) continue;
    const text = `${hostOf(addresses[name])} is ${other}, but ${hostOf(addresses.rest)} is ${rest}`;
    throw new BadAddresses('VENUE_ADDRESSES_MIXED', name, text, 'Give all three addresses of one environment.');
  }
  return rest;
}

/** @throws BadAddresses also when real money is meant and the addresses are play money, or the other way round */
export function requireOneEnvironment(addresses: BinanceAddresses, liveMoney: boolean): AddressEnvironment {
  const environment = environmentOf(addresses);
  const host = hostOf(addresses.rest);
  if (environment === 'live' && !liveMoney) {
    const next = 'Use the testnet, or an account of mode live.';
    throw new BadAddresses('VENUE_LIVE_NOT_MEANT', 'rest', `${host} trades real money, the account does not`, next);
  }
  if (environment === 'testnet' && liveMoney) {
    const next = 'Use the addresses of the live venue, or an account of mode demo.';
    throw new BadAddresses('VENUE_LIVE_MEANT', 'rest', `${host} is play money, the account is live`, next);
  }
  return environment;
}

function environmentOfOne(name: keyof BinanceAddresses, address: string): AddressEnvironment {
  const url = URL.parse(address);
  if (url === null || !schemes[name].includes(url.protocol)) {
    const next = `Write a URL that begins with ${schemes[name].join('// or ')}//.`;
    throw new BadAddresses('VENUE_ADDRESS_MALFORMED', name, 'not such a URL', next);
  }
  const environment = testnetHosts.test(url.hostname) ? 'testnet' : liveHosts.test(url.hostname) ? 'live' : 'own';
  if (environment === 'own' || url.protocol === 'https:' || url.protocol === 'wss:') return environment;
  const next = 'Begin it with https:// or wss://.';
  throw new BadAddresses('VENUE_ADDRESS_MALFORMED', name, `${url.hostname} without encryption`, next);
}

/** Never the whole address: a path or a user part may hold a secret. */
const hostOf = (address: string): string => URL.parse(address)?.host ?? '?';

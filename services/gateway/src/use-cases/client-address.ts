import { isIP } from 'node:net';

/** Entries of the header that are looked at; a longer chain of proxies is not believed. */
const hopsMax = 20;

/**
 * Where a request comes from. Every proxy appends the address that it was called from, so the chain is read from its end for
 * as long as it was written by proxies that are trusted; what stands before that may be anybody's invention.
 * @param peer the other end of the connection
 * @param forwardedFor X-Forwarded-For, as it came
 */
export function clientAddressOf(
  peer: string,
  forwardedFor: string | undefined,
  isTrusted: (address: string) => boolean,
): string {
  if (forwardedFor === undefined) return peer;
  const chain = forwardedFor.split(',').slice(-hopsMax);
  let address = peer;
  while (isTrusted(address)) {
    const before = chain.pop()?.trim();
    if (before === undefined || isIP(before) === 0) return address;
    address = before;
  }
  return address;
}

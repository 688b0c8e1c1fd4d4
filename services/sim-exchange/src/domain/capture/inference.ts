import { parseWireUnits } from '../amounts.js';

/** What currencies prices are quoted in; the longest match wins, so that BTCFDUSD is not BTCFD-USD. */
const knownQuotes = [
  'FDUSD',
  'USDT',
  'USDC',
  'BUSD',
  'TUSD',
  'USDP',
  'DAI',
  'USD',
  'EUR',
  'GBP',
  'TRY',
  'BRL',
  'JPY',
  'INR',
  'AUD',
  'BTC',
  'ETH',
  'BNB',
];
/** With this many different values their greatest common divisor is the step; with fewer it could be anything. */
const divisorSamplesMin = 200;

/** `BTCUSDT` → BTC and USDT; null when no known quote currency ends it. */
export function splitSymbol(symbol: string): { readonly base: string; readonly quote: string } | null {
  const quote = knownQuotes
    .filter((one) => symbol.endsWith(one) && symbol.length > one.length)
    .sort((left, right) => right.length - left.length)[0];
  if (quote === undefined) return null;
  const base = symbol.slice(0, -quote.length);
  return /^[A-Z0-9]{1,20}$/.test(base) ? { base, quote } : null;
}

/**
 * The step (tick or lot) in units of 10^-8 that all of the values are multiples of, or null without a usable value. It is
 * 1, 2 or 5 times a power of ten, as venues have it: from few samples the last decimal used, from many the largest that fits.
 */
export function inferStep(texts: Iterable<string>): number | null {
  const values = new Set<bigint>();
  for (const text of texts) {
    const units = parseWireUnits(text);
    if (units !== null && units > 0n) values.add(units);
  }
  if (values.size === 0) return null;
  const divisor = [...values].reduce(greatestCommonDivisor, 0n);
  const fits = niceSteps.filter(
    (step) => divisor % step === 0n && (values.size >= divisorSamplesMin || (isPowerOfTen(step) && step <= oneUnit)),
  );
  return Number(fits[fits.length - 1] ?? 1n);
}

const oneUnit = 10n ** 8n;
const niceSteps: readonly bigint[] = Array.from({ length: 13 }, (_, power) =>
  [1n, 2n, 5n].map((digit) => digit * 10n ** BigInt(power)),
).flat();
const isPowerOfTen = (step: bigint): boolean => /^10*$/.test(step.toString());

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestCommonDivisor(right, left % right);
}

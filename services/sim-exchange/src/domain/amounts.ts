import { parseDecimal } from '@scalpstorm/model';

/** Prices and quantities have 8 decimals on the Binance wire. */
export const wireDecimals = 8;
/** Balances count 10^-16: the product of an 8-decimal price and an 8-decimal quantity, exact. */
export type Amount = bigint;
const amountPerWireUnit = 10n ** 8n;
const wireUnit = 1e8;

/** A count of 10^-8, or null when the text has more decimals or is no decimal. */
export function parseWireUnits(text: string): bigint | null {
  const parsed = parseDecimal(text, wireDecimals);
  return parsed.ok ? parsed.value : null;
}

/** `0.01000000` for 1e6 units of 10^-8. */
export function wireText(units: number | bigint): string {
  if (typeof units === 'number') {
    if (!Number.isSafeInteger(units)) return wireText(BigInt(Math.round(units)));
    return `${Math.floor(units / wireUnit)}.${(units % wireUnit).toString().padStart(wireDecimals, '0')}`;
  }
  const digits = units.toString().padStart(wireDecimals + 1, '0');
  return `${digits.slice(0, -wireDecimals)}.${digits.slice(-wireDecimals)}`;
}

/** What the wire shows of an amount: 8 decimals, the rest cut. */
export const amountText = (amount: Amount): string => wireText(amount / amountPerWireUnit);

export const amountOfWireUnits = (units: bigint): Amount => units * amountPerWireUnit;

/** Down to the 8 decimals in which the venue books commissions. */
export const floorToWire = (amount: Amount): Amount => amount - (amount % amountPerWireUnit);

export const amountOfWhole = (whole: bigint): Amount => amountOfWireUnits(whole * BigInt(wireUnit));

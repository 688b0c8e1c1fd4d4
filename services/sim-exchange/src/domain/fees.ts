import { type Amount, floorToWire, parseWireUnits, wireText } from './amounts.js';

/** Shares of what is received, in 10^-8. */
export interface FeeRates {
  readonly maker: bigint;
  readonly taker: bigint;
}

/** An asset of which an account pays its commissions while it has enough. */
export interface FeeAsset {
  readonly name: string;
  /** What a new account has of it. */
  readonly opening: Amount;
  /** In 10^-8 of a quote currency that has no market for it; null where only markets say what it is worth. */
  readonly fixedPrice: bigint | null;
}

export interface Fees extends FeeRates {
  readonly asset: FeeAsset | null;
}

const one = 10n ** 8n;
const basisPoint = one / 10_000n;
const rateMax = one / 10n;

export const defaultFeeRate = '0.001';
export const feeRateAllowed = 'an exact decimal from 0 to 0.1 with at most 8 decimals, such as 0.001';
export const defaultFees: Fees = { maker: one / 1_000n, taker: one / 1_000n, asset: null };

/** The rate of a decimal text such as `0.001`, or null when it is none that is allowed. */
export function parseFeeRate(text: string): bigint | null {
  const rate = /^\d+(\.\d+)?$/.test(text) ? parseWireUnits(text) : null;
  return rate !== null && rate <= rateMax ? rate : null;
}

/** Cut to the 8 decimals in which the venue books. */
export const commissionOf = (received: Amount, rate: bigint): Amount => floorToWire((received * rate) / one);

/** A commission on a trade of so much quote currency, in an asset of which one is worth `price` (10^-8); cut as well. */
export const commissionInAsset = (quote: Amount, rate: bigint, price: bigint): Amount =>
  floorToWire((quote * rate) / price);

/** `0.00100000`. */
export const feeRateText = (rate: bigint): string => wireText(rate);
/** The account's older fields count whole basis points; a finer rate is cut. */
export const feeBasisPoints = (rate: bigint): number => Number(rate / basisPoint);

import { assert } from '@scalpstorm/kernel';
import { type Lots, lotsMax, type Ticks, ticksMax } from '@scalpstorm/matching';
import { type Amount, amountOfWireUnits, wireText } from './amounts.js';

/** What trades here, and in which steps: the filters that never change. */
export interface MarketSpec {
  /** `BTC-USDT`. */
  readonly symbol: string;
  /** `BTCUSDT`. */
  readonly wireSymbol: string;
  readonly base: string;
  readonly quote: string;
  /** One tick and one lot as counts of 10^-8. */
  readonly tickUnits: number;
  readonly lotUnits: number;
  readonly priceMax: Ticks;
  readonly quantityMax: Lots;
  /** Where the market starts; opening balances are sized by it. A statistic, never booked. */
  readonly referencePrice: number;
}

const priceMaxFactor = 1_000;
/** 9,000,000 whole units of base, or more where that is worth little; always as many as fit. */
const quantityMaxWhole = 9_000_000;
const quantityMaxWorth = 1e9;

export interface MarketShape {
  readonly base: string;
  readonly quote: string;
  readonly tickUnits: number;
  readonly lotUnits: number;
  readonly referencePrice: number;
}

export function marketSpec(shape: MarketShape): MarketSpec {
  const { base, quote, tickUnits, lotUnits, referencePrice } = shape;
  assert(Number.isSafeInteger(tickUnits) && tickUnits > 0, `tick of ${base}-${quote}: ${tickUnits}`);
  assert(Number.isSafeInteger(lotUnits) && lotUnits > 0, `lot of ${base}-${quote}: ${lotUnits}`);
  const referenceTicks = Math.ceil((referencePrice * 1e8) / tickUnits);
  return {
    ...shape,
    symbol: `${base}-${quote}`,
    wireSymbol: `${base}${quote}`,
    priceMax: Math.min(ticksMax, Math.max(1, referenceTicks) * priceMaxFactor),
    quantityMax: Math.min(
      lotsMax,
      Math.floor((Math.max(quantityMaxWhole, quantityMaxWorth / referencePrice) * 1e8) / lotUnits),
    ),
  };
}

export const priceText = (spec: MarketSpec, ticks: Ticks): string => wireText(scaled(ticks, spec.tickUnits));
export const quantityText = (spec: MarketSpec, lots: Lots): string => wireText(scaled(lots, spec.lotUnits));

/** Ticks × lots as an exact amount of the quote currency. */
export const quoteAmount = (spec: MarketSpec, ticks: Ticks, lots: Lots): Amount =>
  BigInt(ticks) * BigInt(lots) * tickLotAmount(spec);
export const baseAmount = (spec: MarketSpec, lots: Lots): Amount =>
  amountOfWireUnits(BigInt(lots) * BigInt(spec.lotUnits));
/** What one tick times one lot is worth. */
export const tickLotAmount = (spec: MarketSpec): Amount => BigInt(spec.tickUnits) * BigInt(spec.lotUnits);

function scaled(count: number, units: number): number | bigint {
  const product = count * units;
  return Number.isSafeInteger(product) ? product : BigInt(count) * BigInt(units);
}

import type { Lots } from '@scalpstorm/matching';
import { type MarketSpec, marketSpec } from '../market-spec.js';

const known: Readonly<
  Record<string, { readonly price: number; readonly tickUnits: number; readonly lotUnits: number }>
> = {
  BTC: { price: 60_000, tickUnits: 1e6, lotUnits: 1e3 },
  ETH: { price: 3_000, tickUnits: 1e6, lotUnits: 1e4 },
  BNB: { price: 600, tickUnits: 1e6, lotUnits: 1e5 },
  SOL: { price: 150, tickUnits: 1e5, lotUnits: 1e5 },
};
/** Any other base trades like a coin of a hundred, with the same filters as SOL. */
const unknown = { price: 100, tickUnits: 1e5, lotUnits: 1e5 };

export const defaultSymbols = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];

/** A synthetic market for `BASE-QUOTE`. */
export function syntheticSpec(symbol: string): MarketSpec {
  const [base = '', quote = ''] = symbol.split('-');
  const { price, tickUnits, lotUnits } = known[base] ?? unknown;
  return marketSpec({ base, quote, tickUnits, lotUnits, referencePrice: price });
}

/** A usual order is worth this much of the quote currency. */
const usualWorth = 20_000;
export const usualLots = ({ referencePrice, lotUnits }: MarketSpec): Lots =>
  Math.max(1, Math.round((usualWorth / referencePrice) * (1e8 / lotUnits)));

import { placesOf } from './decimal.js';

interface Market {
  readonly venue: string;
  readonly symbol: string;
}
export type PricePlaces = (market: Market) => number;

interface Priced extends Market {
  readonly price: string | null;
}

/** So many decimals as the price step of a market has, or the finest of the prices, so that they line up in a list and over lists. */
export function pricePlaces(
  rows: readonly Priced[],
  rulesOf: (market: Market) => { readonly tickSize: string } | undefined,
): PricePlaces {
  const finest = new Map<string, number>();
  const keyOf = ({ venue, symbol }: Market) => `${venue}:${symbol}`;
  for (const row of rows) finest.set(keyOf(row), Math.max(finest.get(keyOf(row)) ?? 0, placesOf(row.price)));
  return (market) => Math.max(placesOf(rulesOf(market)?.tickSize), finest.get(keyOf(market)) ?? 0);
}

const averagePlacesMax = 8;

/** An average may lie between two steps of the price; where the step is not known, nothing is rounded away that counts. */
export const averagePlaces = (average: string | null, places: number): number =>
  Math.min(Math.max(placesOf(average), places), places === 0 ? averagePlacesMax : places + 2);

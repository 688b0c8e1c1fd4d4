import { placesOf } from './decimal.js';

export type PricePlaces = (symbol: string) => number;

interface Priced {
  readonly symbol: string;
  readonly price: string | null;
}

/** So many decimals that the prices of one market line up in a list. */
export function pricePlaces(rows: readonly Priced[]): PricePlaces {
  const places = new Map<string, number>();
  for (const { symbol, price } of rows) places.set(symbol, Math.max(places.get(symbol) ?? 0, placesOf(price)));
  return (symbol) => places.get(symbol) ?? 0;
}

const averagePlacesMax = 8;

/** An average may lie between two steps of the price; where the step is not known, nothing is rounded away that counts. */
export const averagePlaces = (average: string | null, places: number): number =>
  Math.min(placesOf(average), places === 0 ? averagePlacesMax : places + 2);

import { unwrap } from '@scalpstorm/kernel';
import type { Instrument, Json, JsonObject } from '@scalpstorm/model';
import { type InstrumentRules, laneInstrument } from '../../lane/lane-instrument.js';

/** Of a market where nobody names a price. */
export const priceUsual = 20_000;
/** Under these names parameters have prices, and not distances or shares. */
const priceNames: ReadonlySet<string> = new Set([
  'lower',
  'upper',
  'fixed',
  'startPrice',
  'stopPrice',
  'takeProfitPrice',
]);
/** Of a market that no venue lists. */
const symbol = 'BASE-QUOTE';
/** Digits of a price. */
const [digitsUsual, digitsMax] = [8, 9];
/** Tick and step have at most so many decimals together, and each at most so many. */
const [decimalsTogether, tickDecimalsMax, stepDecimalsMax] = [18, 11, 8];

/** About how high the prices are that the parameters name. */
export function heightOf(parameters: JsonObject): number {
  const prices = pricesIn(parameters).map(Number);
  return prices.length === 0 ? priceUsual : (Math.min(...prices) + Math.max(...prices)) / 2;
}

/**
 * A market of prices about this high: ticks by which prices have eight digits, or finer ones where the parameters name such prices; steps so
 * fine that every quantity is one of them, and no least value.
 */
export function rulesAround(price: number, parameters: JsonObject): InstrumentRules {
  const digits = Math.floor(Math.log10(price)) + 1;
  const finest = Math.max(0, ...pricesIn(parameters).map(decimalsOf));
  const wanted = Math.max(digitsUsual - digits, Math.min(finest, digitsMax - digits));
  const tickDecimals = Math.min(Math.max(wanted, 0), tickDecimalsMax);
  const stepDecimals = Math.min(stepDecimalsMax, decimalsTogether - tickDecimals);
  return { symbol, tick: unitOf(tickDecimals), step: unitOf(stepDecimals), notionalMin: '0' };
}

export const instrumentAround = (price: number, parameters: JsonObject): Instrument =>
  unwrap(laneInstrument(rulesAround(price, parameters)));

/** Decimal texts, wherever they stand. */
function pricesIn(value: Json, name = ''): readonly string[] {
  if (typeof value === 'string') return priceNames.has(name) && Number(value) > 0 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => pricesIn(inner as Json, key));
}

/** `0.001` has three. */
const decimalsOf = (text: string): number => /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;

const unitOf = (decimals: number): string => (decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`);

import { assert, type Brand, type Result } from '@scalpstorm/kernel';
import { type DecimalFault, formatDecimal, parseDecimal } from './decimal.js';

/** Quote currency per one unit of base, an exact count of 10^-12. */
export type Price = Brand<bigint, 'Price'>;

export const priceDecimals = 12;

export const Price = {
  zero: 0n as Price,
  parse: (text: string): Result<Price, DecimalFault> =>
    parseDecimal(text, priceDecimals) as Result<Price, DecimalFault>,
  /** For literals and for texts that were validated before; a bad text is a bug here. */
  of(text: string): Price {
    const parsed = Price.parse(text);
    assert(parsed.ok, `not a price: ${text}`);
    return parsed.value;
  },
  format: (price: Price): string => formatDecimal(price, priceDecimals),
  fromUnits: (units: bigint): Price => units as Price,
  plus: (price: Price, delta: Price): Price => (price + delta) as Price,
  minus: (price: Price, delta: Price): Price => (price - delta) as Price,
  times: (price: Price, factor: bigint): Price => (price * factor) as Price,
  isMultipleOf: (price: Price, tick: Price): boolean => price % tick === 0n,
  /** Nearest multiple of the tick at or below (above) the price. */
  floorTo: (price: Price, tick: Price): Price => floorMultiple(price, tick) as Price,
  ceilTo: (price: Price, tick: Price): Price => -floorMultiple(-price, tick) as Price,
} as const;

function floorMultiple(value: bigint, step: bigint): bigint {
  const remainder = value % step;
  return remainder < 0n ? value - remainder - step : value - remainder;
}

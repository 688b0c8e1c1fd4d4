import { assert, type Brand, type Result } from '@scalpstorm/kernel';
import { type DecimalFault, formatDecimal, parseDecimal } from './decimal.js';

/** An amount of the base asset, an exact count of 10^-12. Signed only where a position is meant. */
export type Quantity = Brand<bigint, 'Quantity'>;

export const quantityDecimals = 12;

export const Quantity = {
  zero: 0n as Quantity,
  parse: (text: string): Result<Quantity, DecimalFault> =>
    parseDecimal(text, quantityDecimals) as Result<Quantity, DecimalFault>,
  /** For literals and for texts that were validated before; a bad text is a bug here. */
  of(text: string): Quantity {
    const parsed = Quantity.parse(text);
    assert(parsed.ok, `not a quantity: ${text}`);
    return parsed.value;
  },
  format: (quantity: Quantity): string => formatDecimal(quantity, quantityDecimals),
  fromUnits: (units: bigint): Quantity => units as Quantity,
  plus: (left: Quantity, right: Quantity): Quantity => (left + right) as Quantity,
  minus: (left: Quantity, right: Quantity): Quantity => (left - right) as Quantity,
  min: (left: Quantity, right: Quantity): Quantity => (left < right ? left : right),
  max: (left: Quantity, right: Quantity): Quantity => (left > right ? left : right),
  isMultipleOf: (quantity: Quantity, step: Quantity): boolean => quantity % step === 0n,
  floorTo: (quantity: Quantity, step: Quantity): Quantity => (quantity - (quantity % step)) as Quantity,
} as const;

import { assert } from '@scalpstorm/kernel';
import { moneyDecimals, parseDecimal } from '@scalpstorm/model';

/** A NUMERIC amount of money in units of 10^-18. */
export function exactUnits(text: string): bigint {
  const parsed = parseDecimal(text, moneyDecimals);
  assert(parsed.ok, `not an exact amount: ${text}`);
  return parsed.value;
}

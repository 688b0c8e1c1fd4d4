import { assert } from '@scalpstorm/kernel';
import { formatDecimal, moneyDecimals, parseDecimal } from '@scalpstorm/model';

/** Exact decimal text of an amount; the form in which a state is written down. Inside, amounts count 10^-18. */
export type Amount = string;

export const noAmount: Amount = '0';

/** A bot's few amounts, which are read again at every price. */
const readLately = new Map<Amount, bigint>();
const readLatelyMax = 1_000;

export function read(amount: Amount): bigint {
  // What most amounts of a bot are that waits for the market, and it is asked at every price.
  if (amount === noAmount) return 0n;
  const known = readLately.get(amount);
  if (known !== undefined) return known;
  const parsed = parseDecimal(amount, moneyDecimals);
  assert(parsed.ok, `not an amount: ${amount}`);
  if (readLately.size >= readLatelyMax) readLately.clear();
  readLately.set(amount, parsed.value);
  return parsed.value;
}

export const write = (units: bigint): Amount => formatDecimal(units, moneyDecimals);

export const plus = (amount: Amount, units: bigint): Amount => (units === 0n ? amount : write(read(amount) + units));

/** Base quantities count 10^-12, amounts 10^-18. */
export const quantityScale = 10n ** 6n;

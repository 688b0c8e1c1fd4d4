import { Money } from '@scalpstorm/model';

/** Adds an amount to a list that holds one entry a currency; the order of first appearance is kept. */
export function addFee(fees: readonly Money[], fee: Money): readonly Money[] {
  if (fee.amount === 0n) return fees;
  const index = fees.findIndex((known) => known.currency === fee.currency);
  const known = fees[index];
  return known === undefined ? [...fees, fee] : fees.with(index, Money.plus(known, fee));
}

import type { ParameterReader } from '@scalpstorm/strategies';

/** Of everything that is drawn. */
export const seedMax = 2 ** 31 - 1;

/** A whole number of a request, within bounds; out of them the reader was told. */
export function wholeOf(
  reader: ParameterReader,
  name: string,
  { min, max, absent }: { readonly min: number; readonly max: number; readonly absent: number },
): number {
  const value = reader.get(name) ?? absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  reader.fault('OUT_OF_RANGE', name, `That is no number of ${name} here.`, `a whole number from ${min} to ${max}`);
  return absent;
}

/** What is no number the reader was told. */
export function numberOf(reader: ParameterReader, name: string, absent: number): number {
  const value = reader.get(name) ?? absent;
  if (typeof value === 'number') return value;
  reader.fault('WRONG_TYPE', name, 'That is no number.', 'a number');
  return absent;
}

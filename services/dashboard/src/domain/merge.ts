/** What was fetched and what came over the stream since, as one list, newest first. */
export function merged<Row>(
  live: readonly Row[],
  fetched: readonly Row[],
  { keyOf, timeOf, isNewer }: MergeRules<Row>,
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const row of [...fetched, ...live]) {
    const key = keyOf(row);
    const known = rows.get(key);
    if (known === undefined || isNewer(row, known)) rows.set(key, row);
  }
  return [...rows.values()].sort((left, right) => (timeOf(left) < timeOf(right) ? 1 : -1));
}

export interface MergeRules<Row> {
  readonly keyOf: (row: Row) => string;
  readonly timeOf: (row: Row) => string;
  readonly isNewer: (row: Row, known: Row) => boolean;
}

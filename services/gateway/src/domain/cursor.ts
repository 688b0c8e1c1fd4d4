/** Where a page ends: the sequence number of its last row. Opaque to clients. */
export const pageLimitDefault = 50;
export const pageLimitMax = 500;

export interface Page {
  readonly limit: number;
  /** Rows strictly older than this one; null for the newest page. */
  readonly before: bigint | null;
}

export interface Listing<Row> {
  readonly data: readonly Row[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

const cursorPattern = /^c([0-9a-z]{1,13})$/;

export const cursorOf = (sequence: bigint): string => `c${sequence.toString(36)}`;

/** Null when the text is not a cursor of ours. */
export function sequenceOf(cursor: string): bigint | null {
  const digits = cursorPattern.exec(cursor)?.[1];
  if (digits === undefined) return null;
  let sequence = 0n;
  for (const digit of digits) sequence = sequence * 36n + BigInt(Number.parseInt(digit, 36));
  return sequence <= 2n ** 63n - 1n ? sequence : null;
}

/** Rows were asked for with `limit + 1`, so that one more row says that there is another page. */
export function listingOf<Row>(
  rows: readonly { readonly sequence: bigint; readonly view: Row }[],
  limit: number,
): Listing<Row> {
  const page = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  const last = page.at(-1);
  return { data: page.map((row) => row.view), hasMore, nextCursor: hasMore && last ? cursorOf(last.sequence) : null };
}

import type { Listing, Page } from '../../domain/cursor.js';

export const pageOf = (query: { readonly limit: number; readonly after?: bigint | null | undefined }): Page => ({
  limit: query.limit,
  before: query.after ?? null,
});

export const openOf = (status: 'open' | 'final' | undefined): boolean | null =>
  status === undefined ? null : status === 'open';

/** A list that is short by nature and comes whole. */
export const whole = <Row>(data: readonly Row[]): Listing<Row> => ({ data, hasMore: false, nextCursor: null });

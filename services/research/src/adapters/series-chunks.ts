import type { JsonObject } from '@scalpstorm/model';

/** Of a chunk of a series. Never changed: what is stored has it. */
export const chunkRows = 500;

/** The rows in chunks, each with its number. */
export function chunksOf(
  rows: readonly JsonObject[],
): readonly (readonly [chunk: number, rows: readonly JsonObject[]])[] {
  return Array.from({ length: Math.ceil(rows.length / chunkRows) }, (_, chunk) => [
    chunk,
    rows.slice(chunk * chunkRows, (chunk + 1) * chunkRows),
  ]);
}

/** The chunks that hold a page. */
export const chunksWith = (from: number, limit: number) => ({
  first: Math.floor(from / chunkRows),
  last: Math.floor((from + limit - 1) / chunkRows),
});

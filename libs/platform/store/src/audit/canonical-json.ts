import { assert } from '@scalpstorm/kernel';

/** What Postgres takes as a text: whole characters, and no NUL. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/**
 * RFC 8785 (JSON Canonicalization Scheme): no spaces, names in the order of their UTF-16 units, so the same content always gives the
 * same bytes, also after Postgres kept it as JSONB. Beyond it: bigints are decimal texts, what is undefined is not there, and a
 * text is what Postgres would keep of it.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(storableText(value));
    case 'bigint':
      return `"${value}"`;
    case 'number':
      assert(Number.isFinite(value), 'a number that JSON does not have');
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    default:
      assert(typeof value === 'object', `${typeof value} has no canonical form`);
      return value === null ? 'null' : ofObject(value);
  }
}

/**
 * A row without some of its columns. Numbers are texts, as drivers differ about them, and what is null is not there: a column that is
 * added later changes no older row.
 */
export function canonicalRow(row: object, leftOut: ReadonlySet<string>): string {
  const asText = (value: unknown) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value);
  const columns = Object.entries(row).filter(([name, value]) => !leftOut.has(name) && value !== null);
  return canonicalJson(Object.fromEntries(columns.map(([name, value]) => [name, asText(value)])));
}

function ofObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(fields)
    .filter((name) => fields[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(storableText(name))}:${canonicalJson(fields[name])}`);
  return `{${members.join(',')}}`;
}

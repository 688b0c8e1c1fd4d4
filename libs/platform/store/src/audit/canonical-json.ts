import { assert } from '@scalpstorm/kernel';

/** What Postgres takes as a text: whole characters, and no NUL. */
export const storableText = (text: string): string =>
  text.isWellFormed() && !text.includes('\u0000') ? text : text.toWellFormed().replaceAll('\u0000', '');

/**
 * RFC 8785 (JSON Canonicalization Scheme): no spaces, names in the order of their UTF-16 units, so the same content always gives the
 * same bytes, also after Postgres kept it as JSONB. Beyond it: bigints are decimal texts, what is undefined is not there, and a
 * text is what Postgres would keep of it.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `"${value}"`;
    case 'number':
      assert(Number.isFinite(value), 'a number that JSON does not have');
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    default:
      assert(typeof value === 'object', `${typeof value} has no canonical form`);
      if (value === null) return 'null';
      return Array.isArray(value)
        ? `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
        : canonicalObject(value, (field) => (field === undefined ? null : canonicalJson(field)));
  }
}

/**
 * A row without some of its columns. Numbers are texts, as drivers differ about them, and what is null is not there: a column that is
 * added later changes no older row.
 */
export function canonicalRow(row: object, leftOut: ReadonlySet<string>): string {
  return canonicalObject(row, (column, name) => {
    if (column === null || column === undefined || leftOut.has(name)) return null;
    return typeof column === 'number' || typeof column === 'bigint' ? `"${column}"` : canonicalJson(column);
  });
}

/** Of each member its text, or null for none. Written for the way of an order: no object is made on it. */
function canonicalObject(value: object, textOf: (field: unknown, name: string) => string | null): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let members = '';
  for (const name of Object.keys(fields).sort()) {
    const text = textOf(fields[name], name);
    if (text !== null) members += `${members === '' ? '' : ','}${quoted(name)}:${text}`;
  }
  return `{${members}}`;
}

const quoted = (text: string): string => JSON.stringify(storableText(text));

import type { Json } from '@scalpstorm/model';

// FNV-1a of 64 bits (Fowler, Noll, Vo): tells versions of a text apart, and protects nothing.
const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** The same for the same values in whatever order their fields were written; 16 hex digits. */
export function fingerprint(value: Json): string {
  let hash = offset;
  for (const character of canonical(value)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}

/** The same text for the same values in whatever order their fields were written. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`;
}

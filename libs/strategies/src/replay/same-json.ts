import type { Json, JsonObject } from '@scalpstorm/model';

/** Whatever the order of names in objects: a database keeps none. */
export function isSameJson(left: Json, right: Json): boolean {
  return ordered(left) === ordered(right);
}

function ordered(value: Json): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

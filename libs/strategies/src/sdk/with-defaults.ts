import type { Json, JsonObject } from '@scalpstorm/model';
import type { Strategy } from './define.js';

/** The parameters with every default of the schema that is not said, by name: what is left to its default is the same as said. */
export function withDefaults({ schema }: Pick<Strategy, 'schema'>, given: JsonObject): JsonObject {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>);
  const absent = properties.flatMap(([name, property]) =>
    'default' in property ? [[name, property['default'] as Json] as const] : [],
  );
  const all = Object.entries({ ...Object.fromEntries(absent), ...given });
  return Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

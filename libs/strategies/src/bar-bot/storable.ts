import type { JsonObject } from '@scalpstorm/model';

/** Of the JSON text of what a rule remembers, in UTF-16 units. */
const snapshotMax = 256 * 1_024;
/** As JSON writes down U+0000 and half a surrogate pair. */
const unstorableEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/**
 * What a decider remembers, as it comes back from the record: a copy, and nothing that the record would refuse together with what is
 * written beside it.
 * @throws TypeError or RangeError for what is no JSON object, has a text in it that no database takes, or is too large
 */
export function storableSnapshot(snapshot: unknown): JsonObject {
  const text: string | undefined = JSON.stringify(snapshot);
  if (text === undefined || !text.startsWith('{')) throw new TypeError('its snapshot is no JSON object');
  if (text.length > snapshotMax) throw new RangeError(`its snapshot has more than ${snapshotMax} characters`);
  if (unstorableEscape.test(text))
    throw new TypeError('its snapshot has a text with U+0000 or half a surrogate pair in it');
  return JSON.parse(text) as JsonObject;
}

/** Whatever somebody's code calls a text: not too long, and without what no database takes. @throws what its `toString` throws */
export const storableText = (text: unknown, lengthMax: number): string =>
  String(text).replaceAll('\0', '').slice(0, lengthMax).toWellFormed();

import { asciiText, readNumber } from './read-number.js';

export const timeUnits = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;
export type TimeUnit = (typeof timeUnits)[number];

const microsIn: Readonly<Record<TimeUnit, number>> = {
  seconds: 1_000_000,
  milliseconds: 1_000,
  microseconds: 1,
  nanoseconds: 1 / 1_000,
};
/** What a count since 1970 can be, told apart by its size: each is good from 1973 to 5138. */
const magnitudes: readonly (readonly [below: number, unit: TimeUnit])[] = [
  [1e11, 'seconds'],
  [1e14, 'milliseconds'],
  [1e17, 'microseconds'],
  [1e20, 'nanoseconds'],
];

const bareDayPattern = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;

/** A day without hyphens, which is a number, too. In the middle of a file that counts it may be one of its counts. */
export const isBareDay = (text: string): boolean => bareDayPattern.test(text);

const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * Microseconds since the epoch; NaN when it is no time. Numbers are counts since 1970 in the unit given, or in the one that their size
 * tells; texts are ISO 8601, in UTC where they name no zone. What is finer than a microsecond is cut off.
 */
export function readTime(bytes: Uint8Array, start: number, end: number, unit: TimeUnit | null): number {
  const count = readNumber(bytes, start, end);
  if (Number.isNaN(count)) return readIso(asciiText(bytes, start, end).trim());
  const known = unit ?? magnitudes.find(([below]) => count < below)?.[1];
  const micros = known === undefined ? Number.NaN : Math.trunc(count * microsIn[known]);
  return Number.isSafeInteger(micros) ? micros : Number.NaN;
}

function readIso(text: string): number {
  const [whole, day, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = isoPattern.exec(text) ?? [];
  if (whole === undefined || day === undefined) return Number.NaN;
  const isUtc = /^(z|utc)$/i.test(zone);
  const offset = isUtc ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const millis = Date.parse(`${day}T${minutes}:${seconds}${offset}`);
  // A day that no month has is moved on to the next one by some readers.
  if (Number.isNaN(millis) || (isUtc && !new Date(millis).toISOString().startsWith(day))) return Number.NaN;
  return millis * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

import { type Micros, second, Timestamp } from '@scalpstorm/kernel';

const minute = 60 * second;
const day = 1_440 * minute;
/** The first of January 1970 was a Thursday. */
const firstWeekday = 4;
const daysOfWeek = 7;

/** When a venue, or one instrument of it, is open, in UTC. One that ends before it begins ends on the next day. */
export interface SessionWindow {
  /** On which it begins; 0: Sunday. */
  readonly days: readonly number[];
  /** Within the day. */
  readonly from: Micros;
  /** The first moment that does not belong to it; at most a whole day. */
  readonly to: Micros;
}

const weekdayOf = (dayNumber: number): number => (dayNumber + firstWeekday) % daysOfWeek;
const lengthOf = ({ from, to }: SessionWindow): Micros => (to > from ? to - from : to - from + day);

/** No windows: it never closes. */
export function isInSession(windows: readonly SessionWindow[], now: Timestamp): boolean {
  return windows.length === 0 || windows.some((window) => beginsOf(window, now, [-1, 0]).some((begin) => begin <= now));
}

/** When it opens again; null when it never does, or is open. At most a week from now. */
export function nextSession(windows: readonly SessionWindow[], now: Timestamp): Timestamp | null {
  if (isInSession(windows, now)) return null;
  const ahead = Array.from({ length: daysOfWeek + 1 }, (_, index) => index);
  const begins = windows.flatMap((window) => beginsOf(window, now, ahead)).filter((begin) => begin > now);
  return begins.length === 0 ? null : Timestamp.fromMicros(Math.min(...begins));
}

/** Those of its beginnings on these days, counted from today's, that are not over by now. */
function beginsOf(window: SessionWindow, now: Timestamp, days: readonly number[]): readonly number[] {
  const today = Math.floor(now / day);
  return days
    .map((ahead) => today + ahead)
    .filter((dayNumber) => window.days.includes(weekdayOf(dayNumber)))
    .map((dayNumber) => dayNumber * day + window.from)
    .filter((begin) => begin + lengthOf(window) > now);
}

import type { SessionWindow } from '@scalpstorm/engine';
import { second } from '@scalpstorm/kernel';
import type { InstrumentId } from '@scalpstorm/model';

/** By venue (`nse`) or by instrument (`nse:INFY-INR`), which goes before its venue. */
export type Sessions = ReadonlyMap<string, readonly SessionWindow[]>;

const weekdays: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const everyDay = weekdays.map((_, day) => day);
const minute = 60 * second;
const windowPattern =
  /^(?:(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:-(Sun|Mon|Tue|Wed|Thu|Fri|Sat))? )?(\d\d):(\d\d)-(\d\d):(\d\d)$/;
const entryPattern = /^([a-z0-9-]{1,32}(?::[A-Z0-9]{1,20}-[A-Z0-9]{1,20})?)=(.+)$/;

/** `nse=Mon-Fri 03:45-10:00+Sat 04:00-05:00,sim=00:00-24:00`, in UTC; empty: nothing ever closes. Null: it can not be read. */
export function readSessions(text: string): Sessions | null {
  const sessions = new Map<string, readonly SessionWindow[]>();
  if (text.trim() === '') return sessions;
  for (const entry of text.split(',')) {
    const [, of, list] = entryPattern.exec(entry.trim()) ?? [];
    if (of === undefined || list === undefined || sessions.has(of)) return null;
    const windows = list.split('+').map((window) => windowOf(window.trim()));
    const readable = windows.filter((window) => window !== null);
    if (readable.length !== windows.length) return null;
    sessions.set(of, readable);
  }
  return sessions;
}

export function sessionsOf(sessions: Sessions, instrumentId: InstrumentId): readonly SessionWindow[] {
  if (sessions.size === 0) return [];
  const venue = instrumentId.slice(0, instrumentId.indexOf(':'));
  return sessions.get(instrumentId) ?? sessions.get(venue) ?? [];
}

/** Names in the sessions of which nothing is listed: a slip of the pen, by which a venue would never close. None while nothing is listed at all. */
export function unlistedSessions(sessions: Sessions, venues: ReadonlySet<string>): readonly string[] {
  if (venues.size === 0) return [];
  return [...sessions.keys()].filter((name) => !venues.has(name.split(':')[0] ?? ''));
}

function windowOf(text: string): SessionWindow | null {
  const [, first, last, ...times] = windowPattern.exec(text) ?? [];
  const [fromHour = NaN, fromMinute = NaN, toHour = NaN, toMinute = NaN] = times.map(Number);
  const from = timeOf(fromHour, fromMinute);
  const to = timeOf(toHour, toMinute);
  if (from === null || to === null || from === 24 * 60 || from === to) return null;
  return { days: daysOf(first, last), from: from * minute, to: to * minute };
}

/** In minutes; midnight may be the end of a day. */
function timeOf(hours: number, minutes: number): number | null {
  const time = hours * 60 + minutes;
  return minutes < 60 && time <= 24 * 60 ? time : null;
}

function daysOf(first: string | undefined, last = first): readonly number[] {
  if (first === undefined || last === undefined) return everyDay;
  const [from, to] = [weekdays.indexOf(first), weekdays.indexOf(last)];
  const count = ((to - from + weekdays.length) % weekdays.length) + 1;
  return Array.from({ length: count }, (_, ahead) => (from + ahead) % weekdays.length);
}

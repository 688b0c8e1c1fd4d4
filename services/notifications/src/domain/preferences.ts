import type { NotificationPreferences, Refusal } from '@scalpstorm/contracts';
import { isTimeOfDay, isTimeZone } from './local-time.js';

const mutedMax = 100;
const time = 'HH:MM, from 00:00 to 23:59';

/** The first thing that is wrong with them; null when nothing is. Closed lists were checked when they were read. */
export function faultOfPreferences({
  timeZone,
  quietHours,
  summaryAt,
  muted,
}: NotificationPreferences): Refusal | null {
  if (!isTimeZone(timeZone)) {
    return invalid('/timeZone', 'This is no time zone.', 'an IANA name, e.g. Europe/Berlin or UTC');
  }
  if (quietHours !== null) {
    if (!isTimeOfDay(quietHours.from)) return invalid('/quietHours/from', 'This is no time of day.', time);
    if (!isTimeOfDay(quietHours.to)) return invalid('/quietHours/to', 'This is no time of day.', time);
  }
  if (summaryAt !== null && !isTimeOfDay(summaryAt)) return invalid('/summaryAt', 'This is no time of day.', time);
  if (muted.length > mutedMax)
    return invalid('/muted', 'There are more pairs than kinds and channels.', `at most ${mutedMax}`);
  return null;
}

const invalid = (field: string, text: string, allowed: string): Refusal => ({
  code: 'PREFERENCE_INVALID',
  field,
  text,
  allowed,
  next: 'Correct this value.',
});

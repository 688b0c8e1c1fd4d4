import { second, Timestamp } from '@scalpstorm/kernel';

const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/;
const minute = 60 * second;
const minutesADay = 24 * 60;

export const isTimeOfDay = (text: string): boolean => timePattern.test(text);

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What the clock on the wall shows. `day` is `YYYY-MM-DD`, `minutes` counts from midnight. */
export function localTime(at: Timestamp, timeZone: string): { readonly day: string; readonly minutes: number } {
  const parts = formatOf(timeZone).formatToParts(new Date(at / 1_000));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '0';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

export const minutesOf = (timeOfDay: string): number => {
  const [hours = '0', minutes = '0'] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
};

/**
 * When the quiet hours that hold now are over; null when none do. Over midnight is fine; from = to means never. A change of the
 * clocks inside them moves the end by that hour, once a year.
 */
export function quietUntil(
  at: Timestamp,
  quiet: { readonly from: string; readonly to: string } | null,
  timeZone: string,
): Timestamp | null {
  if (quiet === null) return null;
  const from = minutesOf(quiet.from);
  const length = (minutesOf(quiet.to) - from + minutesADay) % minutesADay;
  const gone = (localTime(at, timeZone).minutes - from + minutesADay) % minutesADay;
  if (gone >= length) return null;
  return Timestamp.plus(Timestamp.fromMicros(at - (at % minute)), (length - gone) * minute);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const formatsMax = 600;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  if (formats.size >= formatsMax) formats.clear();
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}

import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { columnNames } from './column-names.js';
import type { TimeUnit } from './read-time.js';
import { columnTwice } from './refuse-header.js';

/** Which column is what; `volume` is null where there is none. */
export interface Layout {
  readonly columns: number;
  readonly time: number;
  /** Null: told by the size of the numbers. */
  readonly timeUnit: TimeUnit | null;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
}

const timeNames: ReadonlyMap<string, TimeUnit | null> = new Map([
  ['time', null],
  ['date', null],
  ['datetime', null],
  ['timestamp', null],
  ['open_time', null],
  ['time_s', 'seconds'],
  ['time_ms', 'milliseconds'],
  ['time_us', 'microseconds'],
  ['time_ns', 'nanoseconds'],
]);

/** Reads the header: columns by name in any case and order, others are left alone. Time is also an unnamed first column. */
export function layoutOf(line: string): Result<Layout, BacktestFault> {
  const read = columnNames(line);
  if (!read.ok) return read;
  const names = read.value.map((name) => name.toLowerCase());
  const known = names.findIndex((name) => timeNames.has(name));
  const time = known < 0 && names[0] === '' ? 0 : known;
  const at = {
    open: names.indexOf('open'),
    high: names.indexOf('high'),
    low: names.indexOf('low'),
    close: names.indexOf('close'),
  };
  const missing = [
    ...(time < 0 ? ['time'] : []),
    ...Object.entries(at).flatMap(([name, index]) => (index < 0 ? [name] : [])),
  ];
  if (missing.length > 0) {
    return fail({
      code: 'COLUMNS_MISSING',
      text: `The header has no ${missing.join(', ')}: ${JSON.stringify(line.slice(0, 200))}.`,
      next: 'The first line names the columns: time (or date, timestamp, time_ms), open, high, low, close, and volume where there is one.',
    });
  }
  const volume = names.indexOf('volume');
  const twice = columnTwice(names, [time, ...Object.values(at), volume]);
  if (twice !== null) return fail(twice);
  const timeUnit = timeNames.get(names[time] ?? '') ?? null;
  return ok({ columns: names.length, time, timeUnit, ...at, volume: volume < 0 ? null : volume });
}

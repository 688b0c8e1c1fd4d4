import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { isTimeOfDay, isTimeZone, localTime, quietUntil } from './local-time.js';

const at = (iso: string) => Timestamp.fromMillis(Date.parse(iso));

describe('local time', () => {
  it('is that of the zone, over the date line and with half hours', () => {
    expect(localTime(at('2026-11-21T23:30:00Z'), 'Asia/Kolkata')).toEqual({ day: '2026-11-22', minutes: 5 * 60 });
    expect(localTime(at('2026-11-21T00:10:00Z'), 'America/New_York')).toEqual({
      day: '2026-11-20',
      minutes: 19 * 60 + 10,
    });
    expect(localTime(at('2026-11-21T00:00:00Z'), 'UTC')).toEqual({ day: '2026-11-21', minutes: 0 });
  });

  it('knows what a zone and a time of day are', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
    expect(['00:00', '23:59', '24:00', '7:00', '07:60', '07:00:00'].map(isTimeOfDay)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00' };

  it.each([
    ['2026-11-21T21:59:59Z', null],
    ['2026-11-21T22:00:00Z', '2026-11-22T07:00:00.000Z'],
    ['2026-11-21T23:59:30Z', '2026-11-22T07:00:00.000Z'],
    ['2026-11-22T06:59:59Z', '2026-11-22T07:00:00.000Z'],
    ['2026-11-22T07:00:00Z', null],
  ])('over midnight: at %s until %s', (now, until) => {
    const end = quietUntil(at(now), night, 'UTC');
    expect(end === null ? null : Timestamp.toIso(end)).toBe(until);
  });

  it('are those of the zone', () => {
    const end = quietUntil(at('2026-11-21T21:30:00Z'), night, 'Europe/Berlin');
    expect(end === null ? null : Timestamp.toIso(end)).toBe('2026-11-22T06:00:00.000Z');
  });

  it('that begin when they end are none', () => {
    expect(quietUntil(at('2026-11-21T12:00:00Z'), { from: '12:00', to: '12:00' }, 'UTC')).toBeNull();
    expect(quietUntil(at('2026-11-21T12:00:00Z'), null, 'UTC')).toBeNull();
  });
});

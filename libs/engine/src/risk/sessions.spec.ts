import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { isInSession, nextSession, type SessionWindow } from './sessions.js';

const minute = 60 * second;
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const at = (iso: string): Timestamp => Timestamp.fromMillis(Date.parse(iso));
const window = (days: readonly number[], from: number, to: number): SessionWindow => ({
  days,
  from: from * 60 * minute,
  to: to * 60 * minute,
});

describe('the session of a venue', () => {
  it('never closes where none is set', () => {
    expect(isInSession([], at('2026-11-21T03:00:00Z'))).toBe(true);
    expect(nextSession([], at('2026-11-21T03:00:00Z'))).toBeNull();
  });

  it('is from its first moment to the one before its last, on its days, in UTC', () => {
    // 2026-11-20 is a Friday.
    const weekdays = [window([1, 2, 3, 4, 5], 8, 17)];
    const open = (iso: string) => isInSession(weekdays, at(iso));
    expect(open('2026-11-20T07:59:59.999Z')).toBe(false);
    expect(open('2026-11-20T08:00:00Z')).toBe(true);
    expect(open('2026-11-20T16:59:59.999Z')).toBe(true);
    expect(open('2026-11-20T17:00:00Z')).toBe(false);
    expect(open('2026-11-21T12:00:00Z')).toBe(false);
    expect(nextSession(weekdays, at('2026-11-20T17:00:00Z'))).toBe(at('2026-11-23T08:00:00Z'));
    expect(nextSession(weekdays, at('2026-11-20T09:00:00Z'))).toBeNull();
  });

  it('that ends before it begins ends on the next day, of the day on which it began', () => {
    const overnight = [window([0], 22, 4)];
    const open = (iso: string) => isInSession(overnight, at(iso));
    // 2026-11-22 is a Sunday.
    expect(open('2026-11-22T03:00:00Z')).toBe(false);
    expect(open('2026-11-22T22:00:00Z')).toBe(true);
    expect(open('2026-11-23T03:59:00Z')).toBe(true);
    expect(open('2026-11-23T04:00:00Z')).toBe(false);
    expect(nextSession(overnight, at('2026-11-23T04:00:00Z'))).toBe(at('2026-11-29T22:00:00Z'));
  });

  it('of the whole day never ends', () => {
    const always = [window(everyDay, 0, 24)];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(isInSession(always, Timestamp.fromMicros(seconds * second))).toBe(true);
      }),
    );
  });

  it('is open at the moment that is told as the next opening, and closed at every moment before', () => {
    const hour = fc.integer({ min: 0, max: 23 });
    const windows = fc.array(
      fc.record({ days: fc.subarray(everyDay, { minLength: 1 }), from: hour, to: fc.integer({ min: 1, max: 24 }) }),
      { minLength: 1, maxLength: 3 },
    );
    const seconds = fc.integer({ min: 1_700_000_000, max: 1_800_000_000 });
    fc.assert(
      fc.property(windows, seconds, fc.integer({ min: 0, max: 99 }), (drawn, now, part) => {
        const found = drawn.map(({ days, from, to }) => window(days, from, to));
        const time = Timestamp.fromMicros(now * second);
        const next = nextSession(found, time);
        expect(next === null).toBe(isInSession(found, time));
        if (next === null) return;
        expect(isInSession(found, next)).toBe(true);
        const between = Timestamp.fromMicros(time + Math.floor(((next - 1 - time) * part) / 100));
        expect(isInSession(found, between)).toBe(false);
      }),
    );
  });
});

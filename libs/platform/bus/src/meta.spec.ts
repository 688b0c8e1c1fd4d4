import { describe, expect, test } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { newEventId, newMeta } from './meta.js';

const at = (millis: number) => Timestamp.fromMillis(millis);
const start = Date.UTC(2030, 0, 1);

describe('event ids', () => {
  test('are UUIDs of version 7 that carry the time', () => {
    const id = newEventId(at(start));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(start);
  });

  test('sort in the order of creation, even when the clock stands still or steps back', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => newEventId(at(start + (index < 5_000 ? 1 : 0))));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('an event happens when it is recorded unless its source says otherwise', () => {
    const clock = { now: () => at(start + 10) };
    const plain = newMeta(clock, null);
    expect(plain.occurredAt).toBe(plain.recordedAt);
    const caused = newMeta(clock, plain.eventId, at(start));
    expect(caused).toMatchObject({ causedBy: plain.eventId, occurredAt: at(start), recordedAt: at(start + 10) });
  });
});

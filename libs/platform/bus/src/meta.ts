import { randomFillSync } from 'node:crypto';
import { createMeta, type Meta } from '@scalpstorm/contracts';
import { type Clock, Timestamp } from '@scalpstorm/kernel';

/** The meta of an event that happens now, or happened at its source at `occurredAt`. */
export function newMeta(clock: Clock, causedBy: Meta['eventId'] | null, occurredAt?: Timestamp): Meta {
  const recordedAt = clock.now();
  return createMeta(newEventId(recordedAt), causedBy, occurredAt ?? recordedAt, recordedAt);
}

const pool = new Uint8Array(4_096);
let used = pool.length;
let lastMillis = 0;
let counter = 0;
const counterMax = 0xfff;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * UUID version 7 (RFC 9562): sorts by time, and within a millisecond by the order of creation in this process. When the clock
 * stands still or steps back, the last millisecond goes on.
 */
export function newEventId(now: Timestamp): Meta['eventId'] {
  const millis = Math.floor(Timestamp.toMillis(now));
  if (millis > lastMillis) {
    lastMillis = millis;
    counter = 0;
  } else if (counter < counterMax) {
    counter += 1;
  } else {
    lastMillis += 1;
    counter = 0;
  }
  const time = lastMillis.toString(16).padStart(12, '0');
  const order = counter.toString(16).padStart(3, '0');
  const [a = 0, b = 0, ...rest] = random(8);
  const variant = hex[(a & 0x3f) | 0x80];
  const tail = rest.map((byte) => hex[byte]).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant}${hex[b]}-${tail}` as Meta['eventId'];
}

/** Random bytes are drawn many at a time, because a call to the source costs more than an id. */
function random(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

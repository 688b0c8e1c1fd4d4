import type { Brand } from './brand.js';

/** Microseconds since the Unix epoch, an integer below 2^53 (good until the year 2255). */
export type Timestamp = Brand<number, 'Timestamp'>;

/** A length of time in microseconds. */
export type Micros = number;

/** Where the time comes from. Pure code takes a `Timestamp` argument instead. */
export interface Clock {
  now(): Timestamp;
}

export const Timestamp = {
  fromMicros(micros: number): Timestamp {
    if (!Number.isSafeInteger(micros)) throw new RangeError(`not a whole number of microseconds: ${micros}`);
    return micros as Timestamp;
  },
  fromMillis(millis: number): Timestamp {
    return Timestamp.fromMicros(Math.round(millis * 1000));
  },
  toMillis(timestamp: Timestamp): number {
    return timestamp / 1000;
  },
  plus(timestamp: Timestamp, micros: Micros): Timestamp {
    return Timestamp.fromMicros(timestamp + micros);
  },
  /** RFC 3339 in UTC with milliseconds, as every interface shows it. */
  toIso(timestamp: Timestamp): string {
    return new Date(timestamp / 1000).toISOString();
  },
} as const;

export const second: Micros = 1_000_000;
export const millisecond: Micros = 1_000;

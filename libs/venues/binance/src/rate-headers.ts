import { type Micros, millisecond, second, type Timestamp } from '@scalpstorm/kernel';
import type { RateUse } from './rate-budget.js';

const lengths: Readonly<Record<string, Micros>> = {
  s: second,
  m: 60 * second,
  h: 3_600 * second,
  d: 86_400 * second,
};
const name = /^x-mbx-(used-weight|order-count)-(\d{1,4})([smhd])$/;

/** `X-MBX-USED-WEIGHT-1M`, `X-MBX-ORDER-COUNT-10S` …: what the venue has counted. Whatever is not one of them is passed over. */
export function rateUsesOf(headers: unknown): readonly RateUse[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.entries(headers).flatMap(([header, value]) => {
    const [, what, count, unit = ''] = name.exec(header.toLowerCase()) ?? [];
    const length = lengths[unit];
    const used = Number(value);
    if (length === undefined || !Number.isSafeInteger(used) || used < 0) return [];
    const kind = what === 'order-count' ? ('orders' as const) : ('weight' as const);
    return [{ kind, interval: length * Number(count), used }];
  });
}

/** How long to stay away after a refusal for too many requests: `Retry-After`, or the end of the ban that the words name. */
export function pauseOf(retryAfter: number | null, text: string, venueTime: Timestamp): Micros | null {
  if (retryAfter !== null && retryAfter >= 0) return retryAfter * second;
  const until = /until (\d{13})/.exec(text)?.[1];
  if (until === undefined) return null;
  return Math.max(0, Number(until) * millisecond - venueTime);
}

import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';

/** One limit of the venue: so much in every interval. */
export interface RateLimit {
  readonly kind: 'weight' | 'orders';
  readonly limit: number;
  readonly interval: Micros;
}

/** A cancel or a closing order may use the last part of the budget, which nothing else may touch. */
export type Priority = 'normal' | 'urgent';

/** What a request costs. A cancel costs weight and no order. */
export interface RateCost {
  readonly weight: number;
  readonly orders: number;
}

/** Part of every limit that only urgent requests may use. */
const urgentShare = 0.2;
/** Part of the venue's limit that we plan with: other clients of the address and clock drift take the rest. */
const plannedShare = 0.9;
const defaultPause: Micros = 10 * second;

interface Bucket {
  readonly limit: RateLimit;
  readonly capacity: number;
  tokens: number;
  filledAt: Timestamp;
}

/** Token buckets, one a limit of the venue. Knows no clock: every call is told the time. */
export class RateBudget {
  private buckets: readonly Bucket[] = [];
  private pausedUntil: Timestamp | null = null;

  constructor(limits: readonly RateLimit[], now: Timestamp) {
    this.replace(limits, now);
  }

  /** The venue's published limits; full buckets, as the venue has them after a quiet interval. */
  replace(limits: readonly RateLimit[], now: Timestamp): void {
    this.buckets = limits.map((limit) => {
      const capacity = Math.max(1, Math.floor(limit.limit * plannedShare));
      return { limit, capacity, tokens: capacity, filledAt: now };
    });
  }

  /** Takes the cost and gives 0, or takes nothing and gives how long until it would fit. */
  take(cost: RateCost, priority: Priority, now: Timestamp): Micros {
    if (this.pausedUntil !== null && now < this.pausedUntil) return this.pausedUntil - now;
    let wait = 0;
    for (const bucket of this.buckets) wait = Math.max(wait, shortage(bucket, cost, priority, now));
    if (wait > 0) return wait;
    for (const bucket of this.buckets) bucket.tokens -= amountOf(bucket, cost);
    return 0;
  }

  /** The venue said 429 or 418: nothing leaves before the time that it named. */
  pause(now: Timestamp, retryAfter: Micros | null): void {
    const until = (now + (retryAfter ?? defaultPause)) as Timestamp;
    if (this.pausedUntil === null || until > this.pausedUntil) this.pausedUntil = until;
  }
}

const amountOf = (bucket: Bucket, cost: RateCost): number =>
  bucket.limit.kind === 'weight' ? cost.weight : cost.orders;

function shortage(bucket: Bucket, cost: RateCost, priority: Priority, now: Timestamp): Micros {
  const amount = amountOf(bucket, cost);
  if (amount === 0) return 0;
  const perMicro = bucket.capacity / bucket.limit.interval;
  const refilled = Math.max(0, now - bucket.filledAt) * perMicro;
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + refilled);
  bucket.filledAt = now;
  const floor = priority === 'urgent' ? 0 : bucket.capacity * urgentShare;
  const missing = Math.min(amount, bucket.capacity - floor) + floor - bucket.tokens;
  return missing <= 0 ? 0 : Math.ceil(missing / perMicro);
}

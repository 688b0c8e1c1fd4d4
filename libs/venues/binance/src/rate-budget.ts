import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';

/** One limit of the venue: so much in every interval. */
export interface RateLimit {
  readonly kind: 'weight' | 'orders';
  readonly limit: number;
  readonly interval: Micros;
}

/**
 * Who is slowed first: `read` is anything that can come later, `order` opens, and `urgent` is what ends a risk or a doubt: a
 * cancel, a closing order, a look-up, the clock.
 */
export type Priority = 'read' | 'order' | 'urgent';

/** What a request costs. A cancel costs weight and no order. */
export interface RateCost {
  readonly weight: number;
  readonly orders: number;
}

/** What the venue says that was used of one limit, by all clients that it counts together. */
export interface RateUse {
  readonly kind: RateLimit['kind'];
  readonly interval: Micros;
  readonly used: number;
}

/** Part of every limit that a priority may not touch. */
export const keptBack: Readonly<Record<Priority, number>> = { read: 0.4, order: 0.2, urgent: 0 };
/** Part of the venue's limit that we plan with: other clients of the address and clock drift take the rest. */
export const plannedShare = 0.9;
const defaultPause: Micros = 10 * second;
/** After a firewall's page, which names no time: doubled each time it comes again soon after, see {@link RateBudget.turnAway}. */
const turnedAway = { first: 5 * second, most: 300 * second, forgottenAfter: 300 * second };

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
  private ordersPausedUntil: Timestamp | null = null;
  private turnedAwayTimes = 0;
  private turnedAwayUntil: Timestamp | null = null;

  constructor(limits: readonly RateLimit[], now: Timestamp) {
    this.adopt(limits, now);
  }

  /** The venue's published limits. A new one begins full, as the venue has it after a quiet interval; a known one keeps what was spent. */
  adopt(limits: readonly RateLimit[], now: Timestamp): void {
    this.buckets = limits.map((limit) => {
      const capacity = Math.max(1, Math.floor(limit.limit * plannedShare));
      const known = this.buckets.find((bucket) => isSame(bucket.limit, limit));
      if (known === undefined) return { limit, capacity, tokens: capacity, filledAt: now };
      return {
        limit,
        capacity,
        tokens: Math.max(0, capacity - (known.capacity - known.tokens)),
        filledAt: known.filledAt,
      };
    });
  }

  /** Takes the cost and gives 0, or takes nothing and gives how long until it would fit. */
  take(cost: RateCost, priority: Priority, now: Timestamp): Micros {
    const wait = this.wait(cost, priority, now);
    if (wait === 0) this.spend(cost);
    return wait;
  }

  /** How long until the cost would fit; 0 is now. */
  wait(cost: RateCost, priority: Priority, now: Timestamp): Micros {
    const paused = cost.orders > 0 ? later(this.pausedUntil, this.ordersPausedUntil) : this.pausedUntil;
    if (paused !== null && now < paused) return paused - now;
    return this.buckets.reduce((wait, bucket) => Math.max(wait, shortage(bucket, cost, priority, now)), 0);
  }

  spend(cost: RateCost): void {
    for (const bucket of this.buckets) bucket.tokens -= amountOf(bucket, cost);
  }

  /** What the venue itself counted: others use the same address, and after a restart it remembers what we do not. */
  heard(uses: readonly RateUse[], now: Timestamp): void {
    for (const use of uses) {
      const bucket = this.buckets.find(({ limit }) => isSame(limit, use));
      if (bucket === undefined) continue;
      refill(bucket, now);
      bucket.tokens = Math.min(bucket.tokens, bucket.capacity - use.used);
    }
  }

  /**
   * The venue said stop: nothing (or no order) leaves before the time that it named.
   * @returns how long it asked to stay away
   */
  pause(now: Timestamp, retryAfter: Micros | null, what: 'everything' | 'orders' = 'everything'): Micros {
    const length = retryAfter ?? defaultPause;
    const until = (now + length) as Timestamp;
    if (what === 'orders') this.ordersPausedUntil = later(this.ordersPausedUntil, until);
    else this.pausedUntil = later(this.pausedUntil, until);
    return length;
  }

  /**
   * A firewall in front of the venue refused: nothing leaves for a while, at most five minutes, and longer each time. Whoever goes on
   * asking it is kept out longer, and in the end banned. What was on its way together counts once.
   * @returns how long nothing leaves from now on
   */
  turnAway(now: Timestamp, retryAfter: Micros | null): Micros {
    const { first, most, forgottenAfter } = turnedAway;
    if (this.turnedAwayUntil !== null && now < this.turnedAwayUntil) return this.turnedAwayUntil - now;
    const isNew = this.turnedAwayUntil === null || now - this.turnedAwayUntil >= forgottenAfter;
    this.turnedAwayTimes = isNew ? 1 : this.turnedAwayTimes + 1;
    const own = first * 2 ** Math.min(this.turnedAwayTimes - 1, 30);
    const length = Math.min(most, Math.max(own, retryAfter ?? 0));
    this.turnedAwayUntil = (now + length) as Timestamp;
    this.pause(now, length);
    return length;
  }
}

const isSame = (one: Pick<RateLimit, 'kind' | 'interval'>, other: Pick<RateLimit, 'kind' | 'interval'>): boolean =>
  one.kind === other.kind && one.interval === other.interval;

function later(one: Timestamp | null, other: Timestamp | null): Timestamp | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

const amountOf = (bucket: Bucket, cost: RateCost): number =>
  bucket.limit.kind === 'weight' ? cost.weight : cost.orders;

function refill(bucket: Bucket, now: Timestamp): void {
  const refilled = (Math.max(0, now - bucket.filledAt) * bucket.capacity) / bucket.limit.interval;
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + refilled);
  bucket.filledAt = now;
}

function shortage(bucket: Bucket, cost: RateCost, priority: Priority, now: Timestamp): Micros {
  const amount = amountOf(bucket, cost);
  if (amount === 0) return 0;
  refill(bucket, now);
  const floor = bucket.capacity * keptBack[priority];
  const missing = Math.min(amount, bucket.capacity - floor) + floor - bucket.tokens;
  return missing <= 0 ? 0 : Math.ceil((missing * bucket.limit.interval) / bucket.capacity);
}

import type { OrderChange, VenueOrder } from '../domain/venue-order.js';
import { banText } from './fault-answer.js';

/** How much is allowed. The defaults let a hundred bots work; the venue's own are far lower. */
export interface RateLimitSettings {
  /** Weight of requests a minute and address. */
  readonly weightPerMinute: number;
  /** Orders without a fill, an account. */
  readonly ordersPer10Seconds: number;
  readonly ordersPerDay: number;
  /** Requests that may be refused with 429 in a minute before the address is banned. */
  readonly refusalsPerMinute: number;
  /** The first ban; each further one is twice as long, up to three days. */
  readonly banSeconds: number;
}

export const defaultRateLimits: RateLimitSettings = {
  weightPerMinute: 600_000,
  ordersPer10Seconds: 100_000,
  ordersPerDay: 100_000_000,
  refusalsPerMinute: 100,
  banSeconds: 120,
};

/** A refusal with the venue's words; `retryAt` is in milliseconds since the epoch, and `retryAfterSeconds` until then. */
export interface LimitRefusal {
  readonly status: 418 | 429;
  readonly code: -1003 | -1015;
  readonly msg: string;
  readonly retryAt: number;
  readonly retryAfterSeconds: number;
}

/** As exchangeInfo tells them; answers of the websocket API add `count`. */
export interface RateLimitRow {
  readonly rateLimitType: 'REQUEST_WEIGHT' | 'ORDERS';
  readonly interval: 'SECOND' | 'MINUTE' | 'DAY';
  readonly intervalNum: number;
  readonly limit: number;
  readonly count?: number;
}

const minuteMs = 60_000;
const tenSecondsMs = 10_000;
const dayMs = 86_400_000;
const banSecondsMax = 3 * 86_400;
/** The address that was seen first is forgotten when there are more. */
const addressesMax = 10_000;
const banDoublingsMax = 12;

/** Counts within whole intervals of the clock, as the venue does: a minute starts at its full minute. */
class Window {
  private start = 0;
  private value = 0;

  constructor(private readonly lengthMs: number) {}

  count(now: number): number {
    const start = now - (now % this.lengthMs);
    if (start !== this.start) {
      this.start = start;
      this.value = 0;
    }
    return this.value;
  }

  add(now: number, amount: number): number {
    this.value = Math.max(0, this.count(now) + amount);
    return this.value;
  }

  endsAt(now: number): number {
    return now - (now % this.lengthMs) + this.lengthMs;
  }
}

interface Address {
  readonly weight: Window;
  readonly refusals: Window;
  bannedUntil: number;
  bans: number;
}

interface OrderCount {
  readonly tenSeconds: Window;
  readonly day: Window;
}

/** How much each address and each account has used of what the venue allows. */
export class RateLimits {
  private readonly addresses = new Map<string, Address>();
  /** Bounded by the number of accounts. */
  private readonly orders = new Map<number, OrderCount>();

  constructor(
    private current: RateLimitSettings,
    private readonly now: () => number = Date.now,
  ) {}

  get settings(): RateLimitSettings {
    return this.current;
  }

  /** New limits, and everything counted from zero. */
  change(settings: RateLimitSettings): void {
    this.current = settings;
    this.addresses.clear();
    this.orders.clear();
  }

  /** Counts a request; gives why it must not be looked at. A refused one counts too. */
  charge(ip: string, weight: number): LimitRefusal | null {
    const now = this.now();
    const address = this.address(ip);
    const used = address.weight.add(now, weight);
    if (now < address.bannedUntil) return banned(address.bannedUntil, now);
    if (used <= this.current.weightPerMinute) return null;
    const limit = `${this.current.weightPerMinute} request weight per 1 MINUTE`;
    return this.refuse(address, {
      status: 429,
      code: -1003,
      msg: `Too much request weight used; current limit is ${limit}. Please use WebSocket Streams for live updates to avoid polling the API.`,
      ...retryAt(address.weight.endsAt(now), now),
    });
  }

  /** Why the account may not place an order now. */
  orderRefusal(ip: string, accountId: number): LimitRefusal | null {
    const now = this.now();
    const count = this.orderCount(accountId);
    const { ordersPer10Seconds, ordersPerDay } = this.current;
    const full =
      count.day.count(now) >= ordersPerDay
        ? { text: `${ordersPerDay} orders per 1 DAY`, window: count.day }
        : count.tenSeconds.count(now) >= ordersPer10Seconds
          ? { text: `${ordersPer10Seconds} orders per 10 SECOND`, window: count.tenSeconds }
          : null;
    if (full === null) return null;
    const msg = `Too many new orders; current limit is ${full.text}.`;
    return this.refuse(this.address(ip), {
      status: 429,
      code: -1015,
      msg,
      ...retryAt(full.window.endsAt(now), now),
    });
  }

  /** An accepted order counts, until it trades for the first time: who trades may go on. */
  orderChanged(accountId: number, order: VenueOrder, change: OrderChange): void {
    if (change.kind === 'accepted') this.countOrders(accountId, 1);
    else if (change.kind === 'filled' && change.fill === order.fills[0]) this.countOrders(accountId, -1);
  }

  usedWeight(ip: string): number {
    return this.addresses.get(ip)?.weight.count(this.now()) ?? 0;
  }

  ordersIn10Seconds(accountId: number): number {
    return this.orders.get(accountId)?.tenSeconds.count(this.now()) ?? 0;
  }

  ordersInDay(accountId: number): number {
    return this.orders.get(accountId)?.day.count(this.now()) ?? 0;
  }

  rows(): readonly RateLimitRow[] {
    const { weightPerMinute, ordersPer10Seconds, ordersPerDay } = this.current;
    return [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: weightPerMinute },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: ordersPer10Seconds },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: ordersPerDay },
    ];
  }

  /** The rows with what is used of them; those of orders only for an account that has placed one. */
  usage(ip: string, accountId: number | null): readonly RateLimitRow[] {
    const [weight, tenSeconds, day] = this.rows();
    if (weight === undefined || tenSeconds === undefined || day === undefined) return [];
    const ofWeight = { ...weight, count: this.usedWeight(ip) };
    if (accountId === null) return [ofWeight];
    return [
      { ...tenSeconds, count: this.ordersIn10Seconds(accountId) },
      { ...day, count: this.ordersInDay(accountId) },
      ofWeight,
    ];
  }

  private refuse(address: Address, refusal: LimitRefusal): LimitRefusal {
    const now = this.now();
    if (address.refusals.add(now, 1) <= this.current.refusalsPerMinute) return refusal;
    const seconds = Math.min(banSecondsMax, this.current.banSeconds * 2 ** Math.min(address.bans, banDoublingsMax));
    address.bans += 1;
    address.bannedUntil = now + seconds * 1_000;
    return banned(address.bannedUntil, now);
  }

  private countOrders(accountId: number, amount: number): void {
    const now = this.now();
    const count = this.orderCount(accountId);
    count.tenSeconds.add(now, amount);
    count.day.add(now, amount);
  }

  private orderCount(accountId: number): OrderCount {
    let count = this.orders.get(accountId);
    if (count === undefined) {
      count = { tenSeconds: new Window(tenSecondsMs), day: new Window(dayMs) };
      this.orders.set(accountId, count);
    }
    return count;
  }

  private address(ip: string): Address {
    let address = this.addresses.get(ip);
    if (address !== undefined) return address;
    const [oldest] = this.addresses.keys();
    if (oldest !== undefined && this.addresses.size >= addressesMax) this.addresses.delete(oldest);
    address = { weight: new Window(minuteMs), refusals: new Window(minuteMs), bannedUntil: 0, bans: 0 };
    this.addresses.set(ip, address);
    return address;
  }
}

const retryAt = (at: number, now: number) => ({ retryAt: at, retryAfterSeconds: Math.ceil((at - now) / 1_000) });

const banned = (until: number, now: number): LimitRefusal => ({
  status: 418,
  code: -1003,
  msg: banText(until),
  ...retryAt(until, now),
});

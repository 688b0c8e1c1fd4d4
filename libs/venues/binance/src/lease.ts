import { type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { LedgerGrant, LedgerRequest, LedgerSpend, Purses } from '@scalpstorm/venue-api';
import { keptBack, type Priority, plannedShare, type RateLimit } from './rate-budget.js';

/** Slices of the interval in which what was spent is remembered. */
const slices = 10;
/** What was lent is good for a slice, and no longer than this. */
const lifeMax: Micros = 5 * second;
/** Nobody holds more than may be used in so long, or than so many: what a process that dies has at hand counts as spent. */
const hold = { span: 6 * second, least: 60 } as const;
/** Nobody has told us how many share the limit. */
const membersPresumed = 4;
/** Alone, at least one other is counted with: the ledger may be away because of us. */
const membersMin = 2;
/** So soon is looked again whether the ledger has lent what was asked for, and after it had nothing left. */
const lookAgain = { first: 5 * millisecond, spent: 100 * millisecond } as const;
/** Of what may be held, for reads, orders and what is urgent. Reads place no orders. */
const parts: Readonly<Record<RateLimit['kind'], Purses>> = { weight: [0.4, 0.3, 0.3], orders: [0, 0.6, 0.4] };
const priorities: readonly Priority[] = ['read', 'order', 'urgent'];

interface Spend {
  at: Timestamp;
  amount: number;
}

interface Told {
  readonly others: number;
  readonly members: number;
  readonly at: Timestamp;
}

/**
 * What this process may spend of one limit that it shares with others: what the ledger has lent it, or, while there is no ledger, a
 * careful share of the limit. Knows no clock: every call is told the time.
 */
export class Lease {
  private held: number[] = [0, 0, 0];
  private validUntil: Timestamp | null = null;
  private told: Told | null = null;
  /** What was wanted and could not be had since the last request. */
  private readonly missed: number[] = [0, 0, 0];
  private sinceRequest: number[] = [0, 0, 0];
  private isShort = false;
  /** The newest question was not answered: what is missing does not come in a moment. */
  private isLost = false;
  private readonly history: Spend[] = [];
  private readonly capacity: number;
  private readonly slice: Micros;
  private readonly window: Micros;
  private readonly life: Micros;

  constructor(
    readonly scope: string,
    private readonly limit: RateLimit,
  ) {
    this.capacity = Math.max(1, Math.floor(limit.limit * plannedShare));
    this.slice = Math.ceil(limit.interval / slices);
    this.life = Math.min(this.slice, lifeMax);
    this.window = limit.interval + this.slice;
  }

  get name(): string {
    const { kind, interval, limit } = this.limit;
    return `${kind}-${interval / second}s-${limit}`;
  }

  get kind(): RateLimit['kind'] {
    return this.limit.kind;
  }

  /** True: what was lent may be spent. */
  isLent(now: Timestamp): boolean {
    return this.validUntil !== null && now < this.validUntil;
  }

  /** How long until it is worth to look again; 0: it may be spent now. */
  wait(amount: number, priority: Priority, now: Timestamp): Micros {
    if (amount === 0) return 0;
    const rank = priorities.indexOf(priority);
    if (!this.isLent(now)) return this.waitAlone(amount, priority, now);
    const needed = Math.min(amount, this.capacities()[rank] ?? 0);
    const usable = sum(this.held.slice(0, rank + 1));
    if (usable >= needed) return 0;
    this.missed[rank] = Math.max(this.missed[rank] ?? 0, needed - sum(this.held.slice(0, rank)));
    if (this.isLost) return this.waitAlone(amount, priority, now) === 0 ? 0 : lookAgain.spent;
    return this.isShort ? Math.min(this.slice, lookAgain.spent) : lookAgain.first;
  }

  /** What is for others of less hurry goes first, so that the urgent purse stays. */
  spend(amount: number, priority: Priority, now: Timestamp): void {
    if (amount === 0) return;
    this.remember(amount, now);
    if (!this.isLent(now)) return;
    let left = amount;
    for (let purse = 0; purse <= priorities.indexOf(priority); purse += 1) {
      const taken = Math.min(left, this.held[purse] ?? 0);
      this.held[purse] = (this.held[purse] ?? 0) - taken;
      this.sinceRequest[purse] = (this.sinceRequest[purse] ?? 0) + taken;
      left -= taken;
    }
  }

  /** Worth asking the ledger at once: a purse is half empty, or somebody waits. */
  isHungry(now: Timestamp): boolean {
    if (!this.isLent(now)) return false;
    if (sum(this.missed) > 0) return !this.isShort;
    return this.targets().some((target, purse) => (this.held[purse] ?? 0) < target / 2) && !this.isShort;
  }

  /** Worth asking the ledger by and by. */
  isDue(now: Timestamp): boolean {
    if (this.isShort || sum(this.missed) > 0 || sum(this.sinceRequest) > 0) return true;
    return this.validUntil === null || now >= this.validUntil - this.life / 2;
  }

  /** To be sent at `now`; what is more than is wanted is given back at once. */
  request(now: Timestamp): LedgerRequest {
    this.forget(now);
    const targets = this.targets();
    const wants = targets.map((target, purse) => Math.max(target, this.missed[purse] ?? 0));
    this.held = this.held.map((held, purse) => Math.min(held, wants[purse] ?? 0));
    this.missed.fill(0);
    this.sinceRequest = [0, 0, 0];
    const spent: LedgerSpend[] = this.history.map(({ at, amount }) => ({
      ageMs: Math.max(0, Math.floor((now - at) / millisecond)),
      amount,
    }));
    const { scope, name } = this;
    const windowMs = Math.ceil(this.window / millisecond);
    return { scope, name, windowMs, capacities: this.capacities(), wants: pursesOf(wants), spent };
  }

  /** Nobody answered: whoever finds nothing at hand does not wait for the rest of what was lent to run out. */
  unanswered(): void {
    this.isLost = true;
  }

  /** What came back for the request that left at `askedAt`. */
  granted({ granted, others, members }: LedgerGrant, wants: Purses, askedAt: Timestamp): void {
    this.isLost = false;
    if (granted === null) {
      this.validUntil = null;
      // A ledger that forgot everything knows less of the others than we do.
      const known = this.isFresh(askedAt) ? this.told : null;
      if (known === null || known.others < others) this.told = { others, members, at: askedAt };
      return;
    }
    this.told = { others, members, at: askedAt };
    // What was spent meanwhile came out of what was lent before, which the new loan replaces.
    this.held = granted.map((lent, purse) => Math.max(0, lent - (this.sinceRequest[purse] ?? 0)));
    this.isShort = granted.some((lent, purse) => lent < (wants[purse] ?? 0));
    this.validUntil = Timestamp.plus(askedAt, this.life);
  }

  /** Everything that was lent goes back; what was spent is told once more. */
  surrender(now: Timestamp): LedgerRequest {
    this.validUntil = null;
    this.held = [0, 0, 0];
    return { ...this.request(now), wants: [0, 0, 0] };
  }

  private capacities(): Purses {
    return pursesOf(priorities.map((priority) => Math.max(1, Math.floor(this.capacity * (1 - keptBack[priority])))));
  }

  private targets(): Purses {
    // One part is left for whoever comes.
    const mine = this.capacity / ((this.told?.members ?? membersPresumed) + 1);
    const most = Math.min(mine, Math.max(hold.least, (this.capacity * hold.span) / this.limit.interval));
    return pursesOf(parts[this.limit.kind].map((part) => Math.ceil(most * part)));
  }

  /** Nobody lends: our own share of what the others had not used when we last heard of them. */
  private waitAlone(amount: number, priority: Priority, now: Timestamp): Micros {
    this.forget(now);
    const { told } = this;
    const members = told === null ? membersPresumed : Math.max(membersMin, told.members);
    const others = told !== null && this.isFresh(now) ? told.others : 0;
    const share = Math.max(1, Math.min(this.capacity / members, this.capacity - others));
    const allowed = share * (1 - keptBack[priority]);
    const spent = sum(this.history.map((spend) => spend.amount));
    const [oldest] = this.history;
    if (oldest === undefined || spent + amount <= allowed) return 0;
    return Math.max(lookAgain.first, oldest.at + this.window - now);
  }

  private isFresh(now: Timestamp): boolean {
    return this.told !== null && now - this.told.at < this.limit.interval;
  }

  private remember(amount: number, now: Timestamp): void {
    const last = this.history.at(-1);
    // The newest time of a slice is its time: it is forgotten too late and never too early.
    if (last !== undefined && Math.floor(last.at / this.slice) === Math.floor(now / this.slice)) {
      last.at = now;
      last.amount += amount;
    } else this.history.push({ at: now, amount });
  }

  private forget(now: Timestamp): void {
    while (this.history[0] !== undefined && this.history[0].at <= now - this.window) this.history.shift();
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const pursesOf = ([read = 0, order = 0, urgent = 0]: readonly number[]): Purses => [read, order, urgent];

import { type Clock, type Micros, millisecond } from '@scalpstorm/kernel';
import type { RateLedger } from '@scalpstorm/venue-api';
import { Lease } from './lease.js';
import type { Priority, RateCost, RateLimit } from './rate-budget.js';

/** What was lent is looked after so often; whoever runs out meanwhile asks at once. */
const everyMs = 250;
/** As many as budgets in one process; the one that was read first gives back what it has. */
const scopesMax = 200;

type HeardPause = (scope: string, length: Micros) => void;

const known = new WeakMap<RateLedger, Leasing>();

/** What this process was lent of all limits, kept filled behind its back. */
export class Leasing {
  private readonly leases = new Map<string, readonly Lease[]>();
  /** What was asked before the limits were known: they are asked for, too. */
  private readonly early = new Map<string, RateCost>();
  private readonly asking = new Set<Lease>();
  private readonly listeners = new Set<HeardPause>();
  private timer: NodeJS.Timeout | null = null;
  private unfollow: () => void = () => undefined;

  /** One for every ledger: all clients of the process spend together. */
  static of(ledger: RateLedger, clock: Clock): Leasing {
    const leasing = known.get(ledger) ?? new Leasing(ledger, clock);
    known.set(ledger, leasing);
    return leasing;
  }

  constructor(
    private readonly ledger: RateLedger,
    private readonly clock: Clock,
  ) {}

  /** A client spends here from now on, and hears what the clients of other processes were told. Gives the way to end it. */
  join(heardPause: HeardPause): () => void {
    if (this.listeners.size === 0) this.begin();
    this.listeners.add(heardPause);
    return () => {
      if (this.listeners.delete(heardPause) && this.listeners.size === 0) this.end();
    };
  }

  /** The limits of a scope, from now on; of those that are gone everything is given back. */
  adopt(scope: string, limits: readonly RateLimit[]): void {
    const before = this.leases.get(scope) ?? [];
    const wanted = limits.map((limit) => new Lease(scope, limit));
    const after = wanted.map((lease) => before.find(({ name }) => name === lease.name) ?? lease);
    const spent = this.early.get(scope);
    this.early.delete(scope);
    if (spent !== undefined)
      for (const lease of wanted) lease.spend(amountOf(lease, spent), 'urgent', this.clock.now());
    this.leases.set(scope, after);
    for (const lease of before) if (!after.includes(lease)) this.surrender(lease);
    for (const lease of after) if (!before.includes(lease)) this.ask(lease);
    const [oldest] = this.leases.keys();
    if (this.leases.size > scopesMax && oldest !== undefined) {
      for (const lease of this.leases.get(oldest) ?? []) this.surrender(lease);
      this.leases.delete(oldest);
    }
  }

  /** How long until it is worth to look again; 0: {@link spend} may follow. */
  wait(scope: string, cost: RateCost, priority: Priority): Micros {
    const now = this.clock.now();
    let longest = 0;
    for (const lease of this.leases.get(scope) ?? []) {
      longest = Math.max(longest, lease.wait(amountOf(lease, cost), priority, now));
      if (lease.isHungry(now)) this.ask(lease);
    }
    return longest;
  }

  /** Of a limit of the scope nobody lends. */
  isAlone(scope: string): boolean {
    const now = this.clock.now();
    return (this.leases.get(scope) ?? []).some((lease) => !lease.isLent(now));
  }

  spend(scope: string, cost: RateCost, priority: Priority): void {
    const now = this.clock.now();
    if (!this.leases.has(scope)) this.spendEarly(scope, cost);
    for (const lease of this.leases.get(scope) ?? []) {
      lease.spend(amountOf(lease, cost), priority, now);
      if (lease.isHungry(now)) this.ask(lease);
    }
  }

  /** The venue said stop to us, so everybody stops. */
  tellPause(scope: string, length: Micros): void {
    this.ledger.pause(scope, Math.ceil(length / millisecond));
  }

  private spendEarly(scope: string, { weight, orders }: RateCost): void {
    const before = this.early.get(scope) ?? { weight: 0, orders: 0 };
    if (this.early.size < scopesMax)
      this.early.set(scope, { weight: before.weight + weight, orders: before.orders + orders });
  }

  private begin(): void {
    this.timer = setInterval(() => this.round(), everyMs);
    this.timer.unref();
    this.unfollow = this.ledger.follow((scope, lengthMs) => this.paused(scope, lengthMs * millisecond));
  }

  /** Nobody spends here: what was lent goes back. What was spent stays known, for whoever comes next. */
  private end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.unfollow();
    for (const lease of [...this.leases.values()].flat()) this.surrender(lease);
  }

  private round(): void {
    const now = this.clock.now();
    for (const lease of [...this.leases.values()].flat()) if (lease.isDue(now)) this.ask(lease);
  }

  private ask(lease: Lease): void {
    if (this.asking.has(lease)) return;
    this.asking.add(lease);
    const askedAt = this.clock.now();
    const request = lease.request(askedAt);
    this.ledger
      .exchange(request)
      .then((grant) => {
        lease.granted(grant, request.wants, askedAt);
        if (grant.pausedMs > 0) this.paused(lease.scope, grant.pausedMs * millisecond);
      })
      // Away: what was lent is spent or runs out by itself, and then our own share is all there is. The ledger tells of its loss.
      .catch(() => lease.unanswered())
      .finally(() => this.asking.delete(lease));
  }

  private surrender(lease: Lease): void {
    // Not answered: it counts as spent until it is forgotten.
    this.ledger.exchange(lease.surrender(this.clock.now())).catch(() => undefined);
  }

  private paused(scope: string, length: Micros): void {
    for (const listener of this.listeners) listener(scope, length);
  }
}

const amountOf = ({ kind }: Lease, cost: RateCost): number => (kind === 'weight' ? cost.weight : cost.orders);

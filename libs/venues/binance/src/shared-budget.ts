import { createHash } from 'node:crypto';
import type { Clock, Micros, Timestamp } from '@scalpstorm/kernel';
import type { RateLedger } from '@scalpstorm/venue-api';
import { Leasing } from './leasing.js';
import { type Priority, RateBudget, type RateCost, type RateLimit, type RateUse } from './rate-budget.js';

/** More venues and accounts than this in one process are not foreseen; the one that was used longest ago begins anew. */
const budgetsMax = 200;
const budgets = new Map<string, RateBudget>();

/** The venue counts by address and by account, whoever in this process asks: so all our clients spend from one budget. */
function budgetOf(key: string, now: Timestamp): RateBudget {
  const budget = budgets.get(key) ?? new RateBudget([], now);
  budgets.delete(key);
  budgets.set(key, budget);
  const oldest = budgets.keys().next();
  if (budgets.size > budgetsMax && oldest.done === false) budgets.delete(oldest.value);
  return budget;
}

/** With whom a client shares. */
export interface BudgetOwner {
  readonly rest: string;
  /** Null: it sends no orders. */
  readonly apiKey: string | null;
  /** Null: nobody but this process asks the venue from here. */
  readonly ledger: RateLedger | null;
}

/**
 * What one client may spend: weight by the address that it asks, orders by the account that it trades for. With a ledger only what
 * all processes together may: what is lent to this one, besides what the venue itself says that is left.
 */
export class SharedBudget {
  private readonly address: RateBudget;
  private readonly account: RateBudget;
  private readonly leasing: Leasing | null;
  private readonly addressScope: string;
  /** Null: no account. */
  private readonly accountScope: string | null;
  private readonly leave: () => void;

  constructor(
    { rest, apiKey, ledger }: BudgetOwner,
    private readonly clock: Clock,
  ) {
    const { origin } = new URL(rest);
    const now = clock.now();
    this.address = budgetOf(origin, now);
    this.account = budgetOf(`${origin} ${apiKey ?? ''}`, now);
    this.addressScope = origin;
    this.accountScope = apiKey === null ? null : `${origin} ${fingerprint(apiKey)}`;
    this.leasing = ledger === null ? null : Leasing.of(ledger, clock);
    this.leave = this.leasing?.join((scope, length) => this.heardPause(scope, length)) ?? (() => undefined);
  }

  adopt(limits: readonly RateLimit[]): void {
    const now = this.clock.now();
    const ofAddress = limits.filter(({ kind }) => kind === 'weight');
    const ofAccount = limits.filter(({ kind }) => kind === 'orders');
    this.address.adopt(ofAddress, now);
    this.account.adopt(ofAccount, now);
    this.leasing?.adopt(this.addressScope, ofAddress);
    if (this.accountScope !== null) this.leasing?.adopt(this.accountScope, ofAccount);
  }

  /** Takes the cost and gives 0, or takes nothing and gives how long until it would fit. */
  take(cost: RateCost, priority: Priority): Micros {
    const now = this.clock.now();
    const { leasing, addressScope, accountScope } = this;
    const wait = Math.max(
      this.address.wait(cost, priority, now),
      this.account.wait(cost, priority, now),
      leasing?.wait(addressScope, cost, priority) ?? 0,
      accountScope === null ? 0 : (leasing?.wait(accountScope, cost, priority) ?? 0),
    );
    if (wait > 0) return wait;
    this.address.spend(cost);
    this.account.spend(cost);
    leasing?.spend(addressScope, cost, priority);
    if (accountScope !== null) leasing?.spend(accountScope, cost, priority);
    return 0;
  }

  /** Others may spend of the same limit, and nobody tells us what: a share of our own is all there is. */
  isBlind(): boolean {
    return this.leasing?.isAlone(this.addressScope) ?? false;
  }

  heard(uses: readonly RateUse[]): void {
    const now = this.clock.now();
    this.address.heard(uses, now);
    this.account.heard(uses, now);
  }

  /** The venue said stop to us: nobody of the address, or of the account, goes on. */
  pause(retryAfter: Micros | null, what: 'everything' | 'orders'): void {
    const now = this.clock.now();
    if (what === 'orders') {
      const length = this.account.pause(now, retryAfter, 'orders');
      if (this.accountScope !== null) this.leasing?.tellPause(this.accountScope, length);
      return;
    }
    const length = this.address.pause(now, retryAfter);
    this.leasing?.tellPause(this.addressScope, length);
  }

  /** For how long nothing may leave to the address, whatever it costs. */
  heldBack(): Micros {
    return this.address.wait({ weight: 0, orders: 0 }, 'urgent', this.clock.now());
  }

  /** See {@link RateBudget.turnAway}: a firewall counts by the address that asks, whatever account it asks for. */
  turnAway(retryAfter: Micros | null): Micros {
    const length = this.address.turnAway(this.clock.now(), retryAfter);
    this.leasing?.tellPause(this.addressScope, length);
    return length;
  }

  /** Nobody spends through it any more. */
  close(): void {
    this.leave();
  }

  private heardPause(scope: string, length: Micros): void {
    const now = this.clock.now();
    if (scope === this.addressScope) this.address.pause(now, length);
    else if (scope === this.accountScope) this.account.pause(now, length, 'orders');
  }
}

/** A key is no name: what is written where others read must not be one. */
const fingerprint = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex').slice(0, 16);

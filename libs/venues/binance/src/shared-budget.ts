import type { Micros, Timestamp } from '@scalpstorm/kernel';
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

/** What one client may spend: weight by the address that it asks, orders by the account that it trades for. */
export class SharedBudget {
  private readonly address: RateBudget;
  private readonly account: RateBudget;

  /** `apiKey` null: it sends no orders. */
  constructor(rest: string, apiKey: string | null, now: Timestamp) {
    const { origin } = new URL(rest);
    this.address = budgetOf(origin, now);
    this.account = budgetOf(`${origin} ${apiKey ?? ''}`, now);
  }

  adopt(limits: readonly RateLimit[], now: Timestamp): void {
    this.address.adopt(
      limits.filter(({ kind }) => kind === 'weight'),
      now,
    );
    this.account.adopt(
      limits.filter(({ kind }) => kind === 'orders'),
      now,
    );
  }

  /** Takes the cost and gives 0, or takes nothing and gives how long until it would fit. */
  take(cost: RateCost, priority: Priority, now: Timestamp): Micros {
    const wait = Math.max(this.address.wait(cost, priority, now), this.account.wait(cost, priority, now));
    if (wait > 0) return wait;
    this.address.spend(cost);
    this.account.spend(cost);
    return 0;
  }

  heard(uses: readonly RateUse[], now: Timestamp): void {
    this.address.heard(uses, now);
    this.account.heard(uses, now);
  }

  pause(now: Timestamp, retryAfter: Micros | null, what: 'everything' | 'orders'): void {
    if (what === 'orders') this.account.pause(now, retryAfter, 'orders');
    else this.address.pause(now, retryAfter);
  }

  /** For how long nothing may leave to the address, whatever it costs. */
  heldBack(now: Timestamp): Micros {
    return this.address.wait({ weight: 0, orders: 0 }, 'urgent', now);
  }

  /** See {@link RateBudget.turnAway}: a firewall counts by the address that asks, whatever account it asks for. */
  turnAway(now: Timestamp, retryAfter: Micros | null): Micros {
    return this.address.turnAway(now, retryAfter);
  }
}

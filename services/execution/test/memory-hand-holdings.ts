import { netBase } from '@scalpstorm/engine';
import { type AccountId, Quantity } from '@scalpstorm/model';
import { type HandHolding, HandHoldings } from '../src/ports/hand-holdings.js';
import type { PlanWorld } from './plan-world.js';

/** Sums what the database would, of what was committed. */
export class MemoryHandHoldings extends HandHoldings {
  /** How often all fills were summed. */
  sums = 0;

  constructor(private readonly world: Pick<PlanWorld, 'orders'>) {
    super();
  }

  async of(accountId: AccountId): Promise<readonly HandHolding[]> {
    this.sums += 1;
    const sums = new Map<string, HandHolding>();
    for (const { tracked } of this.world.orders.orders.values()) {
      const { request, filledQuantity } = tracked.order;
      if (request.accountId !== accountId || request.botId !== null) continue;
      const { userId, instrumentId } = request;
      const known = sums.get(`${userId} ${instrumentId}`)?.quantity ?? Quantity.zero;
      const quantity = Quantity.plus(known, netBase(request.side, filledQuantity, 0n));
      sums.set(`${userId} ${instrumentId}`, { userId, instrumentId, quantity });
    }
    return [...sums.values()].filter(({ quantity }) => quantity !== 0n);
  }
}

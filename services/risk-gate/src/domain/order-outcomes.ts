import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, OrderRequest } from '@scalpstorm/model';

/** The oldest go before their time. */
const keptMax = 10_000;

interface Outcome {
  readonly at: Timestamp;
  readonly failed: boolean;
  readonly accountId: AccountId;
}

type Named = Pick<OrderRequest, 'clientOrderId' | 'accountId'>;

/** How many orders of a window the venue took, and how many failed; an order counts once, and failed when any word of it says so. */
export class OrderOutcomes {
  private readonly known = new Map<ClientOrderId, Outcome>();
  private failed = 0;

  note(order: Named, failed: boolean, { at, window }: { readonly at: Timestamp; readonly window: Micros }): void {
    const { clientOrderId: id, accountId } = order;
    this.forgetBefore(at - window);
    const before = this.known.get(id);
    if (before?.failed === true || (before !== undefined && !failed)) return;
    this.known.set(id, { at: before?.at ?? at, failed, accountId });
    if (failed) this.failed += 1;
  }

  get counts(): { readonly orders: number; readonly failed: number } {
    return { orders: this.known.size, failed: this.failed };
  }

  /** Of how many accounts are those that failed? */
  get accounts(): number {
    return new Set([...this.known.values()].filter(({ failed }) => failed).map(({ accountId }) => accountId)).size;
  }

  clear(): void {
    this.known.clear();
    this.failed = 0;
  }

  private forgetBefore(time: number): void {
    for (const [id, { at, failed }] of this.known) {
      if (at > time && this.known.size < keptMax) return;
      this.known.delete(id);
      if (failed) this.failed -= 1;
    }
  }
}

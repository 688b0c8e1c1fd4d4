import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId } from '@scalpstorm/model';

/** The oldest go before their time. */
const keptMax = 10_000;

/** How many orders of a window the venue took, and how many failed; an order counts once, and failed when any word of it says so. */
export class OrderOutcomes {
  private readonly known = new Map<ClientOrderId, { readonly at: Timestamp; readonly failed: boolean }>();
  private failed = 0;

  note(id: ClientOrderId, failed: boolean, { at, window }: { readonly at: Timestamp; readonly window: Micros }): void {
    this.forgetBefore(at - window);
    const before = this.known.get(id);
    if (before?.failed === true || (before !== undefined && !failed)) return;
    this.known.set(id, { at: before?.at ?? at, failed });
    if (failed) this.failed += 1;
  }

  get counts(): { readonly orders: number; readonly failed: number } {
    return { orders: this.known.size, failed: this.failed };
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

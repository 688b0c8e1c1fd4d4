import { second, Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId } from '@scalpstorm/model';

/** A cancel that was not answered may still work until its own window at the venue is over (5 s); the clocks may differ, too. */
const doubtLife = 10 * second;

/**
 * Cancels of ours that may still end their order. While there is one, the venue's refusal of another proves nothing about the order:
 * the one that is left must find its reason still there.
 */
export class OutstandingCancels {
  private readonly underWay = new Map<ClientOrderId, number>();
  /** Until when a cancel whose answer is not known may work; as many as the venue takes requests in that time. */
  private readonly doubtful = new Map<ClientOrderId, Timestamp>();

  /** Counts a cancel from the moment it is called until `work` is over. */
  async during<T>(clientOrderId: ClientOrderId, work: () => Promise<T>): Promise<T> {
    this.count(clientOrderId, 1);
    try {
      return await work();
    } finally {
      this.count(clientOrderId, -1);
    }
  }

  /** Its answer is not known. */
  doubt(clientOrderId: ClientOrderId, now: Timestamp): void {
    for (const [id, until] of this.doubtful) if (until <= now) this.doubtful.delete(id);
    this.doubtful.set(clientOrderId, Timestamp.plus(now, doubtLife));
  }

  has(clientOrderId: ClientOrderId, now: Timestamp): boolean {
    return this.underWay.has(clientOrderId) || (this.doubtful.get(clientOrderId) ?? now) > now;
  }

  private count(clientOrderId: ClientOrderId, change: 1 | -1): void {
    const next = (this.underWay.get(clientOrderId) ?? 0) + change;
    if (next === 0) this.underWay.delete(clientOrderId);
    else this.underWay.set(clientOrderId, next);
  }
}

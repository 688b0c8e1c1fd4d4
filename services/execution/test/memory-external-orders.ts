import type { ExternalOrder } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import { type Decided, ExternalOrders, type Paged } from '../src/ports/external-orders.js';

export class MemoryExternalOrders extends ExternalOrders {
  private readonly rows: ExternalOrder[] = [];

  async seen(accountId: AccountId, orders: readonly VenueOrderView[], at: Timestamp): Promise<void> {
    for (const [index, row] of this.rows.entries())
      if (row.accountId === accountId) this.rows[index] = { ...row, working: false };
    for (const { instrumentId, venueOrderId, clientOrderId, side, quantity, filledQuantity, price } of orders) {
      const terms = { quantity, filledQuantity, working: true };
      const known = this.rows.findIndex(
        (row) => row.venueOrderId === venueOrderId && row.instrumentId === instrumentId,
      );
      const row = this.rows[known];
      if (row !== undefined) this.rows[known] = { ...row, ...terms };
      else {
        const id = BigInt(this.rows.length + 1);
        const named = { id, accountId, instrumentId, venueOrderId, clientOrderId, side, price };
        this.rows.push({ ...named, ...terms, seenAt: at, decision: null, outcome: '' });
      }
    }
  }

  async list(accountIds: readonly AccountId[], { before, limit }: Paged): Promise<readonly ExternalOrder[]> {
    const mine = this.rows.filter(
      ({ accountId, id }) => accountIds.includes(accountId) && (before === null || id < before),
    );
    return mine.reverse().slice(0, limit);
  }

  async find(accountIds: readonly AccountId[], id: bigint): Promise<ExternalOrder | null> {
    return this.rows.find((row) => row.id === id && accountIds.includes(row.accountId)) ?? null;
  }

  async waiting(): Promise<ReadonlyMap<AccountId, number>> {
    const counts = new Map<AccountId, number>();
    for (const { accountId, working, decision } of this.rows)
      if (working && decision === null) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
    return counts;
  }

  async decide({ id, kind, by, at }: Decided): Promise<void> {
    this.change(id, { decision: { kind, by, at }, outcome: '' });
  }

  async settle({ id }: { readonly id: bigint }, outcome: string): Promise<void> {
    this.change(id, { outcome });
  }

  private change(id: bigint, changes: Partial<ExternalOrder>): void {
    const index = this.rows.findIndex((row) => row.id === id);
    const row = this.rows[index];
    if (row !== undefined) this.rows[index] = { ...row, ...changes };
  }
}

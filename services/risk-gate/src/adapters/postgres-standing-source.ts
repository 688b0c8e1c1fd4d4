import {
  orderFromView,
  positionFromView,
  type StandingOrderRow,
  type StandingPositionRow,
} from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import { AccountId, type ClientOrderId, type Order } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import type { AccountBooks } from '../domain/account-books.js';
import { StandingSource } from '../ports/standing-source.js';

/** Reads execution's contract views, all in one snapshot. */
export class PostgresStandingSource extends StandingSource {
  constructor(
    private readonly store: Store,
    /** The full name of execution's schema. */
    private readonly schema: string,
  ) {
    super();
  }

  async read(changedSince: Timestamp | null): Promise<readonly AccountBooks[]> {
    const { orders, positions } = await this.store.transaction(async (tx) => {
      await tx`set transaction isolation level repeatable read, read only`;
      const view = tx`${tx(this.schema)}.standing_orders`;
      return {
        orders: await tx<StandingOrderRow[]>`
          select * from ${view} where status not in ('denied', 'filled', 'canceled', 'rejected', 'expired')
          union all
          select * from ${view} where status in ('denied', 'filled', 'canceled', 'rejected', 'expired')
             and updated_at_us > ${changedSince ?? 0}
          order by updated_at_us`,
        positions: await tx<StandingPositionRow[]>`select * from ${tx(this.schema)}.standing_positions`,
      };
    });
    return booksOf(orders, positions);
  }

  async find(ids: readonly ClientOrderId[]): Promise<readonly Order[]> {
    if (ids.length === 0) return [];
    const { sql } = this.store;
    const rows = await sql<StandingOrderRow[]>`
      select * from ${sql(this.schema)}.standing_orders where client_order_id in ${sql([...ids])}`;
    return rows.map(orderFromView);
  }
}

/** Each row is looked at once: there may be as many as all accounts have. */
export function booksOf(
  orders: readonly StandingOrderRow[],
  positions: readonly StandingPositionRow[],
): AccountBooks[] {
  const ordersOf = Map.groupBy(orders, (row) => row.account_id);
  const positionsOf = Map.groupBy(positions, (row) => row.account_id);
  return [...new Set([...ordersOf.keys(), ...positionsOf.keys()])].map((account) => ({
    accountId: AccountId.of(account),
    orders: (ordersOf.get(account) ?? []).map(orderFromView),
    positions: (positionsOf.get(account) ?? []).map(positionFromView),
  }));
}

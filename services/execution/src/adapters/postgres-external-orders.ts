import type { ExternalDecision, ExternalOrder } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, InstrumentId, Price, Quantity, type Side, UserId, VenueOrderId } from '@scalpstorm/model';
import type { Store, Transaction } from '@scalpstorm/store';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import { type Decided, ExternalOrders, type Paged } from '../ports/external-orders.js';
import type { AccountWriter } from './postgres-reconciliations.js';

interface Row {
  readonly id: string;
  readonly account_id: string;
  readonly instrument_id: string;
  readonly venue_order_id: string;
  readonly client_order_id: string;
  readonly side: Side;
  readonly quantity: string;
  readonly filled_quantity: string;
  readonly price: string | null;
  readonly working: boolean;
  readonly seen_at_us: string;
  readonly decision: ExternalDecision | null;
  readonly decided_by: string | null;
  readonly decided_at_us: string | null;
  readonly outcome: string;
}

/** In one statement, which has a greatest number of parameters. */
const rowsMax = 1_000;

/** A writer that was thought dead writes nothing here either. */
export class PostgresExternalOrders extends ExternalOrders {
  constructor(
    private readonly store: Store,
    private readonly writer: AccountWriter,
  ) {
    super();
  }

  async seen(accountId: AccountId, orders: readonly VenueOrderView[], at: Timestamp): Promise<void> {
    const rows = orders.map((order) => rowOf(accountId, order, at));
    await this.write(accountId, async (tx) => {
      await tx`update external_orders set working = false where account_id = ${accountId} and working`;
      for (let from = 0; from < rows.length; from += rowsMax)
        await tx`insert into external_orders ${tx(rows.slice(from, from + rowsMax))}
          on conflict (account_id, instrument_id, venue_order_id) do update
            set quantity = excluded.quantity, filled_quantity = excluded.filled_quantity, working = true`;
    });
  }

  async list(accountIds: readonly AccountId[], { before, limit }: Paged): Promise<readonly ExternalOrder[]> {
    const { sql } = this.store;
    const older = before === null ? sql`` : sql`and id < ${before.toString()}`;
    const rows = await sql<Row[]>`
      select *, quantity::text, filled_quantity::text, price::text from external_orders
       where account_id = any(${[...accountIds]}) ${older} order by id desc limit ${limit}`;
    return rows.map(orderOf);
  }

  async find(accountIds: readonly AccountId[], id: bigint): Promise<ExternalOrder | null> {
    const rows = await this.store.sql<Row[]>`
      select *, quantity::text, filled_quantity::text, price::text from external_orders
       where account_id = any(${[...accountIds]}) and id = ${id.toString()}`;
    return rows[0] === undefined ? null : orderOf(rows[0]);
  }

  async waiting(): Promise<ReadonlyMap<AccountId, number>> {
    const rows = await this.store.sql<{ account_id: string; count: number }[]>`
      select account_id, count(*)::int as count from external_orders
       where working and decision is null group by account_id`;
    return new Map(rows.map(({ account_id, count }) => [AccountId.of(account_id), count]));
  }

  async decide({ accountId, id, kind, by, at }: Decided): Promise<void> {
    await this.write(
      accountId,
      (tx) => tx`update external_orders
        set decision = ${kind}, decided_by = ${by}, decided_at_us = ${at}, outcome = ''
        where id = ${id.toString()} and account_id = ${accountId}`,
    );
  }

  async settle({ accountId, id }: Pick<Decided, 'accountId' | 'id'>, outcome: string): Promise<void> {
    await this.write(
      accountId,
      (tx) => tx`update external_orders set outcome = ${outcome}
        where id = ${id.toString()} and account_id = ${accountId}`,
    );
  }

  private async write(accountId: AccountId, work: (tx: Transaction) => PromiseLike<unknown>): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.writer.prove(tx, accountId);
      await work(tx);
    });
  }
}

const rowOf = (accountId: AccountId, order: VenueOrderView, at: Timestamp) => ({
  account_id: accountId,
  instrument_id: order.instrumentId,
  venue_order_id: order.venueOrderId,
  client_order_id: order.clientOrderId,
  side: order.side,
  quantity: Quantity.format(order.quantity),
  filled_quantity: Quantity.format(order.filledQuantity),
  price: order.price === null ? null : Price.format(order.price),
  working: true,
  seen_at_us: at,
});

const orderOf = (row: Row): ExternalOrder => ({
  id: BigInt(row.id),
  accountId: AccountId.of(row.account_id),
  instrumentId: row.instrument_id as InstrumentId,
  venueOrderId: VenueOrderId.of(row.venue_order_id),
  clientOrderId: row.client_order_id,
  side: row.side,
  quantity: Quantity.of(row.quantity),
  filledQuantity: Quantity.of(row.filled_quantity),
  price: row.price === null ? null : Price.of(row.price),
  working: row.working,
  seenAt: Timestamp.fromMicros(Number(row.seen_at_us)),
  decision:
    row.decision === null || row.decided_by === null || row.decided_at_us === null
      ? null
      : { kind: row.decision, by: UserId.of(row.decided_by), at: Timestamp.fromMicros(Number(row.decided_at_us)) },
  outcome: row.outcome,
});

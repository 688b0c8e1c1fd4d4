import { type AccountId, ClientOrderId, Price } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { FollowedPrices } from '../ports/followed-prices.js';
import type { AccountWriter } from './postgres-reconciliations.js';

/** In the table `followed_prices`; one row an emulated order that trails. A writer that was thought dead writes nothing here either. */
export class PostgresFollowedPrices extends FollowedPrices {
  constructor(
    private readonly store: Store,
    private readonly writer: AccountWriter,
  ) {
    super();
  }

  async load(accountId: AccountId): Promise<ReadonlyMap<ClientOrderId, Price>> {
    const rows = await this.store.sql<{ client_order_id: string; price: string }[]>`
      select client_order_id, price::text from followed_prices where account_id = ${accountId}`;
    return new Map(rows.map((row) => [ClientOrderId.of(row.client_order_id), Price.of(row.price)]));
  }

  async keep(accountId: AccountId, prices: ReadonlyMap<ClientOrderId, Price>): Promise<void> {
    const rows = [...prices].map(([id, price]) => ({ client_order_id: id, price: Price.format(price) }));
    await this.store.transaction(async (tx) => {
      await this.writer.prove(tx, accountId);
      await tx`
        insert into followed_prices (client_order_id, price, account_id)
          select given.client_order_id, given.price, ${accountId}
            from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as given (client_order_id text, price numeric)
        on conflict (client_order_id) do update set price = excluded.price`;
    });
  }

  async forget(accountId: AccountId, ids: readonly ClientOrderId[]): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.writer.prove(tx, accountId);
      await tx`delete from followed_prices where account_id = ${accountId} and client_order_id = any(${[...ids]})`;
    });
  }
}

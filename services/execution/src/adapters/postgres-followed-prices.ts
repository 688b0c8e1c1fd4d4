import { ClientOrderId, Price } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { FollowedPrices } from '../ports/followed-prices.js';

/** In the table `followed_prices`; one row an emulated order that trails. */
export class PostgresFollowedPrices extends FollowedPrices {
  constructor(private readonly store: Store) {
    super();
  }

  async load(): Promise<ReadonlyMap<ClientOrderId, Price>> {
    const rows = await this.store.sql<{ client_order_id: string; price: string }[]>`
      select client_order_id, price::text from followed_prices`;
    return new Map(rows.map((row) => [ClientOrderId.of(row.client_order_id), Price.of(row.price)]));
  }

  async keep(prices: ReadonlyMap<ClientOrderId, Price>): Promise<void> {
    const rows = [...prices].map(([id, price]) => ({ client_order_id: id, price: Price.format(price) }));
    await this.store.sql`
      insert into followed_prices
        select given.* from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
               as given (client_order_id text, price numeric)
      on conflict (client_order_id) do update set price = excluded.price`;
  }

  async forget(ids: readonly ClientOrderId[]): Promise<void> {
    await this.store.sql`delete from followed_prices where client_order_id = any(${[...ids]})`;
  }
}

import { type AccountId, type InstrumentId, Quantity, UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { type HandHolding, HandHoldings } from '../ports/hand-holdings.js';

interface Row {
  readonly user_id: string;
  readonly instrument_id: string;
  readonly net: string;
}

/** Out of the books. A fee in base counts as the larger of two quantities, as in `netBase` of the engine. */
export class PostgresHandHoldings extends HandHoldings {
  constructor(private readonly store: Store) {
    super();
  }

  async of(accountId: AccountId): Promise<readonly HandHolding[]> {
    const rows = await this.store.sql<Row[]>`
      select user_id, instrument_id, trim_scale(sum(gross - fee))::text as net
        from (select orders.user_id, orders.instrument_id,
                     case fills.side when 'buy' then fills.quantity else -fills.quantity end as gross,
                     case when fills.fee_currency <> split_part(split_part(orders.instrument_id, ':', 2), '-', 1) then 0
                          when fills.fee > 0 then ceil(fills.fee * 1e12) / 1e12
                          else trunc(fills.fee, 12) end as fee
                from orders join fills using (client_order_id)
               where orders.account_id = ${accountId} and orders.bot_id is null) as moved
       group by user_id, instrument_id having sum(gross - fee) <> 0
       order by instrument_id, user_id`;
    return rows.map(({ user_id: user, instrument_id: instrument, net }) => ({
      userId: UserId.of(user),
      instrumentId: instrument as InstrumentId,
      quantity: Quantity.of(net),
    }));
  }
}

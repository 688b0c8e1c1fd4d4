import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { orderChanged } from '@scalpstorm/contracts';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store } from '@scalpstorm/store';
import { type EventBody, eventFromBody } from '../domain/event-body.js';
import { orderMessageId } from '../domain/order-message.js';
import { type OrderRow, orderFromRow } from '../domain/order-row.js';
import { Retelling } from '../ports/retelling.js';

export interface RetellingParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
}

const pageMax = 256;
/** More than this is no gap in a stream but a flood for everybody who listens. */
const pagesMax = 40;

type RetoldRow = OrderRow & { readonly body: EventBody };

/** Tells the newest state of orders again through the outbox, page by page. */
export class PostgresRetelling extends Retelling {
  constructor(private readonly parts: RetellingParts) {
    super();
  }

  async retell(accountId: AccountId, endedWithin: Micros): Promise<number> {
    const since = Timestamp.plus(this.parts.clock.now(), -endedWithin);
    let told = 0;
    let after = '';
    for (let page = 0; page < pagesMax; page += 1) {
      const rows = await this.page(accountId, since, after);
      if (rows.length > 0) await this.tell(rows);
      told += rows.length;
      after = rows.at(-1)?.client_order_id ?? after;
      if (rows.length < pageMax) break;
    }
    return told;
  }

  private page(accountId: AccountId, since: Timestamp, after: string) {
    return this.parts.store.sql<RetoldRow[]>`
      select chosen.*, last.body
        from (select * from working_orders where account_id = ${accountId}
              union
              select * from orders where account_id = ${accountId} and updated_at_us >= ${since}) as chosen
        join lateral (select body from order_events where order_events.client_order_id = chosen.client_order_id
                       order by version desc limit 1) as last on true
       where chosen.client_order_id > ${after} order by chosen.client_order_id limit ${pageMax}`;
  }

  private async tell(rows: readonly RetoldRow[]): Promise<void> {
    const { store, outbox, clock } = this.parts;
    const messages = rows.map((row) => {
      const { order } = orderFromRow(row);
      const meta = newMeta(clock, null, order.updatedAt);
      return outboxMessage(orderChanged, { meta, order, event: eventFromBody(row.body) }, orderMessageId(order));
    });
    await store.transaction((tx) => outbox.add(tx, messages));
  }
}

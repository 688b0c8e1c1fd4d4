import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { orderChanged, subjectFilter } from '@scalpstorm/contracts';
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

/** Tells the newest state of orders again through the outbox, page by page: working ones first, and all of it after what happens now. */
export class PostgresRetelling extends Retelling {
  /** How far back the last telling of an account went. */
  private readonly lastSince = new Map<AccountId, Timestamp>();

  constructor(private readonly parts: RetellingParts) {
    super();
  }

  async retell(accountId: AccountId, endedWithin: Micros): Promise<number> {
    const waiting = await this.forgetEarlier(accountId);
    const wanted = Timestamp.plus(await this.newest(accountId), -endedWithin);
    const earlier = this.lastSince.get(accountId) ?? wanted;
    // What an earlier telling that goes back farther had not told yet is told by this one.
    const since = waiting > 0 && earlier < wanted ? earlier : wanted;
    this.lastSince.set(accountId, since);
    const working = await this.tellPages(pagesMax, (after) => this.page(accountId, null, after));
    const ended = await this.tellPages(pagesMax - working.pages, (after) => this.page(accountId, since, after));
    return working.told + ended.told;
  }

  /**
   * What an earlier telling has not told yet, this one tells, or something newer. It leaves slowly, so that restarts in quick succession
   * would pile up thousands of messages, of which every order has as many as there were starts.
   */
  private async forgetEarlier(accountId: AccountId): Promise<number> {
    const subject = subjectFilter(orderChanged.subject, { account: accountId });
    const { count } = await this.parts.store.sql`delete from outbox where later and subject = ${subject}`;
    return count;
  }

  /** The last that happened here: what was on its way then may be lost, however long ago that is. Books out of a back-up are old. */
  private async newest(accountId: AccountId): Promise<Timestamp> {
    const { store, clock } = this.parts;
    const now = clock.now();
    const [row] = await store.sql<{ updated_at_us: bigint | string }[]>`
      select updated_at_us from orders where account_id = ${accountId} order by updated_at_us desc limit 1`;
    return row === undefined ? now : Timestamp.fromMicros(Math.min(now, Number(row.updated_at_us)));
  }

  private async tellPages(max: number, read: (after: string) => Promise<readonly RetoldRow[]>) {
    let told = 0;
    let after = '';
    let pages = 0;
    while (pages < max) {
      const rows = await read(after);
      pages += 1;
      if (rows.length > 0) await this.tell(rows);
      told += rows.length;
      after = rows.at(-1)?.client_order_id ?? after;
      if (rows.length < pageMax) break;
    }
    return { told, pages };
  }

  /** @param endedSince null for the working ones */
  private page(accountId: AccountId, endedSince: Timestamp | null, after: string): Promise<readonly RetoldRow[]> {
    const { sql } = this.parts.store;
    const chosen =
      endedSince === null
        ? sql`select * from working_orders where account_id = ${accountId}`
        : sql`select * from orders where account_id = ${accountId} and updated_at_us >= ${endedSince}
                 and status in ('denied', 'filled', 'canceled', 'rejected', 'expired')`;
    return sql<RetoldRow[]>`
      select chosen.*, last.body
        from (${chosen}) as chosen
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
    await store.transaction((tx) => outbox.add(tx, messages, 'later'));
  }
}

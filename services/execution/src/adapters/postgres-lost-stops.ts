import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { activityLogged } from '@scalpstorm/contracts';
import {
  AccountId,
  type Activity,
  BotId,
  type ClientOrderId,
  type InstrumentId,
  type Order,
  PlanId,
  Quantity,
  type Side,
  UserId,
} from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store } from '@scalpstorm/store';
import { type OrderRow, orderFromRow } from '../domain/order-row.js';
import { type LostStops, LostStopsStore } from '../ports/lost-stops.js';
import type { AccountWriter } from './postgres-reconciliations.js';

interface Row {
  readonly account_id: string;
  readonly instrument_id: string;
  readonly bot_id: string;
  readonly plan_id: string;
  readonly side: Side;
  readonly user_id: string;
  readonly quantity: string;
  readonly why: string;
  readonly told: boolean;
}

export interface PostgresLostStopsParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  readonly writer: AccountWriter;
}

/** In the tables `lost_stops` and `counted_stops`. A writer that was thought dead writes nothing here either. */
export class PostgresLostStops extends LostStopsStore {
  constructor(private readonly parts: PostgresLostStopsParts) {
    super();
  }

  async load(accountId: AccountId): Promise<readonly LostStops[]> {
    const rows = await this.parts.store.sql<Row[]>`
      select *, quantity::text from lost_stops where account_id = ${accountId}`;
    return rows.map(lostOf);
  }

  async uncounted(accountId: AccountId): Promise<readonly Order[]> {
    const rows = await this.parts.store.sql<OrderRow[]>`
      select * from lost_stop_orders where account_id = ${accountId}
         and not exists (select 1 from counted_stops where counted_stops.client_order_id = lost_stop_orders.client_order_id)
       order by updated_at_us`;
    return rows.map((row) => orderFromRow(row).order);
  }

  async keep(lost: LostStops, told: Activity | null, counted: readonly ClientOrderId[]): Promise<void> {
    const { store, outbox, clock, writer } = this.parts;
    const row = rowOf(lost);
    await store.transaction(async (tx) => {
      await writer.prove(tx, lost.accountId);
      await tx`delete from lost_stops where account_id = ${row.account_id} and instrument_id = ${row.instrument_id}
        and bot_id = ${row.bot_id} and plan_id = ${row.plan_id} and side = ${row.side}`;
      if (lost.quantity > 0n) await tx`insert into lost_stops ${tx(row)}`;
      await tx`insert into counted_stops select unnest(${[...counted]}::text[]) on conflict do nothing`;
      if (told !== null)
        await outbox.add(tx, [outboxMessage(activityLogged, { meta: newMeta(clock, null), activity: told })]);
    });
    if (told !== null) outbox.wake();
  }
}

const rowOf = (lost: LostStops): Row => ({
  account_id: lost.accountId,
  instrument_id: lost.instrumentId,
  bot_id: lost.botId ?? '',
  plan_id: lost.planId ?? '',
  side: lost.side,
  user_id: lost.userId,
  quantity: Quantity.format(lost.quantity),
  why: lost.why,
  told: lost.told,
});

const lostOf = (row: Row): LostStops => ({
  accountId: AccountId.of(row.account_id),
  instrumentId: row.instrument_id as InstrumentId,
  botId: row.bot_id === '' ? null : BotId.of(row.bot_id),
  planId: row.plan_id === '' ? null : PlanId.of(row.plan_id),
  side: row.side,
  userId: UserId.of(row.user_id),
  quantity: Quantity.of(row.quantity),
  why: row.why,
  told: row.told,
});

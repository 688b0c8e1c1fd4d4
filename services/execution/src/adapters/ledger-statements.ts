import type { OutboxMessage } from '@scalpstorm/bus';
import type { Timestamp } from '@scalpstorm/kernel';
import { formatDecimal, Money, moneyDecimals, type Position, Quantity } from '@scalpstorm/model';
import type { Sql } from '@scalpstorm/store';
import { type FillRow, rowFromFill } from '../domain/fill-row.js';
import { rowFromOrder } from '../domain/order-row.js';
import type { StagedBatch, StagedEvent } from '../domain/staged-batch.js';

/** What one batch writes, as rows of its tables. */
export interface BatchRows {
  readonly batch: StagedBatch;
  readonly token: bigint;
  readonly messages: readonly OutboxMessage[];
  readonly recordedAt: Timestamp;
}

export interface BatchAnswer {
  readonly fenced: boolean;
  /** Orders whose version in the database is not the one that the batch was decided on. */
  readonly stale: readonly string[];
  /** Trades of the batch that are booked already. */
  readonly booked: readonly FillRow[];
}

/**
 * The whole batch as one statement: one round trip to Postgres, which is the durable commit of every SENDING mark in it.
 *
 * A statement outside of a transaction block is a transaction of its own: the server answers "ready" only after its commit is on
 * disk (`synchronous_commit` as configured; the default waits), and the client resolves only then. So "SENDING is committed
 * before the request leaves" holds exactly as with BEGIN … COMMIT, two waits earlier. The lease's row is locked until that commit, so
 * a writer with an old token gets nothing in, and a new writer waits for this commit.
 *
 * Nothing at all is written unless `go` has its row: the token is the newest, every order stands at the version that memory decided on
 * (none for a new one), and no trade is booked yet. The answer tells which of these failed. The single writer makes it certain that
 * nothing changes between that look and the writing; where that were not so, a primary key refuses the whole statement.
 *
 * Rows travel as JSON text, so that the statement never changes and its plan is kept; numbers in it are texts and stay exact.
 */
export function writeBatch(sql: Sql, { batch, token, messages, recordedAt }: BatchRows) {
  const { accountId } = batch;
  const json = (rows: readonly object[]): string => JSON.stringify(rows, forPostgres);
  const orders = [...batch.orders.values()].map(({ tracked }) => rowFromOrder(tracked));
  const expected = [...batch.orders.keys()].map((id) => ({ client_order_id: id, version: batch.versionBefore(id) }));
  return sql<BatchAnswer[]>`
    with fenced as (
      select 1 from leases where account_id = ${accountId} and token = ${token.toString()} for share
    ), stale as (
      select given.client_order_id
        from jsonb_to_recordset(${json(expected)}::text::jsonb) as given (client_order_id text, version integer)
        left join orders known on known.client_order_id = given.client_order_id
       where coalesce(known.version, 0) <> given.version
    ), given_fills as materialized (
      select * from jsonb_populate_recordset(null::fills, ${json(batch.fills.map((fill) => rowFromFill(accountId, fill)))}::text::jsonb)
    ), booked as (
      select fills.* from given_fills join fills using (account_id, instrument_id, trade_id)
    ), go as materialized (
      select 1 from fenced where not exists (select 1 from stale) and not exists (select 1 from booked)
    ), put_orders as (
      insert into orders select given.*
        from go, jsonb_populate_recordset(null::orders, ${json(orders)}::text::jsonb) given
      on conflict (client_order_id) do update set
        status = excluded.status, status_before = excluded.status_before, venue_order_id = excluded.venue_order_id,
        filled_quantity = excluded.filled_quantity, filled_notional = excluded.filled_notional, fees = excluded.fees,
        cancel_reason = excluded.cancel_reason, reason_code = excluded.reason_code, reason_text = excluded.reason_text,
        version = excluded.version, attempt = excluded.attempt, request_expires_at_us = excluded.request_expires_at_us,
        updated_at_us = excluded.updated_at_us
    ), put_events as (
      insert into order_events select given.* from go,
        jsonb_populate_recordset(null::order_events, ${json(eventRows(batch.events, recordedAt))}::text::jsonb) given
    ), put_fills as (
      insert into fills select given_fills.* from go, given_fills
    ), put_positions as (
      insert into positions select given.* from go,
        jsonb_populate_recordset(null::positions, ${json([...batch.positions.values()].map(positionRow))}::text::jsonb) given
      on conflict (account_id, bot_id, instrument_id) do update set
        quantity = excluded.quantity, cash = excluded.cash, fees = excluded.fees, fills = excluded.fills,
        updated_at_us = excluded.updated_at_us
    ), put_flows as (
      insert into cash_flows select given.* from go,
        jsonb_populate_recordset(null::cash_flows, ${json(flowRows(batch))}::text::jsonb) given
      on conflict (account_id, currency) do update set amount = cash_flows.amount + excluded.amount
    ), put_instruments as (
      insert into traded_instruments select given.* from go,
        jsonb_populate_recordset(null::traded_instruments, ${json(instrumentRows(batch))}::text::jsonb) given
      on conflict do nothing
    ), put_cancels as (
      insert into early_cancels select given.* from go,
        jsonb_populate_recordset(null::early_cancels, ${json(cancelRows(batch))}::text::jsonb) given
      on conflict do nothing
    ), spent_cancels as (
      delete from early_cancels using go where client_order_id = any(${[...batch.spentCancels]}::text[])
    ), put_messages as (
      insert into outbox (subject, message_id, headers, payload)
      select given.subject, given.message_id, given.headers, given.payload::bytea
        from go, jsonb_to_recordset(${json(messages.map(messageRow))}::text::jsonb)
          as given (position integer, subject text, message_id text, headers jsonb, payload text)
       order by given.position
    )
    select exists (select 1 from fenced) as fenced,
           coalesce((select array_agg(client_order_id) from stale), '{}') as stale,
           coalesce((select jsonb_agg(${fillAsJson(sql)}) from booked), '[]') as booked`;
}

/** Amounts as texts; and no text of a venue may hold what JSONB refuses, or it would hold up everything that is committed with it. */
function forPostgres(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : value;
}

/** Numbers as texts, because JSON would make floats of them. */
const fillAsJson = (sql: Sql) => sql`jsonb_build_object(
  'instrument_id', instrument_id, 'trade_id', trade_id, 'client_order_id', client_order_id, 'venue_order_id', venue_order_id,
  'side', side, 'price', price::text, 'quantity', quantity::text, 'fee', fee::text, 'fee_currency', fee_currency,
  'liquidity', liquidity, 'occurred_at_us', occurred_at_us::text)`;

const eventRows = (events: readonly StagedEvent[], recordedAt: Timestamp) =>
  events.map(({ event, order }) => ({
    client_order_id: order.request.clientOrderId,
    version: order.version,
    kind: event.kind,
    body: event,
    recorded_at_us: recordedAt,
  }));

const positionRow = (position: Position) => ({
  account_id: position.accountId,
  bot_id: position.botId ?? '',
  instrument_id: position.instrumentId,
  quantity: Quantity.format(position.quantity),
  cash: Money.format(position.cash),
  cash_currency: position.cash.currency,
  fees: position.fees.map((fee) => ({ amount: Money.format(fee), currency: fee.currency })),
  fills: position.fills,
  updated_at_us: position.updatedAt,
});

const flowRows = ({ accountId, flows }: StagedBatch) =>
  [...flows].map(([currency, amount]) => ({
    account_id: accountId,
    currency,
    amount: formatDecimal(amount, moneyDecimals),
  }));

const instrumentRows = ({ accountId, instruments }: StagedBatch) =>
  [...instruments].map(([instrumentId, since]) => ({
    account_id: accountId,
    instrument_id: instrumentId,
    since_us: since,
  }));

const cancelRows = ({ accountId, cancels }: StagedBatch) =>
  [...cancels.values()].map((cancel) => ({
    client_order_id: cancel.clientOrderId,
    account_id: accountId,
    cancel_reason: cancel.cancelReason,
    caused_by: cancel.causedBy,
    requested_at_us: cancel.requestedAt,
    expires_at_us: cancel.expiresAt,
  }));

/** The columns are those of `Outbox.add`; the relay publishes in the order in which they are given numbers here. */
const messageRow = ({ subject, messageId, headers, payload }: OutboxMessage, position: number) => ({
  position,
  subject,
  message_id: messageId,
  headers,
  payload: `\\x${Buffer.from(payload).toString('hex')}`,
});

import type { OutboxMessage } from '@scalpstorm/bus';
import type { Timestamp } from '@scalpstorm/kernel';
import { type AccountId, formatDecimal, Money, moneyDecimals, type Position, Quantity } from '@scalpstorm/model';
import { type ChainMark, type Sql, storableText } from '@scalpstorm/store';
import { type FillRow, rowFromFill } from '../domain/fill-row.js';
import { rowFromOrder } from '../domain/order-row.js';
import type { StagedBatch } from '../domain/staged-batch.js';
import type { LinkedEvent } from './order-chain.js';
import { endOfChain } from './postgres-order-chain.js';

/** What one account writes, as rows of its tables. */
export interface BatchRows {
  readonly batch: StagedBatch;
  readonly token: bigint;
  /** Where the chain of the account ends in memory, which every event of it has moved: the version of all its books. */
  readonly end: ChainMark;
  /** The events of the batch with their places in the chain of the account. */
  readonly links: readonly LinkedEvent[];
  readonly messages: readonly OutboxMessage[];
  readonly recordedAt: Timestamp;
}

export interface BatchAnswer {
  readonly account_id: AccountId;
  readonly fenced: boolean;
  /** The chain of the account ends in the database where memory says. */
  readonly follows: boolean;
  /** Orders whose version in the database is not the one that the batch was decided on. */
  readonly stale: readonly string[];
  /** Trades of the batch that are booked already. */
  readonly booked: readonly FillRow[];
}

/**
 * The batches of several accounts, one of each, as one statement: one round trip to Postgres, which is the durable commit of every
 * SENDING mark in them.
 *
 * A statement outside of a transaction block is a transaction of its own: the server answers "ready" only after its commit is on
 * disk (`synchronous_commit` as configured; the default waits), and the client resolves only then. So "SENDING is committed
 * before the request leaves" holds exactly as with BEGIN … COMMIT, two waits earlier. The leases' rows are locked until that commit,
 * so a writer with an old token gets nothing in, and a new writer waits for this commit.
 *
 * Of an account nothing at all is written unless it is in `go`: its token is the newest, its chain ends where memory says, every order
 * stands at the version that memory decided on (none for a new one), and no trade is booked yet. The answer tells which of these failed;
 * the other accounts are written all the same. The single writer of each makes it certain that nothing changes between that look and the
 * writing; where that were not so, a primary key refuses the whole statement: no event of an order and no place in a chain is there twice.
 *
 * Rows travel as JSON text, so that the statement never changes and its plan is kept; numbers in it are texts and stay exact.
 */
export function writeBatches(sql: Sql, given: readonly BatchRows[]) {
  const json = (rows: readonly object[]): string => JSON.stringify(rows, forPostgres);
  const of = (rows: (one: BatchRows) => readonly object[]): string => json(given.flatMap(rows));
  const accounts = json(
    given.map(({ batch: { accountId }, token, end: { sequence, hash } }) => ({
      ...{ account_id: accountId, token, sequence, hash: `\\x${hash}` },
    })),
  );
  const messages = json(given.flatMap(messageRows).map((row, position) => ({ ...row, position })));
  return sql<BatchAnswer[]>`
    with given_accounts as materialized (
      select * from jsonb_to_recordset(${accounts}::text::jsonb)
        as given (account_id text, token bigint, sequence bigint, hash text)
    ), fenced as materialized (
      select leases.account_id from leases join given_accounts given using (account_id)
       where leases.token = given.token for share of leases
    ), following as materialized (
      select given.account_id from given_accounts given
        left join lateral (${endOfChain(sql, sql`given.account_id`)}) newest on true
       where (given.sequence = 0 and newest.sequence is null)
          or (given.sequence = newest.sequence and given.hash::bytea = newest.hash)
    ), stale as materialized (
      select given.account_id, given.client_order_id
        from jsonb_to_recordset(${of(expectedRows)}::text::jsonb)
             as given (account_id text, client_order_id text, version integer)
        left join orders known on known.client_order_id = given.client_order_id
       where coalesce(known.version, 0) <> given.version
    ), given_fills as materialized (
      select * from jsonb_populate_recordset(null::fills, ${of(fillRows)}::text::jsonb)
    ), booked as materialized (
      select fills.* from given_fills join fills using (account_id, instrument_id, trade_id)
    ), go as materialized (
      select account_id from fenced join following using (account_id)
       where not exists (select 1 from stale where stale.account_id = fenced.account_id)
         and not exists (select 1 from booked where booked.account_id = fenced.account_id)
    ), put_orders as (
      insert into orders select given.*
        from jsonb_populate_recordset(null::orders, ${of(orderRows)}::text::jsonb) given join go using (account_id)
      on conflict (client_order_id) do update set
        status = excluded.status, status_before = excluded.status_before, venue_order_id = excluded.venue_order_id,
        filled_quantity = excluded.filled_quantity, filled_notional = excluded.filled_notional, fees = excluded.fees,
        cancel_reason = excluded.cancel_reason, reason_code = excluded.reason_code, reason_text = excluded.reason_text,
        version = excluded.version, attempt = excluded.attempt, request_expires_at_us = excluded.request_expires_at_us,
        updated_at_us = excluded.updated_at_us
    ), put_events as (
      insert into order_events (client_order_id, version, kind, body, recorded_at_us, account_id, sequence, hash)
      select given.client_order_id, given.version, given.kind, given.body, given.recorded_at_us, account_id, given.sequence,
             given.hash::bytea
        from jsonb_to_recordset(${of(eventRows)}::text::jsonb) as given (
             account_id text, client_order_id text, version integer, kind text, body jsonb, recorded_at_us bigint,
             sequence bigint, hash text)
        join go using (account_id)
    ), put_fills as (
      insert into fills select given_fills.* from given_fills join go using (account_id)
    ), put_positions as (
      insert into positions select given.*
        from jsonb_populate_recordset(null::positions, ${of(positionRows)}::text::jsonb) given join go using (account_id)
      on conflict (account_id, bot_id, instrument_id) do update set
        quantity = excluded.quantity, cash = excluded.cash, fees = excluded.fees, fills = excluded.fills,
        updated_at_us = excluded.updated_at_us
    ), put_flows as (
      insert into cash_flows select given.*
        from jsonb_populate_recordset(null::cash_flows, ${of(flowRows)}::text::jsonb) given join go using (account_id)
      on conflict (account_id, currency) do update set amount = cash_flows.amount + excluded.amount
    ), put_instruments as (
      insert into traded_instruments select given.*
        from jsonb_populate_recordset(null::traded_instruments, ${of(instrumentRows)}::text::jsonb) given
        join go using (account_id)
      on conflict do nothing
    ), put_cancels as (
      insert into early_cancels select given.*
        from jsonb_populate_recordset(null::early_cancels, ${of(cancelRows)}::text::jsonb) given join go using (account_id)
      on conflict do nothing
    ), spent_cancels as (
      delete from early_cancels spent
        using jsonb_to_recordset(${of(spentRows)}::text::jsonb) as given (account_id text, client_order_id text)
         join go using (account_id)
       where spent.client_order_id = given.client_order_id
    ), put_messages as (
      insert into outbox (subject, message_id, headers, payload)
      select given.subject, given.message_id, given.headers, given.payload::bytea
        from jsonb_to_recordset(${messages}::text::jsonb) as given (
             account_id text, position integer, subject text, message_id text, headers jsonb, payload text)
        join go using (account_id)
       order by given.position
    )
    select given.account_id,
           exists (select 1 from fenced where fenced.account_id = given.account_id) as fenced,
           exists (select 1 from following where following.account_id = given.account_id) as follows,
           coalesce((select array_agg(client_order_id) from stale where stale.account_id = given.account_id), '{}') as stale,
           coalesce((select jsonb_agg(${fillAsJson(sql)}) from booked where booked.account_id = given.account_id), '[]')
             as booked
      from given_accounts given`;
}

/** Amounts as texts; and no text of a venue may hold what JSONB refuses, or it would hold up everything that is committed with it. */
function forPostgres(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? storableText(value) : value;
}

/** Numbers as texts, because JSON would make floats of them. */
const fillAsJson = (sql: Sql) => sql`jsonb_build_object(
  'instrument_id', instrument_id, 'trade_id', trade_id, 'client_order_id', client_order_id, 'venue_order_id', venue_order_id,
  'side', side, 'price', price::text, 'quantity', quantity::text, 'fee', fee::text, 'fee_currency', fee_currency,
  'liquidity', liquidity, 'occurred_at_us', occurred_at_us::text)`;

const orderRows = ({ batch }: BatchRows) => [...batch.orders.values()].map(({ tracked }) => rowFromOrder(tracked));

const fillRows = ({ batch }: BatchRows) => batch.fills.map((fill) => rowFromFill(batch.accountId, fill));

const expectedRows = ({ batch }: BatchRows) =>
  [...batch.orders.keys()].map((id) => ({
    account_id: batch.accountId,
    client_order_id: id,
    version: batch.versionBefore(id),
  }));

const eventRows = ({ batch, links, recordedAt }: BatchRows) =>
  links.map(({ event, order, sequence, hash }) => ({
    account_id: batch.accountId,
    client_order_id: order.request.clientOrderId,
    version: order.version,
    kind: event.kind,
    body: event,
    recorded_at_us: recordedAt,
    sequence,
    hash: `\\x${hash}`,
  }));

const positionRows = ({ batch }: BatchRows) => [...batch.positions.values()].map(positionRow);

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

const flowRows = ({ batch: { accountId, flows } }: BatchRows) =>
  [...flows].map(([currency, amount]) => ({
    account_id: accountId,
    currency,
    amount: formatDecimal(amount, moneyDecimals),
  }));

const instrumentRows = ({ batch: { accountId, instruments } }: BatchRows) =>
  [...instruments].map(([instrumentId, since]) => ({
    account_id: accountId,
    instrument_id: instrumentId,
    since_us: since,
  }));

const cancelRows = ({ batch: { accountId, cancels } }: BatchRows) =>
  [...cancels.values()].map((cancel) => ({
    client_order_id: cancel.clientOrderId,
    account_id: accountId,
    cancel_reason: cancel.cancelReason,
    caused_by: cancel.causedBy,
    requested_at_us: cancel.requestedAt,
    expires_at_us: cancel.expiresAt,
  }));

const spentRows = ({ batch: { accountId, spentCancels } }: BatchRows) =>
  [...spentCancels].map((id) => ({ account_id: accountId, client_order_id: id }));

/** The columns are those of `Outbox.add`; the relay publishes in the order in which they are given numbers here. */
const messageRows = ({ batch, messages }: BatchRows) =>
  messages.map(({ subject, messageId, headers, payload }) => ({
    account_id: batch.accountId,
    subject,
    message_id: messageId,
    headers,
    payload: `\\x${Buffer.from(payload).toString('hex')}`,
  }));

import type { Timestamp } from '@scalpstorm/kernel';
import { type AccountId, type Fill, Money, type Position, Price, Quantity } from '@scalpstorm/model';
import type { Transaction } from '@scalpstorm/store';
import type { StagedEvent } from '../domain/books.js';
import { type OrderRow, rowFromOrder, type TrackedOrder } from '../domain/order-row.js';

const orderColumns = [
  'status',
  'status_before',
  'venue_order_id',
  'filled_quantity',
  'filled_notional',
  'fees',
  'cancel_reason',
  'reason_code',
  'reason_text',
  'version',
  'attempt',
  'request_expires_at_us',
  'updated_at_us',
] as const satisfies readonly (keyof OrderRow)[];

/** A writer whose token is old gets no row and must not commit. */
export function fence(tx: Transaction, accountId: AccountId, token: bigint) {
  return tx`select 1 from leases where account_id = ${accountId} and token = ${token.toString()} for share`;
}

/** Versions only grow, so a repeated transaction changes nothing. */
export function upsertOrders(tx: Transaction, orders: readonly TrackedOrder[]) {
  const rows = orders.map((tracked) => {
    const row = rowFromOrder(tracked);
    return { ...row, fees: tx.json(row.fees) };
  });
  const updates = tx.unsafe(orderColumns.map((column) => `${column} = excluded.${column}`).join(', '));
  return tx`insert into orders ${tx(rows)} on conflict (client_order_id) do update set ${updates}
    where orders.version < excluded.version`;
}

export function appendEvents(tx: Transaction, events: readonly StagedEvent[], recordedAt: Timestamp) {
  const rows = events.map(({ event, order }) => ({
    client_order_id: order.request.clientOrderId,
    version: order.version,
    kind: event.kind,
    body: tx.json(
      JSON.parse(JSON.stringify(event, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))),
    ),
    recorded_at_us: recordedAt,
  }));
  return tx`insert into order_events ${tx(rows)} on conflict do nothing`;
}

export function appendFills(tx: Transaction, accountId: AccountId, fills: readonly Fill[]) {
  const rows = fills.map((fill) => ({
    account_id: accountId,
    instrument_id: fill.instrumentId,
    trade_id: fill.tradeId,
    client_order_id: fill.clientOrderId,
    venue_order_id: fill.venueOrderId,
    side: fill.side,
    price: Price.format(fill.price),
    quantity: Quantity.format(fill.quantity),
    fee: Money.format(fill.fee),
    fee_currency: fill.fee.currency,
    liquidity: fill.liquidity,
    occurred_at_us: fill.occurredAt,
  }));
  return tx`insert into fills ${tx(rows)} on conflict do nothing`;
}

export function upsertPositions(tx: Transaction, positions: readonly Position[]) {
  const rows = positions.map((position) => ({
    account_id: position.accountId,
    bot_id: position.botId ?? '',
    instrument_id: position.instrumentId,
    quantity: Quantity.format(position.quantity),
    cash: Money.format(position.cash),
    cash_currency: position.cash.currency,
    fees: tx.json(position.fees.map((fee) => ({ amount: Money.format(fee), currency: fee.currency }))),
    fills: position.fills,
    updated_at_us: position.updatedAt,
  }));
  return tx`insert into positions ${tx(rows)} on conflict (account_id, bot_id, instrument_id) do update set
    quantity = excluded.quantity, cash = excluded.cash, fees = excluded.fees, fills = excluded.fills,
    updated_at_us = excluded.updated_at_us where positions.fills < excluded.fills`;
}

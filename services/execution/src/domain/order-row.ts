import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  type CancelReason,
  ClientOrderId,
  Currency,
  type InstrumentId,
  type Mode,
  Money,
  type Order,
  type OrderStatus,
  type OrderType,
  Price,
  type Purpose,
  Quantity,
  type Side,
  type TimeInForce,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';

/** An order with its SENDING mark: all that must survive a crash. */
export interface TrackedOrder {
  readonly order: Order;
  /** How often the request may have left; 0 before the first SENDING mark. */
  readonly attempt: number;
  /** Until when (venue time) the venue may still accept the last request; null before the first SENDING mark. */
  readonly requestExpiresAt: Timestamp | null;
}

/** One row of `orders`, as Postgres gives it: numeric and bigint as text. */
export interface OrderRow {
  readonly client_order_id: string;
  readonly account_id: string;
  readonly user_id: string;
  readonly bot_id: string | null;
  readonly instrument_id: string;
  readonly mode: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: string;
  readonly price: string | null;
  readonly time_in_force: string;
  readonly purpose: string;
  readonly status: string;
  readonly status_before: string | null;
  readonly venue_order_id: string | null;
  readonly filled_quantity: string;
  readonly filled_notional: string;
  readonly notional_currency: string;
  readonly fees: readonly { readonly amount: string; readonly currency: string }[];
  readonly cancel_reason: string | null;
  readonly reason_code: string | null;
  readonly reason_text: string | null;
  readonly version: number;
  readonly attempt: number;
  readonly request_expires_at_us: string | bigint | null;
  readonly created_at_us: string | bigint;
  readonly updated_at_us: string | bigint;
}

export function orderFromRow(row: OrderRow): TrackedOrder {
  return {
    attempt: row.attempt,
    requestExpiresAt: row.request_expires_at_us === null ? null : micros(row.request_expires_at_us),
    order: {
      request: {
        clientOrderId: ClientOrderId.of(row.client_order_id),
        userId: UserId.of(row.user_id),
        botId: row.bot_id === null ? null : BotId.of(row.bot_id),
        accountId: AccountId.of(row.account_id),
        mode: row.mode as Mode,
        instrumentId: row.instrument_id as InstrumentId,
        side: row.side as Side,
        type: row.type as OrderType,
        quantity: Quantity.of(row.quantity),
        price: row.price === null ? null : Price.of(row.price),
        timeInForce: row.time_in_force as TimeInForce,
        purpose: row.purpose as Purpose,
      },
      status: row.status as OrderStatus,
      statusBefore: row.status_before as OrderStatus | null,
      venueOrderId: row.venue_order_id === null ? null : VenueOrderId.of(row.venue_order_id),
      filledQuantity: Quantity.of(row.filled_quantity),
      filledNotional: Money.of(row.filled_notional, row.notional_currency),
      fees: row.fees.map((fee) => Money.of(fee.amount, fee.currency)),
      cancelReason: row.cancel_reason as CancelReason | null,
      reason: row.reason_code === null ? null : { code: row.reason_code, text: row.reason_text ?? '' },
      version: row.version,
      createdAt: micros(row.created_at_us),
      updatedAt: micros(row.updated_at_us),
    },
  };
}

/** The row to store. Money travels as decimal text, so that no driver ever makes a float of it. */
export function rowFromOrder({ order, attempt, requestExpiresAt }: TrackedOrder) {
  const { request } = order;
  return {
    client_order_id: request.clientOrderId,
    account_id: request.accountId,
    user_id: request.userId,
    bot_id: request.botId,
    instrument_id: request.instrumentId,
    mode: request.mode,
    side: request.side,
    type: request.type,
    quantity: Quantity.format(request.quantity),
    price: request.price === null ? null : Price.format(request.price),
    time_in_force: request.timeInForce,
    purpose: request.purpose,
    status: order.status,
    status_before: order.statusBefore,
    venue_order_id: order.venueOrderId,
    filled_quantity: Quantity.format(order.filledQuantity),
    filled_notional: Money.format(order.filledNotional),
    notional_currency: order.filledNotional.currency,
    fees: order.fees.map((fee) => ({ amount: Money.format(fee), currency: fee.currency })),
    cancel_reason: order.cancelReason,
    reason_code: order.reason?.code ?? null,
    reason_text: order.reason?.text ?? null,
    version: order.version,
    attempt,
    request_expires_at_us: requestExpiresAt,
    created_at_us: order.createdAt,
    updated_at_us: order.updatedAt,
  };
}

function micros(value: string | bigint): Timestamp {
  const number = Number(value);
  assert(Number.isSafeInteger(number), `not a timestamp: ${value}`);
  return Timestamp.fromMicros(number);
}

/** `USDT` of `sim:BTC-USDT`. */
export function quoteOf(instrumentId: InstrumentId): Currency {
  return Currency.of(instrumentId.slice(instrumentId.lastIndexOf('-') + 1));
}

/** `BTC` of `sim:BTC-USDT`. */
export function baseOf(instrumentId: InstrumentId): Currency {
  return Currency.of(instrumentId.slice(instrumentId.indexOf(':') + 1, instrumentId.lastIndexOf('-')));
}

import { orderFromView, type StandingOrderRow, termsRow } from '@scalpstorm/contracts';
import { assert, Timestamp } from '@scalpstorm/kernel';
import { Currency, type InstrumentId, Money, type Order, type OrderTerms, Price, Quantity } from '@scalpstorm/model';

/** An order with its SENDING mark: all that must survive a crash. */
export interface TrackedOrder {
  readonly order: Order;
  /** How often the request may have left; 0 before the first SENDING mark. */
  readonly attempt: number;
  /** Until when (venue time) the venue may still accept the last request; null before the first SENDING mark. */
  readonly requestExpiresAt: Timestamp | null;
}

/** One row of `orders`: what the contract view shows, and the SENDING mark. */
export interface OrderRow extends StandingOrderRow {
  readonly attempt: number;
  readonly request_expires_at_us: string | bigint | null;
}

export function orderFromRow(row: OrderRow): TrackedOrder {
  const expiry = row.request_expires_at_us;
  return { order: orderFromView(row), attempt: row.attempt, requestExpiresAt: expiry === null ? null : micros(expiry) };
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
    ...withTerms(request),
  };
}

/** Most orders have none, and their rows are not longer for those that do. */
function withTerms(request: OrderTerms) {
  const terms = termsRow(request);
  return terms === null ? null : { terms };
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

import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  type CancelReason,
  ClientOrderId,
  type InstrumentId,
  type Mode,
  Money,
  type Order,
  type OrderStatus,
  type OrderTerms,
  type OrderType,
  type Position,
  Price,
  type Purpose,
  Quantity,
  type Side,
  type TimeInForce,
  type Trigger,
  type TriggerSource,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';

/**
 * Rows of the views `standing_orders` and `standing_positions`, which execution offers to whoever must rebuild what it knows
 * (numeric as decimal text, bigint as bigint or text). A column is never renamed and never changes its meaning.
 */
export interface StandingOrderRow {
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
  readonly created_at_us: string | bigint;
  readonly updated_at_us: string | bigint;
  /** Absent and null: none. */
  readonly terms?: OrderTermsRow | null;
}

/** What an order has beside the usual: JSON, numbers of money as decimal texts, times in microseconds. */
export interface OrderTermsRow {
  readonly trigger?: {
    readonly kind: string;
    readonly source: string;
    readonly price?: string;
    readonly distanceBps?: number;
    readonly activation?: string | null;
  };
  readonly expiresAt?: number;
  readonly displayQuantity?: string;
}

export function orderFromView(row: StandingOrderRow): Order {
  return {
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
      ...(row.terms ? termsFromRow(row.terms) : null),
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
  };
}

/** Null for an order that has none: most have none. */
export function termsRow({ trigger, expiresAt, displayQuantity }: OrderTerms): OrderTermsRow | null {
  if (trigger === undefined && expiresAt === undefined && displayQuantity === undefined) return null;
  return {
    ...(trigger === undefined ? null : { trigger: triggerRow(trigger) }),
    ...(expiresAt === undefined ? null : { expiresAt }),
    ...(displayQuantity === undefined ? null : { displayQuantity: Quantity.format(displayQuantity) }),
  };
}

function triggerRow(trigger: Trigger): NonNullable<OrderTermsRow['trigger']> {
  const { kind, source } = trigger;
  if (kind !== 'trailing') return { kind, source, price: Price.format(trigger.price) };
  const { distanceBps, activation } = trigger;
  return { kind, source, distanceBps, activation: activation === null ? null : Price.format(activation) };
}

function termsFromRow({ trigger, expiresAt, displayQuantity }: OrderTermsRow): OrderTerms {
  return {
    ...(trigger === undefined ? null : { trigger: triggerFromRow(trigger) }),
    ...(expiresAt === undefined ? null : { expiresAt: Timestamp.fromMicros(expiresAt) }),
    ...(displayQuantity === undefined ? null : { displayQuantity: Quantity.of(displayQuantity) }),
  };
}

function triggerFromRow(row: NonNullable<OrderTermsRow['trigger']>): Trigger {
  const { price, distanceBps, activation } = row;
  const source = row.source as TriggerSource;
  if (row.kind !== 'trailing') {
    assert(price !== undefined, `a ${row.kind} without its price`);
    return { kind: row.kind as 'stop' | 'take-profit', source, price: Price.of(price) };
  }
  assert(distanceBps !== undefined, 'a trailing trigger without its distance');
  const from = activation === undefined || activation === null ? null : Price.of(activation);
  return { kind: 'trailing', source, distanceBps, activation: from };
}

export interface StandingPositionRow {
  readonly account_id: string;
  readonly bot_id: string;
  readonly instrument_id: string;
  readonly quantity: string;
  readonly cash: string;
  readonly cash_currency: string;
  readonly fees: readonly { readonly amount: string; readonly currency: string }[];
  readonly fills: number;
  readonly updated_at_us: string | bigint;
}

export function positionFromView(row: StandingPositionRow): Position {
  return {
    accountId: AccountId.of(row.account_id),
    botId: row.bot_id === '' ? null : BotId.of(row.bot_id),
    instrumentId: row.instrument_id as InstrumentId,
    quantity: Quantity.of(row.quantity),
    cash: Money.of(row.cash, row.cash_currency),
    fees: row.fees.map((fee) => Money.of(fee.amount, fee.currency)),
    fills: row.fills,
    updatedAt: micros(row.updated_at_us),
  };
}

function micros(value: string | bigint): Timestamp {
  const number = Number(value);
  assert(Number.isSafeInteger(number), `not a timestamp: ${value}`);
  return Timestamp.fromMicros(number);
}

import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  Currency,
  type Instrument,
  type InstrumentId,
  Money,
  Price,
  type Side,
  type TimeInForce,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { ListedOrder, OrderReport, VenueFill, VenueOrderStatus, VenueOrderView } from '@scalpstorm/venue-api';
import {
  currencyOf,
  type Fields,
  fieldsOf,
  flag,
  listOf,
  moneyOf,
  price,
  quantity,
  text,
  time,
  UnreadablePayload,
} from './fields.js';
import { executesAs, termsOfEvent, termsOfRow } from './order-terms.js';
import type { TellSkipped } from './unusual-names.js';

const silently: TellSkipped = () => undefined;

/** A name that the venue gave an asset and that none of our currencies can have; null for one that they can. */
const unusual = (asset: unknown): string | null => (typeof asset === 'string' && !Currency.is(asset) ? asset : null);

/** `USDT` of `sim:BTC-USDT`. */
const quoteOf = (id: InstrumentId): Currency => Currency.of(id.slice(id.lastIndexOf('-') + 1));

/**
 * A fill is booked whatever its fee is called. What was paid in an asset that our books cannot name is in no balance of ours either,
 * so there it is nothing, in the quote; and it is told.
 */
function feeOf(amount: unknown, asset: unknown, quote: Currency, skipped: TellSkipped): Money {
  const name = unusual(asset);
  if (name === null) return moneyOf(amount, currencyOf(asset, 'fee asset'), 'fee');
  skipped('a fee in the asset', name);
  return Money.zero(quote);
}

const statuses: Record<string, VenueOrderStatus> = {
  NEW: 'open',
  PENDING_NEW: 'open',
  PENDING_CANCEL: 'open',
  PARTIALLY_FILLED: 'partially-filled',
  FILLED: 'filled',
  CANCELED: 'canceled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
};

function statusOf(value: string): VenueOrderStatus {
  const status = statuses[value];
  if (status === undefined) throw new UnreadablePayload(`unknown order status: ${value}`);
  return status;
}

function sideOf(value: string): Side {
  if (value === 'BUY') return 'buy';
  if (value === 'SELL') return 'sell';
  throw new UnreadablePayload(`unknown side: ${value}`);
}

/** A market order has the price 0. */
const limitPrice = (value: Price): Price | null => (value === Price.zero ? null : value);

/** A row of `GET /api/v3/order` and `/openOrders`, and the answers to placing and cancelling. */
export function parseOrderRow(payload: unknown, instrumentId: InstrumentId): VenueOrderView {
  const row = fieldsOf(payload, 'order');
  const updated = ['updateTime', 'transactTime', 'time'].find((name) => row[name] !== undefined) ?? 'time';
  // The answer to a cancel carries the cancel's own id in `clientOrderId`.
  const idField = typeof row['origClientOrderId'] === 'string' ? 'origClientOrderId' : 'clientOrderId';
  return {
    clientOrderId: text(row, idField),
    venueOrderId: VenueOrderId.of(text(row, 'orderId')),
    instrumentId,
    side: sideOf(text(row, 'side')),
    type: executesAs(text(row, 'type')),
    price: limitPrice(price(row, 'price')),
    quantity: quantity(row, 'origQty'),
    filledQuantity: quantity(row, 'executedQty'),
    status: statusOf(text(row, 'status')),
    updatedAt: time(row, updated),
    ...termsOfRow(row),
  };
}

/** A row of `GET /api/v3/allOrders`. A market order has no word of its own for how long it stands. */
export function parseListedOrder(payload: unknown, instrumentId: InstrumentId): ListedOrder {
  const row = fieldsOf(payload, 'order');
  const timeInForce = row['type'] === 'LIMIT_MAKER' ? 'PO' : (standing[String(row['timeInForce'])] ?? 'GTC');
  return { ...parseOrderRow(payload, instrumentId), timeInForce };
}

const standing: Record<string, TimeInForce> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK' };

/** `fills` of a FULL answer: what the order took at once. */
export function parsePlacedFills(
  payload: unknown,
  order: VenueOrderView,
  skipped: TellSkipped = silently,
): readonly VenueFill[] {
  const quote = quoteOf(order.instrumentId);
  const row = fieldsOf(payload, 'order');
  return listOf(row['fills'] ?? [], 'fills').map((entry) => {
    const fill = fieldsOf(entry, 'fill');
    return {
      tradeId: TradeId.of(text(fill, 'tradeId')),
      clientOrderId: order.clientOrderId,
      venueOrderId: order.venueOrderId,
      instrumentId: order.instrumentId,
      side: order.side,
      price: price(fill, 'price'),
      quantity: quantity(fill, 'qty'),
      fee: feeOf(fill['commission'], fill['commissionAsset'], quote, skipped),
      liquidity: 'taker' as const,
      occurredAt: order.updatedAt,
    };
  });
}

/** `GET /api/v3/myTrades`, which names only the venue's order id. */
export function parseOwnTrades(
  payload: unknown,
  instrumentId: InstrumentId,
  skipped: TellSkipped = silently,
): readonly VenueFill[] {
  const quote = quoteOf(instrumentId);
  return listOf(payload, 'myTrades').map((entry) => {
    const row = fieldsOf(entry, 'myTrade');
    return {
      tradeId: TradeId.of(text(row, 'id')),
      clientOrderId: null,
      venueOrderId: VenueOrderId.of(text(row, 'orderId')),
      instrumentId,
      side: flag(row, 'isBuyer') ? ('buy' as const) : ('sell' as const),
      price: price(row, 'price'),
      quantity: quantity(row, 'qty'),
      fee: feeOf(row['commission'], row['commissionAsset'], quote, skipped),
      liquidity: flag(row, 'isMaker') ? ('maker' as const) : ('taker' as const),
      occurredAt: time(row, 'time'),
    };
  });
}

/** `GET /api/v3/account`. */
export const parseAccount = (payload: unknown, skipped: TellSkipped = silently): readonly Balance[] =>
  balancesOf(fieldsOf(payload, 'account')['balances'], ['asset', 'free', 'locked'], skipped).filter(
    (balance) => balance.free.amount !== 0n || balance.locked.amount !== 0n,
  );

function balancesOf(
  payload: unknown,
  [asset, free, locked]: readonly [string, string, string],
  skipped: TellSkipped,
): readonly Balance[] {
  return listOf(payload, 'balances').flatMap((entry) => {
    const row = fieldsOf(entry, 'balance');
    const name = unusual(row[asset]);
    if (name !== null) {
      skipped('a balance of the asset', name);
      return [];
    }
    const code = currencyOf(row[asset], asset);
    return [{ currency: code, free: moneyOf(row[free], code, free), locked: moneyOf(row[locked], code, locked) }];
  });
}

/** What the user stream says, taken apart. */
export type UserEvent =
  | { readonly kind: 'report'; readonly report: OrderReport }
  | { readonly kind: 'fill'; readonly fill: VenueFill; readonly order: VenueOrderView }
  | { readonly kind: 'balances'; readonly balances: readonly Balance[]; readonly occurredAt: Timestamp }
  /** The venue ends the stream. */
  | { readonly kind: 'terminated' }
  | { readonly kind: 'other' };

/**
 * An event of the user stream. `find` gives null for a symbol that we do not know: no order of ours can be in it, or the next
 * comparison finds it.
 */
export function parseUserEvent(
  payload: unknown,
  find: (symbol: string) => Instrument | null,
  skipped: TellSkipped = silently,
): UserEvent {
  const event = fieldsOf(payload, 'event');
  switch (event['e']) {
    case 'executionReport':
      return parseExecutionReport(event, find, skipped);
    case 'outboundAccountPosition': {
      const balances = balancesOf(event['B'], ['a', 'f', 'l'], skipped);
      return { kind: 'balances', balances, occurredAt: time(event, 'u') };
    }
    case 'eventStreamTerminated':
    case 'serverShutdown':
      return { kind: 'terminated' };
    default:
      return { kind: 'other' };
  }
}

function parseExecutionReport(
  event: Fields,
  find: (symbol: string) => Instrument | null,
  skipped: TellSkipped,
): UserEvent {
  const instrument = find(text(event, 's'));
  if (instrument === null) return { kind: 'other' };
  const order = reportedOrder(event, instrument);
  const occurredAt = order.updatedAt;
  const execution = text(event, 'x');
  if (execution === 'TRADE')
    return { kind: 'fill', fill: reportedFill(event, order, instrument.quote, skipped), order };
  const kind = reportKind(execution, order);
  if (kind === null) return { kind: 'other' };
  const code = text(event, 'r');
  const reason = code === 'NONE' ? null : { code, text: `the venue gave ${code}` };
  return { kind: 'report', report: { kind, order, reason, occurredAt } };
}

/** `REPLACED` is an order that was amended and lives on, `TRADE_PREVENTION` one that may: what became of it says its state alone. */
const executions = new Set(['NEW', 'CANCELED', 'REPLACED', 'REJECTED', 'EXPIRED', 'TRADE_PREVENTION']);

function reportKind(execution: string, { status, triggered }: VenueOrderView): OrderReport['kind'] | null {
  if (!executions.has(execution)) throw new UnreadablePayload(`unknown execution type: ${execution}`);
  if (status === 'canceled' || status === 'rejected' || status === 'expired') return status;
  if (execution !== 'NEW') return null;
  return triggered === true ? 'triggered' : 'accepted';
}

function reportedOrder(event: Fields, instrument: Instrument): VenueOrderView {
  const original = event['C'];
  return {
    // On a cancel `c` is the id of the cancel and `C` that of the order.
    clientOrderId: typeof original === 'string' && original !== '' ? original : text(event, 'c'),
    venueOrderId: VenueOrderId.of(text(event, 'i')),
    instrumentId: instrument.id,
    side: sideOf(text(event, 'S')),
    type: executesAs(text(event, 'o')),
    price: limitPrice(price(event, 'p')),
    quantity: quantity(event, 'q'),
    filledQuantity: quantity(event, 'z'),
    status: statusOf(text(event, 'X')),
    updatedAt: time(event, 'T'),
    ...termsOfEvent(event),
  };
}

function reportedFill(event: Fields, order: VenueOrderView, quote: Currency, skipped: TellSkipped): VenueFill {
  // A fee of nothing has no asset.
  const asset = event['N'] ?? quote;
  return {
    tradeId: TradeId.of(text(event, 't')),
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    instrumentId: order.instrumentId,
    side: order.side,
    price: price(event, 'L'),
    quantity: quantity(event, 'l'),
    fee: event['n'] === null ? Money.zero(currencyOf(asset, 'N')) : feeOf(event['n'], asset, quote, skipped),
    liquidity: flag(event, 'm') ? 'maker' : 'taker',
    occurredAt: order.updatedAt,
  };
}

/** What a key may do. Null: the venue does not tell. */
export interface KeyPermissions {
  readonly mayTrade: boolean;
  readonly mayWithdraw: boolean | null;
}

export function parsePermissions(payload: unknown): KeyPermissions {
  const account = fieldsOf(payload, 'account');
  return { mayTrade: flag(account, 'canTrade'), mayWithdraw: flag(account, 'canWithdraw') };
}

/** Of `GET /sapi/v1/account/apiRestrictions`. */
export function parseRestrictions(payload: unknown): KeyPermissions {
  const restrictions = fieldsOf(payload, 'restrictions');
  const mayMove = ['enableWithdrawals', 'enableInternalTransfer', 'permitsUniversalTransfer'];
  return {
    mayTrade: flag(restrictions, 'enableSpotAndMarginTrading'),
    mayWithdraw: mayMove.some((name) => name in restrictions && flag(restrictions, name)),
  };
}

import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Balance,
  type Instrument,
  type InstrumentId,
  Money,
  type OrderType,
  Price,
  type Side,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { OrderReport, VenueFill, VenueOrderStatus, VenueOrderView } from '@scalpstorm/venue-api';
import {
  currency,
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

const types: Record<string, OrderType> = { LIMIT: 'limit', LIMIT_MAKER: 'limit', MARKET: 'market' };

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
    type: types[text(row, 'type')] ?? null,
    price: limitPrice(price(row, 'price')),
    quantity: quantity(row, 'origQty'),
    filledQuantity: quantity(row, 'executedQty'),
    status: statusOf(text(row, 'status')),
    updatedAt: time(row, updated),
  };
}

/** `fills` of a FULL answer: what the order took at once. */
export function parsePlacedFills(payload: unknown, order: VenueOrderView): readonly VenueFill[] {
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
      fee: moneyOf(fill['commission'], currency(fill, 'commissionAsset'), 'commission'),
      liquidity: 'taker' as const,
      occurredAt: order.updatedAt,
    };
  });
}

/** `GET /api/v3/myTrades`, which names only the venue's order id. */
export function parseOwnTrades(payload: unknown, instrumentId: InstrumentId): readonly VenueFill[] {
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
      fee: moneyOf(row['commission'], currency(row, 'commissionAsset'), 'commission'),
      liquidity: flag(row, 'isMaker') ? ('maker' as const) : ('taker' as const),
      occurredAt: time(row, 'time'),
    };
  });
}

/** `GET /api/v3/account`. */
export const parseAccount = (payload: unknown): readonly Balance[] =>
  balancesOf(fieldsOf(payload, 'account')['balances'], ['asset', 'free', 'locked']).filter(
    (balance) => balance.free.amount !== 0n || balance.locked.amount !== 0n,
  );

function balancesOf(payload: unknown, [asset, free, locked]: readonly [string, string, string]): readonly Balance[] {
  return listOf(payload, 'balances').map((entry) => {
    const row = fieldsOf(entry, 'balance');
    const code = currency(row, asset);
    return { currency: code, free: moneyOf(row[free], code, free), locked: moneyOf(row[locked], code, locked) };
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

/** An event of the user stream. `find` gives null for a symbol that we do not know. */
export function parseUserEvent(payload: unknown, find: (symbol: string) => Instrument | null): UserEvent {
  const event = fieldsOf(payload, 'event');
  switch (event['e']) {
    case 'executionReport':
      return parseExecutionReport(event, find);
    case 'outboundAccountPosition':
      return { kind: 'balances', balances: balancesOf(event['B'], ['a', 'f', 'l']), occurredAt: time(event, 'u') };
    case 'eventStreamTerminated':
    case 'serverShutdown':
      return { kind: 'terminated' };
    default:
      return { kind: 'other' };
  }
}

function parseExecutionReport(event: Fields, find: (symbol: string) => Instrument | null): UserEvent {
  const symbol = text(event, 's');
  const instrument = find(symbol);
  if (instrument === null) throw new UnreadablePayload(`report of an unknown symbol: ${symbol}`);
  const order = reportedOrder(event, instrument);
  const occurredAt = order.updatedAt;
  const execution = text(event, 'x');
  if (execution === 'TRADE') return { kind: 'fill', fill: reportedFill(event, order, instrument), order };
  const kind = reportKind(execution, order.status);
  if (kind === null) return { kind: 'other' };
  const code = text(event, 'r');
  const reason = code === 'NONE' ? null : { code, text: `the venue gave ${code}` };
  return { kind: 'report', report: { kind, order, reason, occurredAt } };
}

function reportKind(execution: string, status: VenueOrderStatus): OrderReport['kind'] | null {
  if (execution === 'NEW') return 'accepted';
  if (execution === 'CANCELED' || execution === 'REPLACED') return 'canceled';
  if (execution === 'REJECTED') return 'rejected';
  if (execution === 'EXPIRED') return 'expired';
  // Self-trade prevention: only a final state matters.
  if (execution === 'TRADE_PREVENTION') return status === 'expired' ? 'expired' : null;
  throw new UnreadablePayload(`unknown execution type: ${execution}`);
}

function reportedOrder(event: Fields, instrument: Instrument): VenueOrderView {
  const original = event['C'];
  return {
    // On a cancel `c` is the id of the cancel and `C` that of the order.
    clientOrderId: typeof original === 'string' && original !== '' ? original : text(event, 'c'),
    venueOrderId: VenueOrderId.of(text(event, 'i')),
    instrumentId: instrument.id,
    side: sideOf(text(event, 'S')),
    type: types[text(event, 'o')] ?? null,
    price: limitPrice(price(event, 'p')),
    quantity: quantity(event, 'q'),
    filledQuantity: quantity(event, 'z'),
    status: statusOf(text(event, 'X')),
    updatedAt: time(event, 'T'),
  };
}

function reportedFill(event: Fields, order: VenueOrderView, instrument: Instrument): VenueFill {
  // A fee of nothing has no asset.
  const asset = event['N'] === null || event['N'] === undefined ? instrument.quote : currencyOf(event['N'], 'N');
  return {
    tradeId: TradeId.of(text(event, 't')),
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    instrumentId: order.instrumentId,
    side: order.side,
    price: price(event, 'L'),
    quantity: quantity(event, 'l'),
    fee: event['n'] === null ? Money.zero(asset) : moneyOf(event['n'], asset, 'n'),
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

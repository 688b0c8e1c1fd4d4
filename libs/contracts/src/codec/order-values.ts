import type { MessageInitShape } from '@bufbuild/protobuf';
import { unreachable } from '@scalpstorm/kernel';
import {
  type CancelReason,
  type Fill,
  type Order,
  type OrderEvent,
  type OrderRequest,
  type OrderStatus,
  type OrderType,
  Price,
  type Purpose,
  Quantity,
  type TimeInForce,
} from '@scalpstorm/model';
import * as wire from '../generated/scalpstorm/order/v1/order_pb.js';
import { readTerms, writeTerms } from './order-terms.js';
import {
  enumMapping,
  mode,
  present,
  readAccountId,
  readAll,
  readBotId,
  readClientOrderId,
  readInstrumentId,
  readMoney,
  readOptional,
  readPrice,
  readQuantity,
  readReason,
  readTimestamp,
  readTradeId,
  readUserId,
  readVenueOrderId,
  side,
  unreadable,
  writeMoney,
  writeReason,
  writeTimestamp,
} from './values.js';

export const orderType = enumMapping<OrderType, wire.OrderType>({
  limit: wire.OrderType.LIMIT,
  market: wire.OrderType.MARKET,
});
export const timeInForce = enumMapping<TimeInForce, wire.TimeInForce>({
  GTC: wire.TimeInForce.GTC,
  IOC: wire.TimeInForce.IOC,
  FOK: wire.TimeInForce.FOK,
  PO: wire.TimeInForce.PO,
  GTD: wire.TimeInForce.GTD,
});
export const purpose = enumMapping<Purpose, wire.Purpose>({ open: wire.Purpose.OPEN, close: wire.Purpose.CLOSE });
const liquidity = enumMapping<Fill['liquidity'], wire.Liquidity>({
  maker: wire.Liquidity.MAKER,
  taker: wire.Liquidity.TAKER,
});
const orderStatus = enumMapping<OrderStatus, wire.OrderStatus>({
  initialized: wire.OrderStatus.INITIALIZED,
  denied: wire.OrderStatus.DENIED,
  emulated: wire.OrderStatus.EMULATED,
  released: wire.OrderStatus.RELEASED,
  sending: wire.OrderStatus.SENDING,
  submitted: wire.OrderStatus.SUBMITTED,
  accepted: wire.OrderStatus.ACCEPTED,
  triggered: wire.OrderStatus.TRIGGERED,
  'partially-filled': wire.OrderStatus.PARTIALLY_FILLED,
  'pending-update': wire.OrderStatus.PENDING_UPDATE,
  'pending-cancel': wire.OrderStatus.PENDING_CANCEL,
  unknown: wire.OrderStatus.UNKNOWN,
  filled: wire.OrderStatus.FILLED,
  canceled: wire.OrderStatus.CANCELED,
  rejected: wire.OrderStatus.REJECTED,
  expired: wire.OrderStatus.EXPIRED,
});
export const cancelReason = enumMapping<CancelReason, wire.CancelReason>({
  stop: wire.CancelReason.STOP,
  update: wire.CancelReason.UPDATE,
  delete: wire.CancelReason.DELETE,
  halt: wire.CancelReason.HALT,
  flatten: wire.CancelReason.FLATTEN,
  replace: wire.CancelReason.REPLACE,
  manual: wire.CancelReason.MANUAL,
  expiry: wire.CancelReason.EXPIRY,
});

export const writeOrderRequest = (request: OrderRequest): MessageInitShape<typeof wire.OrderRequestSchema> => ({
  clientOrderId: request.clientOrderId,
  userId: request.userId,
  botId: request.botId ?? undefined,
  accountId: request.accountId,
  mode: mode.write(request.mode),
  instrumentId: request.instrumentId,
  side: side.write(request.side),
  type: orderType.write(request.type),
  quantity: Quantity.format(request.quantity),
  price: request.price === null ? undefined : Price.format(request.price),
  timeInForce: timeInForce.write(request.timeInForce),
  purpose: purpose.write(request.purpose),
  ...writeTerms(request),
});
export function readOrderRequest(value: wire.OrderRequest | undefined, at: string): OrderRequest {
  const request = present(value, at);
  const type = orderType.read(request.type, `${at}.type`);
  const price = readOptional(request.price, `${at}.price`, readPrice);
  if (type === 'limit' && price === null) return unreadable(`${at}.price`, 'missing on a limit order');
  if (type === 'market' && price !== null) return unreadable(`${at}.price`, 'present on a market order', request.price);
  return {
    clientOrderId: readClientOrderId(request.clientOrderId, `${at}.client_order_id`),
    userId: readUserId(request.userId, `${at}.user_id`),
    botId: readOptional(request.botId, `${at}.bot_id`, readBotId),
    accountId: readAccountId(request.accountId, `${at}.account_id`),
    mode: mode.read(request.mode, `${at}.mode`),
    instrumentId: readInstrumentId(request.instrumentId, `${at}.instrument_id`),
    side: side.read(request.side, `${at}.side`),
    type,
    quantity: readQuantity(request.quantity, `${at}.quantity`),
    price,
    timeInForce: timeInForce.read(request.timeInForce, `${at}.time_in_force`),
    purpose: purpose.read(request.purpose, `${at}.purpose`),
    ...readTerms(request, at),
  };
}

const writeFill = (fill: Fill): MessageInitShape<typeof wire.FillSchema> => ({
  tradeId: fill.tradeId,
  clientOrderId: fill.clientOrderId,
  venueOrderId: fill.venueOrderId,
  instrumentId: fill.instrumentId,
  side: side.write(fill.side),
  price: Price.format(fill.price),
  quantity: Quantity.format(fill.quantity),
  fee: writeMoney(fill.fee),
  liquidity: liquidity.write(fill.liquidity),
  occurredAtUs: writeTimestamp(fill.occurredAt),
});
const readFill = (fill: wire.Fill, at: string): Fill => ({
  tradeId: readTradeId(fill.tradeId, `${at}.trade_id`),
  clientOrderId: readClientOrderId(fill.clientOrderId, `${at}.client_order_id`),
  venueOrderId: readVenueOrderId(fill.venueOrderId, `${at}.venue_order_id`),
  instrumentId: readInstrumentId(fill.instrumentId, `${at}.instrument_id`),
  side: side.read(fill.side, `${at}.side`),
  price: readPrice(fill.price, `${at}.price`),
  quantity: readQuantity(fill.quantity, `${at}.quantity`),
  fee: readMoney(fill.fee, `${at}.fee`),
  liquidity: liquidity.read(fill.liquidity, `${at}.liquidity`),
  occurredAt: readTimestamp(fill.occurredAtUs, `${at}.occurred_at_us`),
});

export const writeOrder = (order: Order): MessageInitShape<typeof wire.OrderSchema> => ({
  request: writeOrderRequest(order.request),
  status: orderStatus.write(order.status),
  statusBefore: order.statusBefore === null ? undefined : orderStatus.write(order.statusBefore),
  venueOrderId: order.venueOrderId ?? undefined,
  filledQuantity: Quantity.format(order.filledQuantity),
  filledNotional: writeMoney(order.filledNotional),
  fees: order.fees.map(writeMoney),
  cancelReason: order.cancelReason === null ? undefined : cancelReason.write(order.cancelReason),
  reason: order.reason === null ? undefined : writeReason(order.reason),
  version: order.version,
  createdAtUs: writeTimestamp(order.createdAt),
  updatedAtUs: writeTimestamp(order.updatedAt),
});
export function readOrder(value: wire.Order | undefined, at: string): Order {
  const order = present(value, at);
  return {
    request: readOrderRequest(order.request, `${at}.request`),
    status: orderStatus.read(order.status, `${at}.status`),
    statusBefore: readOptional(order.statusBefore, `${at}.status_before`, orderStatus.read),
    venueOrderId: readOptional(order.venueOrderId, `${at}.venue_order_id`, readVenueOrderId),
    filledQuantity: readQuantity(order.filledQuantity, `${at}.filled_quantity`),
    filledNotional: readMoney(order.filledNotional, `${at}.filled_notional`),
    fees: readAll(order.fees, `${at}.fees`, readMoney),
    cancelReason: readOptional(order.cancelReason, `${at}.cancel_reason`, cancelReason.read),
    reason: readOptional(order.reason, `${at}.reason`, readReason),
    version: order.version,
    createdAt: readTimestamp(order.createdAtUs, `${at}.created_at_us`),
    updatedAt: readTimestamp(order.updatedAtUs, `${at}.updated_at_us`),
  };
}

type Happened = NonNullable<MessageInitShape<typeof wire.OrderEventSchema>['happened']>;

export function writeOrderEvent(event: OrderEvent): MessageInitShape<typeof wire.OrderEventSchema> {
  return { happened: writeHappened(event) };
}

function writeHappened(event: OrderEvent): Happened {
  switch (event.kind) {
    case 'denied':
    case 'rejected':
    case 'canceled':
    case 'expired':
      return { case: event.kind, value: writeReason(event.reason) };
    case 'outcome-unknown':
      return { case: 'outcomeUnknown', value: writeReason(event.reason) };
    case 'cancel-rejected':
      return { case: 'cancelRejected', value: writeReason(event.reason) };
    case 'end-held':
      return { case: 'endHeld', value: writeReason(event.reason) };
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
      return { case: event.kind, value: {} };
    case 'sending':
      return {
        case: 'sending',
        value: { attempt: event.attempt, expiresAtUs: writeTimestamp(event.expiresAt) },
      };
    case 'accepted':
      return { case: 'accepted', value: { venueOrderId: event.venueOrderId } };
    case 'filled':
      return { case: 'filled', value: writeFill(event.fill) };
    case 'cancel-requested':
      return { case: 'cancelRequested', value: cancelReason.write(event.cancelReason) };
    default:
      return unreachable(event, 'order event');
  }
}

export function readOrderEvent(value: wire.OrderEvent | undefined, at: string): OrderEvent {
  const { happened } = present(value, at);
  switch (happened.case) {
    case 'denied':
    case 'rejected':
    case 'canceled':
    case 'expired':
      return { kind: happened.case, reason: readReason(happened.value, `${at}.${happened.case}`) };
    case 'outcomeUnknown':
      return { kind: 'outcome-unknown', reason: readReason(happened.value, `${at}.outcome_unknown`) };
    case 'cancelRejected':
      return { kind: 'cancel-rejected', reason: readReason(happened.value, `${at}.cancel_rejected`) };
    case 'endHeld':
      return { kind: 'end-held', reason: readReason(happened.value, `${at}.end_held`) };
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
      return { kind: happened.case };
    case 'sending':
      return {
        kind: 'sending',
        attempt: happened.value.attempt,
        expiresAt: readTimestamp(happened.value.expiresAtUs, `${at}.sending.expires_at_us`),
      };
    case 'accepted':
      return {
        kind: 'accepted',
        venueOrderId: readVenueOrderId(happened.value.venueOrderId, `${at}.accepted.venue_order_id`),
      };
    case 'filled':
      return { kind: 'filled', fill: readFill(happened.value, `${at}.filled`) };
    case 'cancelRequested':
      return {
        kind: 'cancel-requested',
        cancelReason: cancelReason.read(happened.value, `${at}.cancel_requested`),
      };
    case undefined:
      return unreadable(`${at}.happened`, 'missing');
    default:
      return unreachable(happened, 'order event');
  }
}

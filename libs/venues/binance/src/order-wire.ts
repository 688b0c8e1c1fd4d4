import { type InstrumentId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import type { CancelOutcome, FillsQuery, PlaceOutcome } from '@scalpstorm/venue-api';
import { UnreadablePayload } from './fields.js';
import { triggerParams } from './order-terms.js';
import { parseOrderRow, parsePlacedFills } from './parse-account.js';
import { expireMaker } from './venue-rules.js';

/**
 * Exact texts all the way; ccxt's own createOrder would round them through its precision tables.
 * @param expiresMaker the symbol allows it; a venue refuses an order with a mode that it does not
 */
export function orderParams(request: OrderRequest, symbol: string, expiresMaker: boolean): object {
  return {
    symbol,
    side: request.side === 'buy' ? 'BUY' : 'SELL',
    ...termsOf(request),
    quantity: Quantity.format(request.quantity),
    newClientOrderId: request.clientOrderId,
    newOrderRespType: 'FULL',
    ...(expiresMaker ? { selfTradePreventionMode: expireMaker } : {}),
  };
}

/** Post-only is a type of order here, and has no time in force. */
function termsOf({ price, timeInForce, trigger, displayQuantity }: OrderRequest): object {
  const limit = price === null ? null : { price: Price.format(price), timeInForce, ...partShown(displayQuantity) };
  if (trigger !== undefined) return { ...triggerParams(trigger, price), ...limit };
  if (price === null) return { type: 'MARKET' };
  if (timeInForce === 'PO') return { type: 'LIMIT_MAKER', price: Price.format(price) };
  return { type: 'LIMIT', ...limit };
}

const partShown = (display: Quantity | undefined): object =>
  display === undefined ? {} : { icebergQty: Quantity.format(display) };

export function readPlaced(payload: unknown, request: OrderRequest): Extract<PlaceOutcome, { kind: 'accepted' }> {
  const order = parseOrderRow(payload, request.instrumentId);
  if (order.clientOrderId !== request.clientOrderId)
    throw new UnreadablePayload(`answer about another order: ${order.clientOrderId}`);
  return { kind: 'accepted', venueOrderId: order.venueOrderId, order, fills: parsePlacedFills(payload, order) };
}

/** A fill may have been faster than the cancel; then the venue says so, and this is no cancel. */
export function readCanceled(
  payload: unknown,
  instrumentId: InstrumentId,
): Extract<CancelOutcome, { kind: 'canceled' }> {
  const order = parseOrderRow(payload, instrumentId);
  if (order.status !== 'canceled') throw new UnreadablePayload(`answer to a cancel says ${order.status}`);
  return { kind: 'canceled', order };
}

export const fromOf = ({ since, fromTradeId }: FillsQuery): object =>
  fromTradeId === undefined ? { startTime: Math.floor(since / 1_000) } : { fromId: fromTradeId };

import type { Account } from '../domain/account.js';
import { amountText } from '../domain/amounts.js';
import { priceText, quantityText } from '../domain/market-spec.js';
import { isContingent } from '../domain/order-type.js';
import { type OrderChange, type VenueFill, type VenueOrder } from '../domain/venue-order.js';

const zero = '0.00000000';
const sideText = { buy: 'BUY', sell: 'SELL' } as const;
const preventionText = { 'expire-maker': 'EXPIRE_MAKER', none: 'NONE' } as const;

/** Binance calls the quantity of an order by quote amount what it has executed. */
function quantityOf(order: VenueOrder): string {
  return quantityText(order.market.spec, order.quantity === 0 ? order.executed : order.quantity);
}

/** The fields that every REST answer about an order has. */
function orderFields(order: VenueOrder) {
  const { spec } = order.market;
  return {
    symbol: spec.wireSymbol,
    orderId: order.id,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    price: priceText(spec, order.price),
    origQty: quantityOf(order),
    executedQty: quantityText(spec, order.executed),
    origQuoteOrderQty: amountText(order.quoteQuantity),
    cummulativeQuoteQty: amountText(order.executedQuote),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: sideText[order.side],
    selfTradePreventionMode: preventionText[order.selfTradePrevention],
    ...contingentFields(order),
  };
}

/** Fields that only orders have which wait for a price. */
function contingentFields(order: VenueOrder) {
  return {
    ...(order.stopPrice === 0 ? {} : { stopPrice: priceText(order.market.spec, order.stopPrice) }),
    ...(order.trailingDelta === 0 ? {} : { trailingDelta: order.trailingDelta, trailingTime: order.trackedAt || -1 }),
  };
}

/** GET order, openOrders, allOrders. */
export function orderRow(order: VenueOrder) {
  return {
    stopPrice: zero,
    ...orderFields(order),
    icebergQty: zero,
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: order.workingAt !== null,
    workingTime: order.workingAt ?? -1,
  };
}

/** How much POST order answers. */
export type ResponseType = 'ACK' | 'RESULT' | 'FULL';

/** The answer to POST order. */
export function placedOrder(order: VenueOrder, type: ResponseType) {
  const { spec } = order.market;
  const { id: orderId, clientOrderId, createdAt: transactTime } = order;
  if (type === 'ACK') return { symbol: spec.wireSymbol, orderId, orderListId: -1, clientOrderId, transactTime };
  const result = { ...orderFields(order), transactTime, workingTime: order.workingAt ?? -1 };
  if (type === 'RESULT') return result;
  const fills = order.fills.map((fill) => ({
    price: priceText(spec, fill.price),
    qty: quantityText(spec, fill.quantity),
    commission: amountText(fill.commission),
    commissionAsset: fill.commissionAsset,
    tradeId: fill.tradeId,
  }));
  return { ...result, fills };
}

/** The answer to DELETE order: the client id is the cancel's, the order's own is the original one. */
export function canceledOrder(order: VenueOrder, cancelId: string) {
  return {
    ...orderFields(order),
    origClientOrderId: order.clientOrderId,
    clientOrderId: cancelId,
    transactTime: order.updatedAt,
  };
}

/** A row of GET myTrades. */
export function tradeRow(fill: VenueFill) {
  const { spec } = fill.order.market;
  return {
    symbol: spec.wireSymbol,
    id: fill.tradeId,
    orderId: fill.order.id,
    orderListId: -1,
    price: priceText(spec, fill.price),
    qty: quantityText(spec, fill.quantity),
    quoteQty: amountText(fill.quote),
    commission: amountText(fill.commission),
    commissionAsset: fill.commissionAsset,
    time: fill.time,
    isBuyer: fill.order.side === 'buy',
    isMaker: fill.isMaker,
    isBestMatch: true,
  };
}

/** What an executionReport calls the change, and how the order stood right after it. */
function executionOf(order: VenueOrder, change: OrderChange) {
  switch (change.kind) {
    case 'accepted':
    case 'triggered':
      return { x: 'NEW', X: 'NEW', z: zero, Z: zero };
    case 'filled':
      return { x: 'TRADE', ...standingAfter(order, change.fill) };
    case 'canceled':
      return { x: 'CANCELED', X: 'CANCELED', ...executedSoFar(order) };
    case 'expired':
      return {
        x: order.status === 'EXPIRED_IN_MATCH' ? 'TRADE_PREVENTION' : 'EXPIRED',
        X: order.status,
        ...executedSoFar(order),
      };
  }
}

const executedSoFar = (order: VenueOrder) => ({
  z: quantityText(order.market.spec, order.executed),
  Z: amountText(order.executedQuote),
});

/** An order may have filled several times before the first report is written, so each report counts up to its own fill. */
function standingAfter(order: VenueOrder, fill: VenueFill) {
  const upTo = order.fills.slice(0, order.fills.indexOf(fill) + 1);
  const executed = upTo.reduce((sum, one) => sum + one.quantity, 0);
  const isLast = upTo.length === order.fills.length;
  const quote = upTo.reduce((sum, one) => sum + one.quote, 0n);
  const status = isLast && order.status !== 'EXPIRED' ? order.status : 'PARTIALLY_FILLED';
  return { X: status, z: quantityText(order.market.spec, executed), Z: amountText(quote) };
}

/** The user stream's event about an order. */
export function executionReport(order: VenueOrder, change: OrderChange, now: number) {
  const { spec } = order.market;
  const fill = change.kind === 'filled' ? change.fill : null;
  const cancelId = change.kind === 'canceled' ? change.cancelId : null;
  const { x, X, z, Z } = executionOf(order, change);
  // It is told after it happened: by now the order may have come into the book.
  const isWorking = order.workingAt !== null && !(change.kind === 'accepted' && isContingent(order.type));
  return {
    e: 'executionReport',
    E: now,
    s: spec.wireSymbol,
    c: cancelId ?? order.clientOrderId,
    S: sideText[order.side],
    o: order.type,
    f: order.timeInForce,
    q: quantityOf(order),
    p: priceText(spec, order.price),
    P: order.stopPrice === 0 ? zero : priceText(spec, order.stopPrice),
    F: zero,
    g: -1,
    C: cancelId === null ? '' : order.clientOrderId,
    x,
    X,
    r: 'NONE',
    i: order.id,
    l: fill === null ? zero : quantityText(spec, fill.quantity),
    z,
    L: fill === null ? zero : priceText(spec, fill.price),
    n: fill === null ? '0' : amountText(fill.commission),
    N: fill === null ? null : fill.commissionAsset,
    T: fill === null ? order.updatedAt : fill.time,
    t: fill === null ? -1 : fill.tradeId,
    I: order.id,
    w: isWorking && (x === 'NEW' || (x === 'TRADE' && X === 'PARTIALLY_FILLED')),
    m: fill?.isMaker ?? false,
    M: false,
    O: order.createdAt,
    Z,
    Y: fill === null ? zero : amountText(fill.quote),
    Q: amountText(order.quoteQuantity),
    ...(isWorking ? { W: order.workingAt } : {}),
    ...(order.trailingDelta === 0 ? {} : { d: order.trailingDelta }),
    ...(order.trackedAt === 0 ? {} : { D: order.trackedAt }),
    V: preventionText[order.selfTradePrevention],
  };
}

/** The user stream's event about balances. */
export function accountPosition(account: Account, assets: readonly string[], now: number) {
  const B = assets.map((asset) => {
    const { free, locked } = account.balance(asset);
    return { a: asset, f: amountText(free), l: amountText(locked) };
  });
  return { e: 'outboundAccountPosition', E: now, u: now, B };
}

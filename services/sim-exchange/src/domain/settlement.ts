import type { BookEvent, Lots, OrderId, Traded } from '@scalpstorm/matching';
import type { Account } from './account.js';
import type { Amount } from './amounts.js';
import type { Changes } from './changes.js';
import { commissionOf, type FeeRates } from './fees.js';
import type { Market, PublicTrade } from './market.js';
import { baseAmount, quoteAmount } from './market-spec.js';
import type { OrderChange, VenueFill, VenueOrder, VenueOrderStatus } from './venue-order.js';

export type Settled =
  | { readonly kind: 'trade'; readonly trade: PublicTrade }
  | { readonly kind: 'order'; readonly account: Account; readonly order: VenueOrder; readonly change: OrderChange }
  | { readonly kind: 'balances'; readonly account: Account; readonly assets: readonly string[] };

export interface Settlement {
  readonly market: Market;
  readonly events: readonly BookEvent[];
  readonly now: number;
  readonly cancelId: string;
  readonly fees: FeeRates;
  /** A client's open order, or null for one of the crowd. */
  readonly orderOf: (id: OrderId) => VenueOrder | null;
  readonly accountOf: (id: number) => Account;
  readonly changes: Changes;
}

/** What resting takes out of the free balance: price × quantity exactly, or the quantity sold. */
export function lockFunds(account: Account, order: VenueOrder): void {
  const { asset, amount } = lockedBy(order);
  account.change(asset, -amount, amount);
}

/** An order that executes at the market pays out of the free balance: what it held while it waited is free again. */
export function unlockFunds(account: Account, order: VenueOrder): void {
  const { asset, amount } = lockedBy(order);
  account.change(asset, amount, -amount);
  order.lockPrice = 0;
}

/** What an open order has locked. */
export const lockedBy = (order: VenueOrder): { readonly asset: string; readonly amount: Amount } => ({
  asset: lockedAsset(order),
  amount: lockOf(order, order.quantity - order.executed),
});

/** Applies book events to orders and balances, and gives what to tell, in the order in which it happened. */
export function settleEvents(settlement: Settlement): readonly Settled[] {
  const settled: Settled[] = [];
  const touched = new Map<Account, VenueOrder>();
  for (const event of settlement.events) {
    if (event.kind === 'traded') settleTrade(settlement, event, settled, touched);
    else if (event.kind !== 'rejected') settleOrder(settlement, event, settled, touched);
  }
  for (const [account, order] of touched) {
    settled.push({ kind: 'balances', account, assets: [order.market.spec.base, order.market.spec.quote] });
  }
  return settled;
}

type OrderEvent = Exclude<BookEvent, { readonly kind: 'traded' | 'rejected' }>;

function settleOrder(
  settlement: Settlement,
  event: OrderEvent,
  settled: Settled[],
  touched: Map<Account, VenueOrder>,
): void {
  const order = settlement.orderOf(event.id);
  if (order === null) return;
  const account = settlement.accountOf(order.accountId);
  touched.set(account, order);
  settlement.changes.orders.add(order);
  if (event.kind === 'accepted') {
    settled.push({ kind: 'order', account, order, change: { kind: 'accepted' } });
    return;
  }
  if (event.kind === 'spent') {
    order.status = order.executed > 0 ? 'FILLED' : 'EXPIRED';
    if (order.executed === 0) settled.push({ kind: 'order', account, order, change: { kind: 'expired' } });
    return;
  }
  if (order.lockPrice > 0) unlockFunds(account, order);
  order.status = finalStatus(order, event);
  order.updatedAt = settlement.now;
  const change: OrderChange =
    event.kind === 'canceled' ? { kind: 'canceled', cancelId: settlement.cancelId } : { kind: 'expired' };
  settled.push({ kind: 'order', account, order, change });
}

function finalStatus(order: VenueOrder, event: OrderEvent): VenueOrderStatus {
  if (event.kind === 'canceled') return 'CANCELED';
  if (event.kind === 'expired' && event.reason === 'SELF_TRADE') return 'EXPIRED_IN_MATCH';
  return order.quoteQuantity > 0n && order.executed > 0 ? 'FILLED' : 'EXPIRED';
}

function settleTrade(
  settlement: Settlement,
  event: Traded,
  settled: Settled[],
  touched: Map<Account, VenueOrder>,
): void {
  const { market, now } = settlement;
  const [maker, taker] = [settlement.orderOf(event.makerId), settlement.orderOf(event.takerId)];
  const [buyer, seller] = event.takerSide === 'buy' ? [taker, maker] : [maker, taker];
  const id = market.nextTradeId();
  const { price, quantity } = event;
  settled.push({
    kind: 'trade',
    trade: {
      id,
      price,
      quantity,
      buyerIsMaker: event.takerSide === 'sell',
      time: now,
      buyerOrderId: buyer?.id ?? 0,
      sellerOrderId: seller?.id ?? 0,
    },
  });
  for (const order of [taker, maker]) {
    if (order === null) continue;
    const account = settlement.accountOf(order.accountId);
    const isMaker = order === maker;
    const feeRate = isMaker ? settlement.fees.maker : settlement.fees.taker;
    const fill = applyFill(account, order, { tradeId: id, price, quantity, isMaker, time: now, feeRate });
    touched.set(account, order);
    settlement.changes.orders.add(order);
    settlement.changes.fills.push(fill);
    settled.push({ kind: 'order', account, order, change: { kind: 'filled', fill } });
  }
}

type Execution = Pick<VenueFill, 'tradeId' | 'price' | 'quantity' | 'isMaker' | 'time'> & {
  readonly feeRate: bigint;
};

function applyFill(account: Account, order: VenueOrder, { feeRate, ...execution }: Execution): VenueFill {
  const { spec } = order.market;
  const quote = quoteAmount(spec, execution.price, execution.quantity);
  const base = baseAmount(spec, execution.quantity);
  const received = order.side === 'buy' ? base : quote;
  const commission = commissionOf(received, feeRate);
  const commissionAsset = order.side === 'buy' ? spec.base : spec.quote;
  pay(account, order, execution.quantity, order.side === 'buy' ? quote : base);
  account.change(commissionAsset, received - commission, 0n);
  order.executed += execution.quantity;
  order.executedQuote += quote;
  order.updatedAt = execution.time;
  order.status = order.executed === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
  const fill: VenueFill = { ...execution, order, quote, commission, commissionAsset };
  order.fills.push(fill);
  account.fills.add(fill);
  return fill;
}

/** A limit order pays out of its lock, and what a better price saved becomes free again. */
function pay(account: Account, order: VenueOrder, quantity: Lots, cost: Amount): void {
  const locked = lockOf(order, quantity);
  account.change(lockedAsset(order), locked - cost, -locked);
}

const lockedAsset = (order: VenueOrder): string =>
  order.side === 'buy' ? order.market.spec.quote : order.market.spec.base;

function lockOf(order: VenueOrder, quantity: Lots): Amount {
  const { spec } = order.market;
  if (order.lockPrice === 0) return 0n;
  return order.side === 'buy' ? quoteAmount(spec, order.lockPrice, quantity) : baseAmount(spec, quantity);
}

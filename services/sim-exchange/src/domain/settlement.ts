import type { BookEvent, Lots, OrderId, Traded } from '@scalpstorm/matching';
import type { Account } from './account.js';
import type { Amount } from './amounts.js';
import type { Changes } from './changes.js';
import { commissionInAsset, commissionOf, type Fees } from './fees.js';
import type { Market, PublicTrade } from './market.js';
import { baseAmount, quoteAmount } from './market-spec.js';
import { executesAs } from './order-type.js';
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
  readonly fees: Fees;
  /** What one of the fee asset is worth in a quote currency, in 10^-8; null when nobody knows. */
  readonly feePriceIn: (quote: string) => bigint | null;
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
  asset: paidAsset(order),
  amount: lockOf(order, order.quantity - order.executed),
});

/** Applies book events to orders and balances, and gives what to tell, in the order in which it happened. */
export function settleEvents(settlement: Settlement): readonly Settled[] {
  const outcome: Outcome = { settled: [], touched: new Map(), due: dueOf(settlement) };
  for (const event of settlement.events) {
    if (event.kind === 'traded') settleTrade(settlement, event, outcome);
    else if (event.kind !== 'rejected') settleOrder(settlement, event, outcome);
  }
  const { settled, touched } = outcome;
  for (const [account, assets] of touched) settled.push({ kind: 'balances', account, assets: [...assets] });
  return settled;
}

interface Outcome {
  readonly settled: Settled[];
  readonly touched: Map<Account, Set<string>>;
  readonly due: Due | null;
}

/** What an order at the market may yet pay in its match. It locks nothing, so commissions must leave that much of it free. */
interface Due {
  readonly order: VenueOrder;
  readonly account: Account;
  amount: Amount;
}

/** Null unless the taker of these events pays, out of its free balance, with the asset that pays the commissions too. */
function dueOf({ events, fees, orderOf, accountOf }: Settlement): Due | null {
  if (fees.asset === null) return null;
  for (const event of events) {
    if (event.kind !== 'traded') continue;
    const order = orderOf(event.takerId);
    if (order === null || executesAs(order.type) !== 'market' || paidAsset(order) !== fees.asset.name) return null;
    return { order, account: accountOf(order.accountId), amount: costOf(order, events) };
  }
  return null;
}

/** All that a sale by quantity offers, as a limit order would lock it; else what the trades take. */
function costOf(order: VenueOrder, events: readonly BookEvent[]): Amount {
  const { spec } = order.market;
  if (order.side === 'sell' && order.quantity > 0) return baseAmount(spec, order.quantity - order.executed);
  let cost = 0n;
  for (const event of events) {
    if (event.kind !== 'traded') continue;
    const { price, quantity } = event;
    cost += order.side === 'buy' ? quoteAmount(spec, price, quantity) : baseAmount(spec, quantity);
  }
  return cost;
}

function touch({ touched }: Outcome, account: Account, order: VenueOrder): Set<string> {
  const { base, quote } = order.market.spec;
  const assets = touched.get(account) ?? new Set([base, quote]);
  touched.set(account, assets);
  return assets;
}

type OrderEvent = Exclude<BookEvent, { readonly kind: 'traded' | 'rejected' }>;

function settleOrder(settlement: Settlement, event: OrderEvent, outcome: Outcome): void {
  const { settled } = outcome;
  const order = settlement.orderOf(event.id);
  if (order === null) return;
  const account = settlement.accountOf(order.accountId);
  touch(outcome, account, order);
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

function settleTrade(settlement: Settlement, event: Traded, outcome: Outcome): void {
  const { settled, due } = outcome;
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
    const fill = applyFill(settlement, order, { tradeId: id, price, quantity, isMaker, time: now }, due);
    touch(outcome, account, order).add(fill.commissionAsset);
    settlement.changes.orders.add(order);
    settlement.changes.fills.push(fill);
    settled.push({ kind: 'order', account, order, change: { kind: 'filled', fill } });
  }
}

type Execution = Pick<VenueFill, 'tradeId' | 'price' | 'quantity' | 'isMaker' | 'time'>;

function applyFill(settlement: Settlement, order: VenueOrder, execution: Execution, due: Due | null): VenueFill {
  const account = settlement.accountOf(order.accountId);
  const { spec } = order.market;
  const quote = quoteAmount(spec, execution.price, execution.quantity);
  const base = baseAmount(spec, execution.quantity);
  const [paid, received] = order.side === 'buy' ? [quote, base] : [base, quote];
  pay(account, order, execution.quantity, paid);
  if (due !== null && due.order === order) due.amount -= paid;
  account.change(order.side === 'buy' ? spec.base : spec.quote, received, 0n);
  const rate = execution.isMaker ? settlement.fees.maker : settlement.fees.taker;
  const charge = chargeFor(settlement, order, { rate, received, quote }, due);
  account.change(charge.commissionAsset, -charge.commission, 0n);
  order.executed += execution.quantity;
  order.executedQuote += quote;
  order.updatedAt = execution.time;
  order.status = order.executed === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
  const fill: VenueFill = { ...execution, order, quote, ...charge };
  order.fills.push(fill);
  account.fills.add(fill);
  return fill;
}

/** The fee asset pays while there is enough of it that nothing else waits for, else what the trade brought in. */
function chargeFor(
  settlement: Settlement,
  order: VenueOrder,
  { rate, received, quote }: { readonly rate: bigint; readonly received: Amount; readonly quote: Amount },
  due: Due | null,
): Pick<VenueFill, 'commission' | 'commissionAsset'> {
  const { spec } = order.market;
  const { asset } = settlement.fees;
  const price = asset === null ? null : settlement.feePriceIn(spec.quote);
  if (asset !== null && price !== null) {
    const commission = commissionInAsset(quote, rate, price);
    const account = settlement.accountOf(order.accountId);
    // Also as the maker in a trade with itself, an account keeps what its taking order needs.
    const kept = due !== null && due.account === account ? due.amount : 0n;
    if (account.balance(asset.name).free - kept >= commission) return { commission, commissionAsset: asset.name };
  }
  return { commission: commissionOf(received, rate), commissionAsset: order.side === 'buy' ? spec.base : spec.quote };
}

/** A limit order pays out of its lock, and what a better price saved becomes free again. */
function pay(account: Account, order: VenueOrder, quantity: Lots, cost: Amount): void {
  const locked = lockOf(order, quantity);
  account.change(paidAsset(order), locked - cost, -locked);
}

const paidAsset = (order: VenueOrder): string =>
  order.side === 'buy' ? order.market.spec.quote : order.market.spec.base;

function lockOf(order: VenueOrder, quantity: Lots): Amount {
  const { spec } = order.market;
  if (order.lockPrice === 0) return 0n;
  return order.side === 'buy' ? quoteAmount(spec, order.lockPrice, quantity) : baseAmount(spec, quantity);
}

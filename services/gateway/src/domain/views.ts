import type { Denial, Difference, Meta } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type {
  Account,
  Activity,
  Balance,
  Bot,
  Candle,
  Cycle,
  Fill,
  Instrument,
  Order,
  OrderEvent,
  OrderRequest,
  OtherFee,
  Position,
  Trigger,
  TriggerKind,
  TriggerSource,
} from '@scalpstorm/model';
import { InstrumentId, isFinal, Money, PlanId, Price, Quantity } from '@scalpstorm/model';

// What clients see: exact numbers as decimal texts, times as RFC 3339 in UTC. The read model stores these very rows.

export interface AmountView {
  readonly amount: string;
  readonly currency: string;
}
export interface ReasonView {
  readonly code: string;
  readonly text: string;
}

export interface TriggerView {
  readonly kind: TriggerKind;
  readonly source: TriggerSource;
  readonly price: string | null;
  readonly distanceBps: number | null;
  readonly activationPrice: string | null;
}

export type BotView = ReturnType<typeof botView>;
export type OrderView = ReturnType<typeof orderView>;
export type OrderEventView = ReturnType<typeof orderEventView>;
export type InstrumentView = ReturnType<typeof instrumentView>;
export type DifferenceView = ReturnType<typeof differenceView>;
export type FillView = ReturnType<typeof fillView>;
export type CycleView = ReturnType<typeof cycleView>;
export type ActivityView = ReturnType<typeof activityView>;
export type BalanceView = ReturnType<typeof balanceView>;
export type PositionView = ReturnType<typeof positionView>;
export type AccountView = ReturnType<typeof accountView>;
export type CandleView = ReturnType<typeof candleView>;

const amount = (money: Money): AmountView => ({ amount: Money.format(money), currency: money.currency });

/** Venue and symbol of an instrument id that one of our own services wrote. */
export function venueAndSymbol(instrumentId: InstrumentId): { readonly venue: string; readonly symbol: string } {
  const parsed = InstrumentId.parse(instrumentId);
  return parsed ?? { venue: '', symbol: instrumentId };
}

export function botView(bot: Bot) {
  return {
    id: bot.id as string,
    name: bot.config.name,
    strategy: bot.config.strategy,
    account: bot.config.accountId as string,
    ...venueAndSymbol(bot.config.instrumentId),
    mode: bot.config.mode,
    desired: bot.desired,
    observed: bot.observed,
    reason: { code: bot.reason.code, text: bot.reason.text } satisfies ReasonView,
    since: Timestamp.toIso(bot.since),
    cycles: bot.totals.cycles,
    fills: bot.totals.fills,
    pnl: Money.format(bot.totals.pnl),
    fees: Money.format(bot.totals.fees),
    held: Quantity.format(bot.totals.held),
    currency: bot.totals.pnl.currency as string,
    parameters: bot.config.parameters,
    version: bot.version,
    createdAt: Timestamp.toIso(bot.createdAt),
  } as const;
}

/** The part of an order that its request fixes. */
function requestView(request: OrderRequest) {
  return {
    clientOrderId: request.clientOrderId as string,
    bot: request.botId as string | null,
    plan: (PlanId.slotOf(request.clientOrderId)?.planId ?? null) as string | null,
    account: request.accountId as string,
    ...venueAndSymbol(request.instrumentId),
    mode: request.mode,
    side: request.side,
    type: request.type,
    timeInForce: request.timeInForce,
    purpose: request.purpose,
    quantity: Quantity.format(request.quantity),
    price: request.price === null ? null : Price.format(request.price),
    trigger: request.trigger === undefined ? null : triggerView(request.trigger),
    expiresAt: request.expiresAt === undefined ? null : Timestamp.toIso(request.expiresAt),
    displayQuantity: request.displayQuantity === undefined ? null : Quantity.format(request.displayQuantity),
  } as const;
}

export function triggerView(trigger: Trigger): TriggerView {
  const { kind, source } = trigger;
  if (kind !== 'trailing')
    return { kind, source, price: Price.format(trigger.price), distanceBps: null, activationPrice: null };
  const { distanceBps, activation } = trigger;
  const activationPrice = activation === null ? null : Price.format(activation);
  return { kind, source, price: null, distanceBps, activationPrice };
}

export function orderView(order: Order) {
  return {
    ...requestView(order.request),
    status: order.status,
    final: isFinal(order.status),
    filledQuantity: Quantity.format(order.filledQuantity),
    averagePrice: averagePrice(order),
    fees: order.fees.map(amount),
    venueOrderId: order.venueOrderId as string | null,
    cancelReason: order.cancelReason as string | null,
    reason: order.reason as ReasonView | null,
    denial: null as Denial | null,
    version: order.version,
    createdAt: Timestamp.toIso(order.createdAt),
    updatedAt: Timestamp.toIso(order.updatedAt),
  } as const;
}

/** One step in the life of an order. */
export function orderEventView(event: OrderEvent, version: number, occurredAt: Timestamp) {
  return {
    version,
    kind: event.kind,
    at: Timestamp.toIso(occurredAt),
    reason: ('reason' in event ? event.reason : null) as ReasonView | null,
    cancelReason: (event.kind === 'cancel-requested' ? event.cancelReason : null) as string | null,
    price: event.kind === 'filled' ? Price.format(event.fill.price) : null,
    quantity: event.kind === 'filled' ? Quantity.format(event.fill.quantity) : null,
  } as const;
}

/** An order that was asked for, and has no verdict yet. */
export function requestedOrderView(request: OrderRequest, at: Timestamp): OrderView {
  return {
    ...requestView(request),
    status: 'initialized',
    final: false,
    filledQuantity: '0',
    averagePrice: null,
    fees: [],
    venueOrderId: null,
    cancelReason: null,
    reason: null,
    denial: null,
    version: 0,
    createdAt: Timestamp.toIso(at),
    updatedAt: Timestamp.toIso(at),
  };
}

/** An order that the gate refused never reached execution, so the denial is all there is to show. */
export function deniedOrderView(request: OrderRequest, denial: Denial, meta: Meta): OrderView {
  return {
    ...requestView(request),
    status: 'denied',
    final: true,
    filledQuantity: '0',
    averagePrice: null,
    fees: [],
    venueOrderId: null,
    cancelReason: null,
    reason: { code: denial.code, text: denial.text },
    denial,
    version: 0,
    createdAt: Timestamp.toIso(meta.occurredAt),
    updatedAt: Timestamp.toIso(meta.occurredAt),
  };
}

/** For display, cut to 12 decimals; nothing is computed from it. */
function averagePrice(order: Order): string | null {
  if (order.filledQuantity <= 0n) return null;
  // a notional counts 10^-18 and a quantity 10^-12, so their quotient lacks six of the twelve decimals of a price
  const units = (order.filledNotional.amount * 10n ** 6n) / order.filledQuantity;
  return Price.format(Price.fromUnits(units));
}

export function fillView(fill: Fill, request: OrderRequest) {
  return {
    tradeId: fill.tradeId as string,
    clientOrderId: fill.clientOrderId as string,
    bot: request.botId as string | null,
    account: request.accountId as string,
    ...venueAndSymbol(fill.instrumentId),
    mode: request.mode,
    side: fill.side,
    price: Price.format(fill.price),
    quantity: Quantity.format(fill.quantity),
    fee: amount(fill.fee),
    liquidity: fill.liquidity,
    occurredAt: Timestamp.toIso(fill.occurredAt),
  } as const;
}

export function cycleView(cycle: Cycle) {
  return {
    bot: cycle.botId as string,
    number: cycle.number,
    ...venueAndSymbol(cycle.instrumentId),
    mode: cycle.mode,
    quantity: Quantity.format(cycle.quantity),
    buyPrice: Price.format(cycle.buyPrice),
    sellPrice: Price.format(cycle.sellPrice),
    gross: Money.format(cycle.gross),
    fees: Money.format(cycle.fees),
    net: Money.format(cycle.net),
    currency: cycle.net.currency as string,
    buyQuantity: Quantity.format(cycle.buyQuantity),
    sellQuantity: Quantity.format(cycle.sellQuantity),
    feesPaid: cycle.feesPaid.map(amount),
    otherFees: cycle.otherFees.map(otherFeeView),
    dust: Quantity.format(cycle.dust),
    exit: cycle.exit,
    startedAt: Timestamp.toIso(cycle.startedAt),
    completedAt: Timestamp.toIso(cycle.completedAt),
  } as const;
}

const otherFeeView = ({ fee, value, priced }: OtherFee) => ({
  fee: amount(fee),
  value: value && amount(value),
  priced: priced && { price: Price.format(priced.price), at: Timestamp.toIso(priced.at) },
});

export function activityView(activity: Activity, meta: Meta) {
  return {
    id: meta.eventId as string,
    at: Timestamp.toIso(meta.occurredAt),
    level: activity.level,
    code: activity.code,
    text: activity.text,
    bot: activity.botId as string | null,
    data: activity.data,
  } as const;
}

export function candleView(candle: Candle) {
  return {
    openedAt: Timestamp.toIso(candle.openedAt),
    open: Price.format(candle.open),
    high: Price.format(candle.high),
    low: Price.format(candle.low),
    close: Price.format(candle.close),
    volume: Quantity.format(candle.volume),
    trades: candle.trades,
    closed: candle.closed,
  } as const;
}

export function balanceView(balance: Balance, account: Account) {
  return {
    account: account.id as string,
    mode: account.mode,
    currency: balance.currency as string,
    free: Money.format(balance.free),
    locked: Money.format(balance.locked),
    total: Money.format(Money.plus(balance.free, balance.locked)),
  } as const;
}

export function positionView(position: Position, account: Account) {
  return {
    account: account.id as string,
    mode: account.mode,
    bot: position.botId as string | null,
    ...venueAndSymbol(position.instrumentId),
    quantity: Quantity.format(position.quantity),
    cash: Money.format(position.cash),
    currency: position.cash.currency as string,
    fees: position.fees.map(amount),
    fills: position.fills,
    updatedAt: Timestamp.toIso(position.updatedAt),
  } as const;
}

export function accountView(account: Account) {
  return {
    id: account.id as string,
    venue: account.venue as string,
    mode: account.mode,
    label: account.label,
  } as const;
}

export function instrumentView(instrument: Instrument, lastPrice: Price | null) {
  return {
    id: instrument.id as string,
    venue: instrument.venue as string,
    symbol: instrument.symbol,
    base: instrument.base as string,
    quote: instrument.quote as string,
    status: instrument.status,
    tickSize: Price.format(instrument.tickSize),
    priceMin: Price.format(instrument.priceMin),
    priceMax: Price.format(instrument.priceMax),
    stepSize: Quantity.format(instrument.stepSize),
    quantityMin: Quantity.format(instrument.quantityMin),
    quantityMax: Quantity.format(instrument.quantityMax),
    marketQuantityMax: Quantity.format(instrument.marketQuantityMax),
    notionalMin: Money.format(instrument.notionalMin),
    makerFeeRate: instrument.makerFeeRate,
    takerFeeRate: instrument.takerFeeRate,
    lastPrice: lastPrice === null ? null : Price.format(lastPrice),
  } as const;
}

export function differenceView(difference: Difference) {
  return {
    kind: difference.kind,
    account: difference.accountId as string,
    subject: difference.subject,
    ours: difference.ours,
    theirs: difference.theirs,
    decision: difference.decision,
    repaired: difference.repaired,
  } as const;
}

import { ClientOrderId, checkFilters, formatDecimal, Price, Quantity } from '@scalpstorm/model';
import { closable, worstPosition } from './bot-standing.js';
import { denial, higher, type Judgement, moneyText, referencePrice, valueUp } from './judgement.js';
import type { RiskDenial } from './policy.js';
import { botStanding } from './standing.js';

/** A check that an order must pass; the first that fails is the answer. */
export interface Check {
  readonly name: string;
  /** Opening orders meet every check, closing ones only those that say so. */
  readonly closing: boolean;
  judge(judgement: Judgement): RiskDenial | null;
}

/** While halted nothing leaves but the flatten's own orders and what a person closes by hand. */
function tradingHalted({ request, context }: Judgement): RiskDenial | null {
  if (context.tradingState !== 'halted') return null;
  const byHand = request.botId === null;
  const flatten = ClientOrderId.slotOf(request.clientOrderId)?.leg === 'flatten';
  if (request.purpose === 'close' && (flatten || byHand)) return null;
  return denial('TRADING_HALTED', 'Trading is halted.', ['active', 'halted'], 'Release trading, then the bot goes on.');
}

function gateRecovering({ context }: Judgement): RiskDenial | null {
  if (!context.recovering) return null;
  const text = 'The risk gate has just started and waits until approvals from before have expired.';
  return denial('GATE_RECOVERING', text, ['', ''], 'Wait some seconds; the bot tries again by itself.');
}

function instrumentKnown({ request, context }: Judgement): RiskDenial | null {
  if (context.instrument?.id === request.instrumentId) return null;
  const text = `The instrument ${request.instrumentId} is not known.`;
  return denial('INSTRUMENT_UNKNOWN', text, ['', request.instrumentId], 'Check the ticker and the venue.');
}

function instrumentTrading({ context }: Judgement): RiskDenial | null {
  if (context.instrument?.status !== 'halted') return null;
  const text = `${context.instrument.symbol} is not being traded at the venue.`;
  return denial('INSTRUMENT_HALTED', text, ['trading', 'halted'], 'Wait until the venue resumes it.');
}

function currencyCovered({ limits, context }: Judgement): RiskDenial | null {
  const quote = context.instrument?.quote;
  if (quote === undefined || quote === limits.currency) return null;
  const text = `The account has no limits in ${quote}.`;
  return denial('CURRENCY_NOT_COVERED', text, [limits.currency, quote], 'Set limits in that currency.');
}

/** Closing orders are exempt from the notional minimum and from a halt: whether they pass is for the venue to say. */
function venueFilters(judgement: Judgement): RiskDenial | null {
  const { request, context } = judgement;
  if (!context.instrument) return null;
  const instrument = { ...context.instrument, status: 'trading' } as const;
  const atMarket = referencePrice(judgement) ?? instrument.priceMax;
  const onTick = Price.floorTo(atMarket, instrument.tickSize);
  const smallest = Price.ceilTo(instrument.priceMin, instrument.tickSize);
  const price = request.price ?? higher(onTick, smallest);
  const checked = checkFilters(instrument, price, request.quantity);
  if (checked.ok) return null;
  const { code, field, limit, value, suggestion } = checked.error;
  if (code === 'NOTIONAL_BELOW_MINIMUM' && request.purpose === 'close') return null;
  const text = `The venue does not take this ${field}: ${value} (${limit}).`;
  return denial(
    code,
    text,
    [limit, value],
    suggestion === '' ? 'Change the order.' : `Nearest allowed: ${suggestion}.`,
  );
}

function idUnused({ request, standing, context }: Judgement): RiskDenial | null {
  const bot = botStanding(standing, request.botId);
  const id = request.clientOrderId;
  if (!context.seenBefore && !bot.orders.has(id) && !bot.finished.has(id)) return null;
  return denial('DUPLICATE_ORDER', `The order ${id} was decided before.`, ['1', '2'], 'Use a new attempt.');
}

function withinPosition({ request, standing }: Judgement): RiskDenial | null {
  if (request.purpose !== 'close') return null;
  const limit = closable(botStanding(standing, request.botId), request.instrumentId, request.side);
  if (request.quantity <= limit) return null;
  const most = Quantity.format(limit);
  const text = `Closing ${Quantity.format(request.quantity)} is more than its own fills hold less its working orders: ${most}.`;
  const next = limit === 0n ? 'There is nothing left to close.' : `Close at most ${most}, in whole steps.`;
  return denial('EXCEEDS_POSITION', text, [most, Quantity.format(request.quantity)], next);
}

function marketDataFresh({ limits, context }: Judgement): RiskDenial | null {
  const next = 'Wait for the feed; the bot tries again by itself.';
  const { market, now } = context;
  if (market === null) return denial('MARKET_DATA_STALE', 'There is no market data yet.', ['', ''], next);
  if (market.feed !== 'live') {
    return denial('MARKET_DATA_STALE', `The feed is ${market.feed}.`, ['live', market.feed], next);
  }
  const age = now - market.occurredAt;
  if (age > limits.marketDataAgeMax) {
    const text = `The newest price is ${age / 1000} ms old.`;
    return denial('MARKET_DATA_STALE', text, [`${limits.marketDataAgeMax / 1000} ms`, `${age / 1000} ms`], next);
  }
  if (-age <= limits.marketDataLeadMax) return null;
  const text = `The newest price is ${-age / 1000} ms in the future.`;
  const limit = `${limits.marketDataLeadMax / 1000} ms`;
  return denial('MARKET_DATA_FROM_FUTURE', text, [limit, `${-age / 1000} ms`], 'Check the clocks.');
}

function priceKnown(judgement: Judgement): RiskDenial | null {
  if (referencePrice(judgement) !== null) return null;
  const next = 'Wait for the first price; the bot tries again by itself.';
  return denial('REFERENCE_PRICE_MISSING', 'No price is known to judge the order by.', ['', ''], next);
}

/** Only the losing side counts: a buy far below the market hurts nobody. */
function withinCollar(judgement: Judgement): RiskDenial | null {
  const { request, limits } = judgement;
  const reference = referencePrice(judgement);
  if (request.price === null || reference === null) return null;
  const margin = (reference * BigInt(limits.priceCollarBps)) / 10_000n;
  const worst = Price.fromUnits(request.side === 'buy' ? reference + margin : reference - margin);
  if (request.side === 'buy' ? request.price <= worst : request.price >= worst) return null;
  const limit = Price.format(worst);
  const text = `The price is more than ${limits.priceCollarBps} bps worse than the market's ${Price.format(reference)}.`;
  const next = `${request.side === 'buy' ? 'Buy at or below' : 'Sell at or above'} ${limit}.`;
  return denial('PRICE_OUTSIDE_COLLAR', text, [limit, Price.format(request.price)], next);
}

function orderNotional(judgement: Judgement): RiskDenial | null {
  const { request, limits } = judgement;
  const value = valueUp(request.quantity, judgement.worthEach);
  const limit = limits.orderNotionalMax;
  if (value <= limit.amount) return null;
  const text = `The order is worth ${moneyText(value, limits)}, above the limit of ${moneyText(limit.amount, limits)}.`;
  return overLimit('ORDER_NOTIONAL_ABOVE_MAXIMUM', text, limit.amount, value);
}

function botPosition(judgement: Judgement): RiskDenial | null {
  const { request, standing, limits } = judgement;
  const bot = botStanding(standing, request.botId);
  const extra = { side: request.side, left: request.quantity };
  const value = valueUp(worstPosition(bot, request.instrumentId, extra), judgement.worthEach);
  const limit = limits.botPositionMax.amount;
  if (value <= limit) return null;
  const text = `The bot could come to hold ${moneyText(value, limits)}, above its limit of ${moneyText(limit, limits)}.`;
  return overLimit('BOT_POSITION_ABOVE_MAXIMUM', text, limit, value);
}

function accountExposure(judgement: Judgement): RiskDenial | null {
  const { request, standing, limits, context } = judgement;
  let value = 0n;
  for (const totals of standing.instruments.values()) {
    if (totals.worst === 0n || totals.instrumentId === request.instrumentId) continue;
    const mark = totals.quote === limits.currency ? context.marks.get(totals.instrumentId) : undefined;
    if (mark === undefined) {
      const text = `No price in ${limits.currency} is known for ${totals.instrumentId}, which the account is exposed to.`;
      return denial('REFERENCE_PRICE_MISSING', text, ['', totals.instrumentId], 'Wait for its first price.');
    }
    value += valueUp(totals.worst, mark);
  }
  const bot = botStanding(standing, request.botId);
  const after = worstPosition(bot, request.instrumentId, { side: request.side, left: request.quantity });
  const before = worstPosition(bot, request.instrumentId);
  const others = standing.instruments.get(request.instrumentId)?.worst ?? Quantity.zero;
  value += valueUp(Quantity.fromUnits(others - before + after), judgement.worthEach);
  const limit = limits.accountExposureMax.amount;
  if (value <= limit) return null;
  const text = `The account could be exposed to ${moneyText(value, limits)}, above its limit of ${moneyText(limit, limits)}.`;
  return overLimit('ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', text, limit, value);
}

const overLimit = (code: string, text: string, limit: bigint, value: bigint): RiskDenial =>
  denial(code, text, [formatDecimal(limit, 18), formatDecimal(value, 18)], 'Lower the quantity, or raise the limit.');

function openOrders({ request, standing, limits }: Judgement): RiskDenial | null {
  const ofBot = botStanding(standing, request.botId).orders.size;
  const next = 'Cancel an order or wait until one is done.';
  if (ofBot >= limits.openOrdersPerBotMax) {
    return denial(
      'TOO_MANY_OPEN_ORDERS',
      'The bot has too many.',
      [`${limits.openOrdersPerBotMax}`, `${ofBot + 1}`],
      next,
    );
  }
  if (standing.openOrders < limits.openOrdersPerAccountMax) return null;
  const value = `${standing.openOrders + 1}`;
  return denial(
    'TOO_MANY_OPEN_ORDERS',
    'The account has too many.',
    [`${limits.openOrdersPerAccountMax}`, value],
    next,
  );
}

function orderRate({ request, standing, limits, context }: Judgement): RiskDenial | null {
  const recent = (approvals: readonly number[]): number =>
    approvals.length - approvals.findLastIndex((time) => time <= context.now - limits.rateWindow) - 1;
  const next = `At most so many orders in ${limits.rateWindow / 1000} ms; the bot tries again by itself.`;
  const rates = [
    ['The bot', recent(botStanding(standing, request.botId).approvals), limits.ordersPerBotMax],
    ['The account', recent(standing.approvals), limits.ordersPerAccountMax],
  ] as const;
  for (const [who, count, limit] of rates) {
    if (count >= limit)
      return denial('ORDER_RATE_EXCEEDED', `${who} orders too fast.`, [`${limit}`, `${count + 1}`], next);
  }
  return null;
}

/**
 * What the venue says the account has, less what our working orders will take; for a sell also less what other bots
 * hold, because one balance stands behind all of them. Only a hint: the venue decides.
 */
function balanceSuffices(judgement: Judgement): RiskDenial | null {
  const { request, standing, context } = judgement;
  const { instrument, balances } = context;
  if (balances === null || instrument === null) return null;
  const currency = request.side === 'buy' ? instrument.quote : instrument.base;
  let available = 0n;
  for (const balance of balances)
    if (balance.currency === currency) available += balance.free.amount + balance.locked.amount;
  for (const totals of standing.instruments.values()) {
    if (totals.quote === currency) available -= totals.buying / 10n ** 6n;
    if (totals.base === currency) available -= (totals.held + totals.selling) * 10n ** 6n;
  }
  const needed = request.side === 'buy' ? valueUp(request.quantity, judgement.worthEach) : request.quantity * 10n ** 6n;
  if (needed <= available) return null;
  const limit = formatDecimal(available > 0n ? available : 0n, 18);
  const text = `The order needs ${formatDecimal(needed, 18)} ${currency}; ${limit} are not yet spoken for.`;
  return denial('BALANCE_INSUFFICIENT', text, [limit, formatDecimal(needed, 18)], 'Lower the quantity or add funds.');
}

function noSelfTrade({ request, standing, context }: Judgement): RiskDenial | null {
  const totals = standing.instruments.get(request.instrumentId);
  const buying = request.side === 'buy';
  const own = (buying ? totals?.sells : totals?.buys)?.[0];
  const reach = request.price ?? (buying ? context.market?.ask : context.market?.bid);
  if (own === undefined || reach === null || reach === undefined) return null;
  if (buying ? reach < own.price : reach > own.price) return null;
  const text = `It would trade with the account's own order ${own.clientOrderId}.`;
  const limit = Price.format(own.price);
  return denial(
    'SELF_TRADE',
    text,
    [limit, Price.format(reach)],
    'Use another price, or wait until that order is done.',
  );
}

/**
 * In this order. First what stops everything, then what is wrong with the order itself, then what is wrong with the
 * market, then the limits from the smallest circle to the largest. A closing order meets no limit.
 */
export const checks: readonly Check[] = [
  { name: 'trading is not halted', closing: true, judge: tradingHalted },
  { name: 'the gate has recovered', closing: false, judge: gateRecovering },
  { name: 'the instrument is known', closing: false, judge: instrumentKnown },
  { name: 'the instrument is traded', closing: false, judge: instrumentTrading },
  { name: 'the limits cover its currency', closing: false, judge: currencyCovered },
  { name: 'the venue’s filters', closing: true, judge: venueFilters },
  { name: 'the id is new', closing: true, judge: idUnused },
  { name: 'a close is within the position', closing: true, judge: withinPosition },
  { name: 'market data is fresh', closing: false, judge: marketDataFresh },
  { name: 'a reference price is known', closing: false, judge: priceKnown },
  { name: 'the price collar', closing: false, judge: withinCollar },
  { name: 'the order’s notional', closing: false, judge: orderNotional },
  { name: 'the bot’s position', closing: false, judge: botPosition },
  { name: 'the account’s exposure', closing: false, judge: accountExposure },
  { name: 'open orders', closing: false, judge: openOrders },
  { name: 'order rate', closing: false, judge: orderRate },
  { name: 'available balance', closing: false, judge: balanceSuffices },
  { name: 'no self-trade', closing: false, judge: noSelfTrade },
];

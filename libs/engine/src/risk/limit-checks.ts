import { formatDecimal, Quantity } from '@scalpstorm/model';
import { worstPosition } from './bot-standing.js';
import { type Check, type Refusal, words } from './check.js';
import { sumWithout } from './exposure.js';
import type { InstrumentTotals } from './instrument-totals.js';
import { denial, type Finding, type Judgement, moneyText, valueUp } from './judgement.js';
import type { Unpriced } from './policy.js';
import { botStanding } from './standing.js';
import { worstOfUser } from './user-worst.js';

function orderNotional(judgement: Judgement): Finding | null {
  const { request, limits } = judgement;
  const value = valueUp(request.quantity, judgement.worthEach);
  const limit = limits.orderNotionalMax;
  if (value <= limit.amount) return null;
  const text = `The order is worth ${moneyText(value, limits)}, above the limit of ${moneyText(limit.amount, limits)}.`;
  return overLimit('ORDER_NOTIONAL_ABOVE_MAXIMUM', text, limit.amount, value);
}

function botPosition(judgement: Judgement): Finding | null {
  const { request, standing, limits } = judgement;
  const bot = botStanding(standing, request.botId);
  const extra = { side: request.side, left: request.quantity };
  const value = valueUp(worstPosition(bot, request.instrumentId, extra), judgement.worthEach);
  const limit = limits.botPositionMax.amount;
  if (value <= limit) return null;
  const text = `The bot could come to hold ${moneyText(value, limits)}, above its limit of ${moneyText(limit, limits)}.`;
  return overLimit('BOT_POSITION_ABOVE_MAXIMUM', text, limit, value);
}

interface Circle {
  /** As it begins a sentence. */
  readonly name: string;
  readonly code: string;
  readonly limit: bigint;
  /** What it is exposed to on other accounts. */
  elsewhere(): bigint | Unpriced;
  /** Of an instrument of this account, what belongs to the circle. */
  worstOf(totals: InstrumentTotals): bigint;
}

/** What a circle of bots could come to be exposed to with this order. */
function exposure(judgement: Judgement, circle: Circle): Finding | null {
  const { request, standing, limits, context } = judgement;
  const { instrumentId } = request;
  const among = { worstOf: circle.worstOf, without: instrumentId };
  const others = sumWithout(standing, limits, context.marks, among);
  if (others.missing !== null) return priceMissing(judgement, { ...request, instrumentId: others.missing });
  const elsewhere = circle.elsewhere();
  if (typeof elsewhere !== 'bigint') return priceMissing(judgement, elsewhere);
  const bot = botStanding(standing, request.botId);
  const growth =
    worstPosition(bot, instrumentId, { side: request.side, left: request.quantity }) - worstPosition(bot, instrumentId);
  const totals = standing.instruments.get(instrumentId);
  const worst = Quantity.fromUnits((totals === undefined ? 0n : circle.worstOf(totals)) + growth);
  const value = elsewhere + others.amount + valueUp(worst, judgement.worthEach);
  if (value <= circle.limit) return null;
  const most = moneyText(circle.limit, limits);
  const text = `${circle.name} could be exposed to ${moneyText(value, limits)}, above its limit of ${most}.`;
  return overLimit(circle.code, text, circle.limit, value);
}

function priceMissing({ limits }: Judgement, { accountId, instrumentId }: Unpriced): Finding {
  const text = `No price in ${limits.currency} is known for ${instrumentId}, which counts on the account ${accountId}.`;
  return denial(
    'REFERENCE_PRICE_MISSING',
    text,
    ['', instrumentId],
    'Wait for its first price, or sell it at the venue.',
  );
}

const accountExposure = (judgement: Judgement): Finding | null =>
  exposure(judgement, {
    name: 'The account',
    code: 'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM',
    limit: judgement.limits.accountExposureMax.amount,
    elsewhere: () => 0n,
    worstOf: (totals) => totals.worst,
  });

const userExposure = (judgement: Judgement): Finding | null =>
  exposure(judgement, {
    name: 'The user',
    code: 'USER_EXPOSURE_ABOVE_MAXIMUM',
    limit: judgement.limits.userExposureMax.amount,
    elsewhere: () => judgement.context.elsewhere.user(),
    worstOf: ({ instrumentId }) => worstOfUser(judgement.standing.users, judgement.request.userId, instrumentId),
  });

const venueExposure = (judgement: Judgement): Finding | null =>
  exposure(judgement, {
    name: 'The venue',
    code: 'VENUE_EXPOSURE_ABOVE_MAXIMUM',
    limit: judgement.limits.venueExposureMax.amount,
    elsewhere: () => judgement.context.elsewhere.venue(),
    worstOf: (totals) => (totals.venue === judgement.context.instrument?.venue ? totals.worst : 0n),
  });

const overLimit = (code: string, text: string, limit: bigint, value: bigint): Finding =>
  denial(code, text, [formatDecimal(limit, 18), formatDecimal(value, 18)], 'Lower the quantity, or raise the limit.');

function openOrders({ request, standing, limits }: Judgement): Finding | null {
  const next = 'Cancel an order or wait until one is done.';
  const counts = [
    ['The bot', botStanding(standing, request.botId).orders.size, 'openOrdersPerBotMax'],
    ['The account', standing.openOrders, 'openOrdersPerAccountMax'],
  ] as const;
  for (const [who, count, broken] of counts) {
    const numbers = [`${limits[broken]}`, `${count + 1}`] as const;
    if (count >= limits[broken])
      return { ...denial('TOO_MANY_OPEN_ORDERS', `${who} has too many.`, numbers, next), broken };
  }
  return null;
}

function orderRate({ request, standing, limits, context }: Judgement): Finding | null {
  const recent = (approvals: readonly number[]): number =>
    approvals.length - approvals.findLastIndex((time) => time <= context.now - limits.rateWindow) - 1;
  const next = `At most so many orders in ${limits.rateWindow / 1000} ms; the bot tries again by itself.`;
  const rates = [
    ['The bot', recent(botStanding(standing, request.botId).approvals), 'ordersPerBotMax'],
    ['The account', recent(standing.approvals), 'ordersPerAccountMax'],
  ] as const;
  for (const [who, count, broken] of rates) {
    const numbers = [`${limits[broken]}`, `${count + 1}`] as const;
    if (count >= limits[broken])
      return { ...denial('ORDER_RATE_EXCEEDED', `${who} orders too fast.`, numbers, next), broken };
  }
  return null;
}

const lower = 'Lower the quantity, or raise the limit.';
const missing: Refusal = {
  code: 'REFERENCE_PRICE_MISSING',
  field: '',
  limit: words('a price for everything that counts'),
  next: 'Wait for its first price.',
};
const exposed = (code: string, limit: Refusal['limit']): readonly Refusal[] => [
  { code, field: '/quantity', limit, next: lower },
  missing,
];

/** Then the limits, from the smallest circle to the largest. */
export const limitChecks: readonly Check[] = [
  {
    name: 'the order’s notional',
    closing: false,
    refusals: [{ code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM', field: '/quantity', limit: 'orderNotionalMax', next: lower }],
    judge: orderNotional,
  },
  {
    name: 'the bot’s position',
    closing: false,
    refusals: [{ code: 'BOT_POSITION_ABOVE_MAXIMUM', field: '/quantity', limit: 'botPositionMax', next: lower }],
    judge: botPosition,
  },
  {
    name: 'the account’s exposure',
    closing: false,
    refusals: exposed('ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', 'accountExposureMax'),
    judge: accountExposure,
  },
  {
    name: 'the user’s exposure over all accounts of the mode',
    closing: false,
    refusals: exposed('USER_EXPOSURE_ABOVE_MAXIMUM', 'userExposureMax'),
    judge: userExposure,
  },
  {
    name: 'the exposure to the venue over all accounts of the mode',
    closing: false,
    refusals: exposed('VENUE_EXPOSURE_ABOVE_MAXIMUM', 'venueExposureMax'),
    judge: venueExposure,
  },
  {
    name: 'open orders',
    closing: false,
    refusals: [
      {
        code: 'TOO_MANY_OPEN_ORDERS',
        field: '',
        limit: 'openOrdersPerBotMax',
        next: 'Cancel an order or wait until one is done.',
      },
    ],
    judge: openOrders,
  },
  {
    name: 'order rate',
    closing: false,
    refusals: [
      {
        code: 'ORDER_RATE_EXCEEDED',
        field: '',
        limit: 'ordersPerBotMax',
        next: 'Wait; the bot tries again by itself.',
      },
    ],
    judge: orderRate,
  },
];

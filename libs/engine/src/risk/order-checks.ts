import { checkFilters, type FilterViolation, Price, Quantity } from '@scalpstorm/model';
import { isSameTrigger } from '../orders/trigger.js';
import { closable } from './bot-standing.js';
import { type Check, type Refusal, words } from './check.js';
import { denial, type Finding, higher, type Judgement, marketThen } from './judgement.js';
import { botStanding } from './standing.js';

function gateRecovering({ context }: Judgement): Finding | null {
  if (!context.recovering) return null;
  const text = 'The risk gate has just started and waits until approvals from before have expired.';
  return denial('GATE_RECOVERING', text, ['', ''], 'Wait some seconds; the bot tries again by itself.');
}

function booksUnderstood({ request, context: { unlisted = null } }: Judgement): Finding | null {
  if (unlisted === null) return null;
  const text = `The books of the account ${request.accountId} hold ${unlisted}, which market-data does not list, so nobody can say what the account is exposed to.`;
  const next = `Cancel or sell ${unlisted} at the venue, or have market-data list it; what is held of others can be closed.`;
  return denial('ACCOUNT_HOLDS_UNLISTED', text, ['', unlisted], next);
}

function instrumentKnown({ request, context }: Judgement): Finding | null {
  if (context.instrument?.id === request.instrumentId) return null;
  const text = `The instrument ${request.instrumentId} is not known.`;
  return denial('INSTRUMENT_UNKNOWN', text, ['', request.instrumentId], 'Check the ticker and the venue.');
}

function instrumentTrading({ context }: Judgement): Finding | null {
  if (context.instrument?.status !== 'halted') return null;
  const text = `${context.instrument.symbol} is not being traded at the venue.`;
  return denial('INSTRUMENT_HALTED', text, ['trading', 'halted'], 'Wait until the venue resumes it.');
}

function currencyCovered({ limits, context }: Judgement): Finding | null {
  const quote = context.instrument?.quote;
  if (quote === undefined || quote === limits.currency) return null;
  const text = `The account has no limits in ${quote}.`;
  return denial('CURRENCY_NOT_COVERED', text, [limits.currency, quote], 'Set limits in that currency.');
}

/**
 * Closing orders are exempt from the notional minimum, the maximum of an order at the market, and a halt: whether they pass is
 * for the venue to say.
 */
function venueFilters(judgement: Judgement): Finding | null {
  const { request, context } = judgement;
  if (!context.instrument) return null;
  const instrument = { ...context.instrument, status: 'trading' } as const;
  const atMarket = marketThen(judgement) ?? instrument.priceMax;
  const onTick = Price.floorTo(atMarket, instrument.tickSize);
  const smallest = Price.ceilTo(instrument.priceMin, instrument.tickSize);
  const price = request.price ?? higher(onTick, smallest);
  const filtered = request.purpose === 'open' ? request.type : 'limit';
  const checked = checkFilters(instrument, price, request.quantity, filtered);
  if (checked.ok) return null;
  const { code, field, limit, value, suggestion } = checked.error;
  if (code === 'NOTIONAL_BELOW_MINIMUM' && request.purpose === 'close') return null;
  const text = `The venue does not take this ${field}: ${value} (${limit}).`;
  const next = suggestion === '' ? 'Change the order.' : `Nearest allowed: ${suggestion}.`;
  return denial(code, text, [limit, value], next);
}

function idUnused({ request, standing, context }: Judgement): Finding | null {
  const bot = botStanding(standing, request.botId);
  const id = request.clientOrderId;
  if (!context.seenBefore && !bot.orders.has(id) && !bot.finished.has(id)) return null;
  return denial('DUPLICATE_ORDER', `The order ${id} was decided before.`, ['1', '2'], 'Use a new attempt.');
}

function withinPosition({ request, standing }: Judgement): Finding | null {
  if (request.purpose !== 'close') return null;
  const limit = closable(botStanding(standing, request.botId), request.instrumentId, request.side);
  if (request.quantity <= limit) return null;
  const most = Quantity.format(limit);
  const text = `Closing ${Quantity.format(request.quantity)} is more than its own fills hold less its working orders: ${most}.`;
  const next = limit === 0n ? 'There is nothing left to close.' : `Close at most ${most}, in whole steps.`;
  return denial('EXCEEDS_POSITION', text, [most, Quantity.format(request.quantity)], next);
}

/** A strategy that has lost its way asks for the same thing under ever new ids. */
function notRepeated({ request, standing, limits }: Judgement): Finding | null {
  const { orders } = botStanding(standing, request.botId);
  let alike = 0;
  for (const order of orders.values()) {
    const same =
      order.instrumentId === request.instrumentId &&
      order.side === request.side &&
      isSameTrigger(order.trigger, request.trigger ?? null);
    const price = request.price === null ? !order.limited : order.limited && order.price === request.price;
    if (same && price && order.purpose === 'open' && order.left === request.quantity) alike += 1;
  }
  if (alike < limits.identicalOrdersMax) return null;
  const whose = request.botId === null ? 'By hand and by plans the account' : 'The bot';
  const text = `${whose} has ${alike} working orders like this one already.`;
  const next =
    request.botId === null
      ? 'Wait until one of them is done, or cancel one, then order or plan it anew.'
      : 'Wait until one of them is done; the bot tries again by itself.';
  return denial('REPEATED_ORDER', text, [`${limits.identicalOrdersMax}`, `${alike + 1}`], next);
}

const venueRule = words('the venue’s filters');
const nearest = 'Use the nearest allowed value that the answer names.';
/** Of each code of the filters; the venue's halt has a check of its own. */
const filterFields: Readonly<Record<Exclude<FilterViolation['code'], 'INSTRUMENT_HALTED'>, string>> = {
  PRICE_OUT_OF_RANGE: '/price',
  PRICE_OFF_TICK: '/price',
  QUANTITY_BELOW_MINIMUM: '/quantity',
  QUANTITY_ABOVE_MAXIMUM: '/quantity',
  QUANTITY_OFF_STEP: '/quantity',
  NOTIONAL_BELOW_MINIMUM: '/quantity',
};
const filters: readonly Refusal[] = Object.entries(filterFields).map(([code, field]) => ({
  code,
  field,
  limit: venueRule,
  next: nearest,
}));

/** First what keeps the gate from judging, then what is wrong with the order itself. */
export const orderChecks: readonly Check[] = [
  {
    name: 'the gate has recovered',
    closing: false,
    refusals: [
      {
        code: 'GATE_RECOVERING',
        field: '',
        limit: words('the life of an approval after a start'),
        next: 'Wait some seconds.',
      },
    ],
    judge: gateRecovering,
  },
  {
    name: 'everything that the account holds is listed',
    closing: false,
    refusals: [
      {
        code: 'ACCOUNT_HOLDS_UNLISTED',
        field: '',
        limit: words('what market-data lists'),
        next: 'Cancel or sell it at the venue, or have it listed.',
      },
    ],
    judge: booksUnderstood,
  },
  {
    name: 'the instrument is known',
    closing: false,
    refusals: [
      {
        code: 'INSTRUMENT_UNKNOWN',
        field: '/instrumentId',
        limit: words('what the venue lists'),
        next: 'Check the ticker and the venue.',
      },
    ],
    judge: instrumentKnown,
  },
  {
    name: 'the instrument is traded',
    closing: false,
    refusals: [
      {
        code: 'INSTRUMENT_HALTED',
        field: '/instrumentId',
        limit: words('the venue’s own halt'),
        next: 'Wait until the venue resumes it.',
      },
    ],
    judge: instrumentTrading,
  },
  {
    name: 'the limits cover its currency',
    closing: false,
    refusals: [
      { code: 'CURRENCY_NOT_COVERED', field: '/instrumentId', limit: 'currency', next: 'Set limits in that currency.' },
    ],
    judge: currencyCovered,
  },
  {
    name: 'the venue’s filters',
    closing: true,
    refusals: filters,
    judge: venueFilters,
  },
  {
    name: 'the id is new',
    closing: true,
    refusals: [
      {
        code: 'DUPLICATE_ORDER',
        field: '/clientOrderId',
        limit: words('one order an id'),
        next: 'Use a new attempt.',
      },
    ],
    judge: idUnused,
  },
  {
    name: 'a close is within the position',
    closing: true,
    refusals: [
      {
        code: 'EXCEEDS_POSITION',
        field: '/quantity',
        limit: words('what the bot’s own fills hold, less its working orders of that side'),
        next: 'Close at most what is left.',
      },
    ],
    judge: withinPosition,
  },
  {
    name: 'not the same order again and again',
    closing: false,
    refusals: [
      {
        code: 'REPEATED_ORDER',
        field: '/clientOrderId',
        limit: 'identicalOrdersMax',
        next: 'Wait until one of them is done, or cancel one; who ordered or planned it by hand does so anew.',
      },
    ],
    judge: notRepeated,
  },
];

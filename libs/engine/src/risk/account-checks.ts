import { type Currency, formatDecimal, Price } from '@scalpstorm/model';
import { type Check, words } from './check.js';
import { denial, type Finding, type Judgement, valueUp } from './judgement.js';
import type { Funds } from './policy.js';

function balanceKnown({ limits, context }: Judgement): Finding | null {
  const next = 'Wait until the venue has been asked; the bot tries again by itself.';
  if (context.funds === null) {
    return denial('BALANCE_UNKNOWN', 'It is not known what the account has.', ['', ''], next);
  }
  const age = context.now - context.funds.asOf;
  if (age <= limits.balanceAgeMax) return null;
  const text = `What the account has was last heard ${age / 1000} ms ago.`;
  return denial('BALANCE_STALE', text, [`${limits.balanceAgeMax / 1000} ms`, `${age / 1000} ms`], next);
}

/**
 * A buy needs free quote, a sell free base: what is free at the venue less what was promised to orders that the venue had not
 * yet taken it from. One balance stands behind all bots, so what others hold is not this one's to sell.
 */
function balanceSuffices(judgement: Judgement): Finding | null {
  const { request, context } = judgement;
  const { instrument, funds } = context;
  if (funds === null || instrument === null) return null;
  const buying = request.side === 'buy';
  const currency = buying ? instrument.quote : instrument.base;
  const spare = available(funds, currency) - (buying ? 0n : heldByBots(judgement, currency));
  const needed = buying ? valueUp(request.quantity, judgement.worthEach) : request.quantity * baseUnit;
  if (needed <= spare) return null;
  const limit = formatDecimal(spare > 0n ? spare : 0n, 18);
  const text = `The order needs ${formatDecimal(needed, 18)} ${currency}; ${limit} are not yet spoken for.`;
  return denial('BALANCE_INSUFFICIENT', text, [limit, formatDecimal(needed, 18)], 'Lower the quantity or add funds.');
}

/** Quantities count 10^-12, money 10^-18. */
const baseUnit = 10n ** 6n;

const available = ({ free, promised }: Funds, currency: Currency): bigint =>
  (free.get(currency) ?? 0n) - (promised.get(currency) ?? 0n);

/** What bots hold and have not offered for sale, which the venue has locked or which is promised. */
function heldByBots({ standing }: Judgement, base: Currency): bigint {
  let held = 0n;
  for (const totals of standing.instruments.values()) {
    if (totals.base === base && totals.held > totals.closing) held += (totals.held - totals.closing) * baseUnit;
  }
  return held;
}

/** Of one that waits nobody knows what the book is then: the venue is told with every order that what rests gives way. */
function noSelfTrade({ request, standing, context }: Judgement): Finding | null {
  if (request.trigger !== undefined) return null;
  const totals = standing.instruments.get(request.instrumentId);
  const buying = request.side === 'buy';
  const own = (buying ? totals?.sells : totals?.buys)?.[0];
  const reach = request.price ?? (buying ? context.market?.ask : context.market?.bid);
  if (own === undefined || reach === null || reach === undefined) return null;
  if (buying ? reach < own.price : reach > own.price) return null;
  const text = `It would trade with the account's own order ${own.clientOrderId}.`;
  const numbers = [Price.format(own.price), Price.format(reach)] as const;
  return denial('SELF_TRADE', text, numbers, 'Use another price, or wait until that order is done.');
}

/** Last what the account itself can bear. */
export const accountChecks: readonly Check[] = [
  {
    name: 'the balance is known',
    closing: false,
    refusals: [
      {
        code: 'BALANCE_UNKNOWN',
        field: '',
        limit: words('what the venue says'),
        next: 'Wait until the venue has been asked.',
      },
      { code: 'BALANCE_STALE', field: '', limit: 'balanceAgeMax', next: 'Wait until the venue has been asked.' },
    ],
    judge: balanceKnown,
  },
  {
    name: 'available balance',
    closing: false,
    refusals: [
      {
        code: 'BALANCE_INSUFFICIENT',
        field: '/quantity',
        limit: words('what is free, less what is promised; for a sell also less what bots hold'),
        next: 'Lower the quantity or add funds.',
      },
    ],
    judge: balanceSuffices,
  },
  {
    name: 'no self-trade',
    closing: false,
    refusals: [
      {
        code: 'SELF_TRADE',
        field: '/price',
        limit: words('the account’s own best order on the other side'),
        next: 'Use another price, or wait until that order is done.',
      },
    ],
    judge: noSelfTrade,
  },
];

import { Price } from '@scalpstorm/model';
import { type Check, words } from './check.js';
import { denial, type Finding, type Judgement, marketThen, referencePrice } from './judgement.js';

function marketDataFresh({ limits, context }: Judgement): Finding | null {
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

/** A bid above the ask is a broken picture, and its middle means nothing. */
function bookNotCrossed({ context }: Judgement): Finding | null {
  const { bid = null, ask = null } = context.market ?? {};
  if (bid === null || ask === null || bid <= ask) return null;
  const text = `The best bid ${Price.format(bid)} is above the best ask ${Price.format(ask)}.`;
  const next = 'Wait for the feed; the bot tries again by itself.';
  return denial('MARKET_DATA_CROSSED', text, [Price.format(ask), Price.format(bid)], next);
}

function priceKnown(judgement: Judgement): Finding | null {
  const reference = referencePrice(judgement);
  if (reference !== null && reference > 0n) return null;
  const next = 'Wait for the first price; the bot tries again by itself.';
  return denial('REFERENCE_PRICE_MISSING', 'No price is known to judge the order by.', ['', ''], next);
}

/** Only the losing side counts: a buy far below the market hurts nobody. One that waits is held against the market at its trigger. */
function withinCollar(judgement: Judgement): Finding | null {
  const { request, limits } = judgement;
  const reference = marketThen(judgement);
  if (request.price === null || reference === null) return null;
  const margin = (reference * BigInt(limits.priceCollarBps)) / 10_000n;
  const worst = Price.fromUnits(request.side === 'buy' ? reference + margin : reference - margin);
  if (request.side === 'buy' ? request.price <= worst : request.price >= worst) return null;
  const limit = Price.format(worst);
  const text = `The price is more than ${limits.priceCollarBps} bps worse than the market's ${Price.format(reference)}.`;
  const next = `${request.side === 'buy' ? 'Buy at or below' : 'Sell at or above'} ${limit}.`;
  return denial('PRICE_OUTSIDE_COLLAR', text, [limit, Price.format(request.price)], next);
}

const wait = 'Wait for the feed.';

/** Then what is wrong with the market. */
export const marketChecks: readonly Check[] = [
  {
    name: 'market data is fresh',
    closing: false,
    refusals: [
      { code: 'MARKET_DATA_STALE', field: '', limit: 'marketDataAgeMax', next: wait },
      { code: 'MARKET_DATA_FROM_FUTURE', field: '', limit: 'marketDataLeadMax', next: 'Check the clocks.' },
    ],
    judge: marketDataFresh,
  },
  {
    name: 'the book is not crossed',
    closing: false,
    refusals: [{ code: 'MARKET_DATA_CROSSED', field: '', limit: words('the best ask'), next: wait }],
    judge: bookNotCrossed,
  },
  {
    name: 'a reference price is known',
    closing: false,
    refusals: [
      {
        code: 'REFERENCE_PRICE_MISSING',
        field: '',
        limit: words('the middle of the book, else the last trade'),
        next: 'Wait for the first price.',
      },
    ],
    judge: priceKnown,
  },
  {
    name: 'the price collar',
    closing: false,
    refusals: [
      {
        code: 'PRICE_OUTSIDE_COLLAR',
        field: '/price',
        limit: 'priceCollarBps',
        next: 'Buy lower or sell higher, as the answer says.',
      },
    ],
    judge: withinCollar,
  },
];

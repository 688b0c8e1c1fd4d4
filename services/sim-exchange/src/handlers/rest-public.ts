import { intervals, isInterval } from '../domain/candle-series.js';
import type { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import { isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import { pageOf, pageParams } from './order-lookup.js';
import { marketParam } from './order-params.js';
import {
  aggregateTrade,
  averagePrice,
  bestTexts,
  bookSnapshot,
  candleRow,
  dayTicker,
  publicTrade,
} from './wire-market.js';
import { symbolInfo } from './wire-symbol.js';

export type PublicCall = (exchange: Exchange, params: URLSearchParams, now: number) => object | VenueError;

const depthLimits = { usual: 100, max: 5_000 };
const listLimits = { usual: 500, max: 1_000 };

/** Market data over REST; nothing here needs a key. */
export const publicCalls: Readonly<Record<string, PublicCall>> = {
  'GET /api/v3/ping': () => ({}),
  'GET /api/v3/time': (_exchange, _params, now) => ({ serverTime: now }),
  'GET /api/v3/exchangeInfo': exchangeInfo,
  'GET /api/v3/depth': (exchange, params) =>
    ofMarket(exchange, params, (market) => {
      const page = pageParams(params, 'fromId', depthLimits);
      return isRefused(page) ? page : bookSnapshot(market, page.limit);
    }),
  'GET /api/v3/trades': (exchange, params) =>
    tapePage(exchange, params, (market, page) => page.map((trade) => publicTrade(market.spec, trade))),
  'GET /api/v3/historicalTrades': (exchange, params) =>
    tapePage(exchange, params, (market, page) => page.map((trade) => publicTrade(market.spec, trade))),
  'GET /api/v3/aggTrades': (exchange, params) =>
    tapePage(exchange, params, (market, page) => page.map((trade) => aggregateTrade(market.spec, trade))),
  'GET /api/v3/klines': (exchange, params, now) => {
    exchange.rollCandles(now);
    return ofMarket(exchange, params, (market) => klines(market, params));
  },
  'GET /api/v3/avgPrice': (exchange, params, now) => ofMarket(exchange, params, (market) => averagePrice(market, now)),
  'GET /api/v3/ticker/24hr': (exchange, params, now) => ofMarkets(exchange, params, (market) => dayTicker(market, now)),
  'GET /api/v3/ticker/price': (exchange, params, now) =>
    ofMarkets(exchange, params, (market) => ({
      symbol: market.spec.wireSymbol,
      price: dayTicker(market, now).lastPrice,
    })),
  'GET /api/v3/ticker/bookTicker': (exchange, params) =>
    ofMarkets(exchange, params, (market) => ({
      symbol: market.spec.wireSymbol,
      ...bestTexts(market.spec, market.quote()),
    })),
};

function exchangeInfo(exchange: Exchange, params: URLSearchParams, now: number): object | VenueError {
  const markets =
    params.has('symbol') || params.has('symbols') ? namedMarkets(exchange, params) : exchange.allMarkets();
  if (isRefused(markets)) return markets;
  const symbols = markets.map(symbolInfo);
  return { timezone: 'UTC', serverTime: now, rateLimits: [], exchangeFilters: [], symbols };
}

function klines(market: Market, params: URLSearchParams): object | VenueError {
  const interval = params.get('interval');
  if (interval === null || interval === '') return venueErrors.missing('interval');
  if (!isInterval(interval)) return venueErrors.invalidInterval();
  const page = pageParams(params, 'fromId', listLimits);
  if (isRefused(page)) return page;
  const range = {
    limit: page.limit,
    ...(page.startTime === null ? {} : { from: page.startTime }),
    ...(page.endTime === null ? {} : { to: page.endTime }),
  };
  return market.candles.select(interval, range).map((candle) => candleRow(market.spec, candle, intervals[interval]));
}

function tapePage(
  exchange: Exchange,
  params: URLSearchParams,
  render: (market: Market, page: ReturnType<Market['tape']['all']>) => object,
): object | VenueError {
  return ofMarket(exchange, params, (market) => {
    const page = pageParams(params, 'fromId', listLimits);
    if (isRefused(page)) return page;
    return render(market, pageOf(market.tape.all(), page, { id: (trade) => trade.id, time: (trade) => trade.time }));
  });
}

function ofMarket(
  exchange: Exchange,
  params: URLSearchParams,
  answer: (market: Market) => object | VenueError,
): object | VenueError {
  const market = marketParam(exchange, params);
  return isRefused(market) ? market : answer(market);
}

/** One object for `symbol`, a list for `symbols` and for none. */
function ofMarkets(
  exchange: Exchange,
  params: URLSearchParams,
  answer: (market: Market) => object,
): object | VenueError {
  if (params.has('symbol')) return ofMarket(exchange, params, answer);
  const markets = params.has('symbols') ? namedMarkets(exchange, params) : exchange.allMarkets();
  return isRefused(markets) ? markets : markets.map(answer);
}

const symbolListPattern = /^\["[A-Z0-9\-_.]{1,20}"(,"[A-Z0-9\-_.]{1,20}")*\]$/;

function namedMarkets(exchange: Exchange, params: URLSearchParams): readonly Market[] | VenueError {
  if (params.has('symbol')) {
    const market = marketParam(exchange, params);
    return isRefused(market) ? market : [market];
  }
  const text = params.get('symbols') ?? '';
  if (!symbolListPattern.test(text)) return venueErrors.illegalCharacters('symbols', symbolListPattern.source);
  const names = text.slice(2, -2).split('","');
  const markets = names.flatMap((name) => exchange.market(name) ?? []);
  return markets.length === names.length ? markets : venueErrors.invalidSymbol();
}

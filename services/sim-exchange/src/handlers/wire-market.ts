import type { DepthLevel } from '@scalpstorm/matching';
import { amountText, wireText } from '../domain/amounts.js';
import { averageMinutes } from '../domain/average-price.js';
import type { Interval, VenueCandle } from '../domain/candle-series.js';
import type { BestQuote, Market, PublicTrade } from '../domain/market.js';
import { type MarketSpec, priceText, quantityText, quoteAmount, tickLotAmount } from '../domain/market-spec.js';

const zero = '0.00000000';
const amountDivisor = 10n ** 8n;

/** The answer to `avgPrice`: what PERCENT_PRICE_BY_SIDE and the worth of market orders count from. */
export function averagePrice(market: Market, now: number) {
  const closeTime = market.tape.last?.time ?? 0;
  return { mins: averageMinutes, price: wireText(market.averagePrice(now) ?? 0), closeTime };
}

/** The same once a second as an event. */
export function averagePriceEvent(market: Market, now: number) {
  const { mins, price, closeTime } = averagePrice(market, now);
  return { e: 'avgPrice', E: now, s: market.spec.wireSymbol, i: `${mins}m`, w: price, T: closeTime };
}

export const levelTexts = (spec: MarketSpec, levels: readonly DepthLevel[]) =>
  levels.map(([price, quantity]) => [priceText(spec, price), quantityText(spec, quantity)]);

export function bookSnapshot(market: Market, limit: number) {
  return {
    lastUpdateId: market.book.updateId,
    bids: levelTexts(market.spec, market.book.depth('buy', limit)),
    asks: levelTexts(market.spec, market.book.depth('sell', limit)),
  };
}

export function publicTrade(spec: MarketSpec, trade: PublicTrade) {
  return {
    id: trade.id,
    price: priceText(spec, trade.price),
    qty: quantityText(spec, trade.quantity),
    quoteQty: amountText(quoteAmount(spec, trade.price, trade.quantity)),
    time: trade.time,
    isBuyerMaker: trade.buyerIsMaker,
    isBestMatch: true,
  };
}

export function aggregateTrade(spec: MarketSpec, trade: PublicTrade) {
  const { id, time: T, buyerIsMaker: m } = trade;
  return { a: id, p: priceText(spec, trade.price), q: quantityText(spec, trade.quantity), f: id, l: id, T, m, M: true };
}

export function candleRow(spec: MarketSpec, candle: VenueCandle, length: number) {
  return [
    candle.openTime,
    priceText(spec, candle.open),
    priceText(spec, candle.high),
    priceText(spec, candle.low),
    priceText(spec, candle.close),
    quantityText(spec, candle.volume),
    candle.openTime + length - 1,
    quoteText(spec, candle.quoteVolume),
    candle.trades,
    quantityText(spec, candle.takerBuyVolume),
    quoteText(spec, candle.takerBuyQuote),
    '0',
  ];
}

export interface CandleState {
  readonly interval: Interval;
  readonly length: number;
  readonly closed: boolean;
  readonly now: number;
}

export function candleEvent(spec: MarketSpec, candle: VenueCandle, state: CandleState) {
  const k = {
    t: candle.openTime,
    T: candle.openTime + state.length - 1,
    s: spec.wireSymbol,
    i: state.interval,
    f: candle.firstTradeId,
    L: candle.lastTradeId,
    o: priceText(spec, candle.open),
    c: priceText(spec, candle.close),
    h: priceText(spec, candle.high),
    l: priceText(spec, candle.low),
    v: quantityText(spec, candle.volume),
    n: candle.trades,
    x: state.closed,
    q: quoteText(spec, candle.quoteVolume),
    V: quantityText(spec, candle.takerBuyVolume),
    Q: quoteText(spec, candle.takerBuyQuote),
    B: '0',
  };
  return { e: 'kline', E: state.now, s: spec.wireSymbol, k };
}

export function dayTicker(market: Market, now: number) {
  const { spec } = market;
  const day = market.day();
  const quote = market.quote();
  const last = market.tape.last;
  const open = day?.open ?? 0;
  const close = day?.close ?? 0;
  return {
    symbol: spec.wireSymbol,
    priceChange: signedPrice(spec, close - open),
    priceChangePercent: open === 0 ? '0.000' : (((close - open) / open) * 100).toFixed(3),
    weightedAvgPrice: weightedAverage(market),
    prevClosePrice: priceText(spec, open),
    lastPrice: priceText(spec, close),
    lastQty: quantityText(spec, last?.quantity ?? 0),
    ...bestTexts(spec, quote),
    openPrice: priceText(spec, open),
    highPrice: priceText(spec, day?.high ?? 0),
    lowPrice: priceText(spec, day?.low ?? 0),
    volume: quantityText(spec, day?.volume ?? 0),
    quoteVolume: quoteText(spec, day?.quoteVolume ?? 0),
    openTime: day?.openTime ?? now,
    closeTime: now,
    firstId: day?.firstTradeId ?? -1,
    lastId: day?.lastTradeId ?? -1,
    count: day?.trades ?? 0,
  };
}

export function bestTexts(spec: MarketSpec, quote: BestQuote) {
  return {
    bidPrice: quote.bid === null ? zero : priceText(spec, quote.bid),
    bidQty: quantityText(spec, quote.bidQuantity),
    askPrice: quote.ask === null ? zero : priceText(spec, quote.ask),
    askQty: quantityText(spec, quote.askQuantity),
  };
}

export function miniTicker(market: Market, now: number) {
  const ticker = dayTicker(market, now);
  return {
    e: '24hrMiniTicker',
    E: now,
    s: ticker.symbol,
    c: ticker.lastPrice,
    o: ticker.openPrice,
    h: ticker.highPrice,
    l: ticker.lowPrice,
    v: ticker.volume,
    q: ticker.quoteVolume,
  };
}

/** A statistic: Σ price × quantity of a day, kept as a number of tick-lots. */
export function quoteText(spec: MarketSpec, tickLots: number): string {
  return wireText((BigInt(Math.round(tickLots)) * tickLotAmount(spec)) / amountDivisor);
}

function weightedAverage(market: Market): string {
  const day = market.day();
  if (day === null || day.volume === 0) return zero;
  return priceText(market.spec, Math.round(day.quoteVolume / day.volume));
}

const signedPrice = (spec: MarketSpec, ticks: number): string =>
  ticks < 0 ? `-${priceText(spec, -ticks)}` : priceText(spec, ticks);

import type { DepthChanges, Lots, Ticks } from '@scalpstorm/matching';
import { type Interval, intervalNames } from '../domain/candle-series.js';
import type { BestQuote, Market, PublicTrade } from '../domain/market.js';
import { priceText, quantityText } from '../domain/market-spec.js';
import type { StreamHub } from './stream-hub.js';
import { aggregateTrade, averagePriceEvent, candleEvent, dayTicker, levelTexts, miniTicker } from './wire-market.js';

/** How often {@link MarketStreams.tick} must be called. */
export const tickMs = 100;
const secondMs = 1_000;
/** Candles that have news are told this often, and those that have none every second. */
const candleMs = 200;
/** After so long without a change the depth is told all the same, so that no second of it is missing. */
const quietMsMax = 500;
const closedCandlesMax = 10;
const partialDepths = [5, 10, 20] as const;

interface PendingDepth {
  /** The last update id that the stream has told, and when. */
  told: number;
  toldAt: number;
  readonly bids: Map<Ticks, Lots>;
  readonly asks: Map<Ticks, Lots>;
}

/** What a candle stream has told last. */
interface ToldCandle {
  readonly openTime: number;
  readonly trades: number;
  readonly at: number;
}

/**
 * Public streams of one market: trades and quotes at once, depth and candles on a beat. The beat follows the clock that
 * {@link tick} is given, not the number of its calls: a late timer does not make the venue late.
 */
export class MarketStreams {
  private readonly name: string;
  private readonly fast: PendingDepth;
  private readonly slow: PendingDepth;
  private second = Number.NaN;
  private candleBeat = Number.NaN;
  private readonly toldCandles = new Map<Interval, ToldCandle>();

  constructor(
    private readonly hub: StreamHub,
    private readonly market: Market,
  ) {
    this.name = market.spec.wireSymbol.toLowerCase();
    market.book.drainChanges();
    const pending = (): PendingDepth => ({ told: market.book.updateId, toldAt: 0, bids: new Map(), asks: new Map() });
    this.fast = pending();
    this.slow = pending();
  }

  traded(trade: PublicTrade): void {
    const { spec } = this.market;
    const { time, buyerIsMaker: m } = trade;
    this.hub.publish(`${this.name}@trade`, () => ({
      e: 'trade',
      E: time,
      s: spec.wireSymbol,
      t: trade.id,
      p: priceText(spec, trade.price),
      q: quantityText(spec, trade.quantity),
      T: time,
      m,
      M: true,
    }));
    this.hub.publish(`${this.name}@aggTrade`, () => ({
      e: 'aggTrade',
      E: time,
      s: spec.wireSymbol,
      ...aggregateTrade(spec, trade),
    }));
  }

  quoteChanged(quote: BestQuote): void {
    const { spec, book } = this.market;
    const { bid, ask } = quote;
    // The venue says nothing while a side is empty.
    if (bid === null || ask === null) return;
    this.hub.publish(`${this.name}@bookTicker`, () => ({
      u: book.updateId,
      s: spec.wireSymbol,
      b: priceText(spec, bid),
      B: quantityText(spec, quote.bidQuantity),
      a: priceText(spec, ask),
      A: quantityText(spec, quote.askQuantity),
    }));
  }

  tick(now: number): void {
    const second = Math.floor(now / secondMs);
    const everySecond = second !== this.second;
    this.second = second;
    const changes = this.market.book.drainChanges();
    collect(this.fast, changes);
    collect(this.slow, changes);
    this.keepAlive(everySecond, now);
    this.tellDepth(`${this.name}@depth@100ms`, this.fast, now);
    if (everySecond) this.tellDepth(`${this.name}@depth`, this.slow, now);
    this.tellPartialDepth(everySecond);
    const candleBeat = Math.floor(now / candleMs);
    if (candleBeat !== this.candleBeat) this.tellCandles(now);
    this.candleBeat = candleBeat;
    if (!everySecond) return;
    this.hub.publish(`${this.name}@miniTicker`, () => miniTicker(this.market, now));
    this.hub.publish(`${this.name}@avgPrice`, () => averagePriceEvent(this.market, now));
    this.hub.publish(`${this.name}@ticker`, () => this.fullTicker(now));
  }

  /** Quiet is told too, as an update that changes nothing: a quiet market is not a dead line. */
  private keepAlive(everySecond: boolean, now: number): void {
    const { book } = this.market;
    const isQuiet = book.updateId === this.fast.told && elapsed(this.fast.toldAt, now) >= quietMsMax;
    if (isQuiet || (everySecond && book.updateId === this.slow.told)) book.touch();
  }

  /** The first update id is the one after the last that was told: a listener can prove that it missed nothing. */
  private tellDepth(stream: string, pending: PendingDepth, now: number): void {
    const { spec, book } = this.market;
    if (pending.told === book.updateId) return;
    const U = pending.told + 1;
    const u = book.updateId;
    this.hub.publish(stream, () => ({
      e: 'depthUpdate',
      E: now,
      s: spec.wireSymbol,
      U,
      u,
      b: levelTexts(spec, [...pending.bids]),
      a: levelTexts(spec, [...pending.asks]),
    }));
    pending.told = u;
    pending.toldAt = now;
    pending.bids.clear();
    pending.asks.clear();
  }

  private tellPartialDepth(everySecond: boolean): void {
    const { spec, book } = this.market;
    for (const levels of partialDepths) {
      const names = [`${this.name}@depth${levels}@100ms`, ...(everySecond ? [`${this.name}@depth${levels}`] : [])];
      for (const name of names) {
        this.hub.publish(name, () => ({
          lastUpdateId: book.updateId,
          bids: levelTexts(spec, book.depth('buy', levels)),
          asks: levelTexts(spec, book.depth('sell', levels)),
        }));
      }
    }
  }

  private tellCandles(now: number): void {
    for (const interval of intervalNames) {
      const stream = `${this.name}@kline_${interval}`;
      const series = this.market.series(interval);
      // Trades may have rolled the series since the last beat, so the closed one is looked for, not awaited.
      series.roll(now);
      const { current } = series;
      if (current === null || !this.hub.has(stream)) {
        this.toldCandles.delete(interval);
        continue;
      }
      const event = (candle: typeof current, closed: boolean) => (): object =>
        candleEvent(this.market.spec, candle, { interval, length: series.length, closed, now });
      const told = this.toldCandles.get(interval);
      if (told !== undefined && told.openTime < current.openTime) {
        const closed = series.select({ from: told.openTime, to: current.openTime - 1, limit: closedCandlesMax });
        for (const candle of closed) this.hub.publish(stream, event(candle, true));
      }
      const { openTime, trades } = current;
      const isOld = told !== undefined && told.openTime === openTime && told.trades === trades;
      if (isOld && elapsed(told.at, now) < secondMs) continue;
      this.hub.publish(stream, event(current, false));
      this.toldCandles.set(interval, { openTime, trades, at: now });
    }
  }

  private fullTicker(now: number): object {
    const day = dayTicker(this.market, now);
    return {
      e: '24hrTicker',
      E: now,
      s: day.symbol,
      p: day.priceChange,
      P: day.priceChangePercent,
      w: day.weightedAvgPrice,
      x: day.prevClosePrice,
      c: day.lastPrice,
      Q: day.lastQty,
      b: day.bidPrice,
      B: day.bidQty,
      a: day.askPrice,
      A: day.askQty,
      o: day.openPrice,
      h: day.highPrice,
      l: day.lowPrice,
      v: day.volume,
      q: day.quoteVolume,
      O: day.openTime,
      C: day.closeTime,
      F: day.firstId,
      L: day.lastId,
      n: day.count,
    };
  }
}

function collect(pending: PendingDepth, changes: DepthChanges): void {
  for (const [price, quantity] of changes.bids) pending.bids.set(price, quantity);
  for (const [price, quantity] of changes.asks) pending.asks.set(price, quantity);
}

/** A clock that was put back tells nothing of how long something took: too long, then. */
const elapsed = (since: number, now: number): number => (now >= since ? now - since : Number.POSITIVE_INFINITY);

import type { DepthChanges, Lots, Ticks } from '@scalpstorm/matching';
import { intervalNames } from '../domain/candle-series.js';
import type { BestQuote, Market, PublicTrade } from '../domain/market.js';
import { priceText, quantityText } from '../domain/market-spec.js';
import type { StreamHub } from './stream-hub.js';
import { aggregateTrade, candleEvent, dayTicker, levelTexts, miniTicker } from './wire-market.js';

/** How often {@link MarketStreams.tick} must be called. */
export const tickMs = 100;
const ticksPerSecond = 10;
const ticksPerCandle = 2;
const partialDepths = [5, 10, 20] as const;

interface PendingDepth {
  /** The last update id that the stream has told. */
  told: number;
  readonly bids: Map<Ticks, Lots>;
  readonly asks: Map<Ticks, Lots>;
}

/** Public streams of one market: trades and quotes at once, depth and candles on a beat. */
export class MarketStreams {
  private readonly name: string;
  private readonly fast: PendingDepth;
  private readonly slow: PendingDepth;
  private ticks = 0;
  private quietTicks = 0;
  private readonly candleTrades = new Map<string, number>();

  constructor(
    private readonly hub: StreamHub,
    private readonly market: Market,
  ) {
    this.name = market.spec.wireSymbol.toLowerCase();
    market.book.drainChanges();
    const pending = (): PendingDepth => ({ told: market.book.updateId, bids: new Map(), asks: new Map() });
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
    this.ticks += 1;
    const everySecond = this.ticks % ticksPerSecond === 0;
    const changes = this.market.book.drainChanges();
    collect(this.fast, changes);
    collect(this.slow, changes);
    this.keepAlive();
    this.tellDepth(`${this.name}@depth@100ms`, this.fast, now);
    if (everySecond) this.tellDepth(`${this.name}@depth`, this.slow, now);
    this.tellPartialDepth(everySecond);
    if (this.ticks % ticksPerCandle === 0) this.tellCandles(now);
    if (!everySecond) return;
    this.hub.publish(`${this.name}@miniTicker`, () => miniTicker(this.market, now));
    this.hub.publish(`${this.name}@ticker`, () => this.fullTicker(now));
  }

  /** A second without a change is told too, as an update that changes nothing: a quiet market is not a dead line. */
  private keepAlive(): void {
    const { book } = this.market;
    this.quietTicks = book.updateId === this.fast.told ? this.quietTicks + 1 : 0;
    if (this.quietTicks < ticksPerSecond) return;
    this.quietTicks = 0;
    book.touch();
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
      if (!this.hub.has(stream)) continue;
      const current = series.current;
      if (current === null) continue;
      const event = (candle: typeof current, closed: boolean) => (): object =>
        candleEvent(this.market.spec, candle, { interval, length: series.length, closed, now });
      const told = this.candleTrades.get(`${interval}:open`);
      if (told !== undefined && told < current.openTime) {
        const closed = series.select({ from: told, to: current.openTime - 1, limit: ticksPerSecond });
        for (const candle of closed) this.hub.publish(stream, event(candle, true));
      }
      const isNews = told !== current.openTime || this.candleTrades.get(interval) !== current.trades;
      if (isNews) this.hub.publish(stream, event(current, false));
      this.candleTrades.set(`${interval}:open`, current.openTime);
      this.candleTrades.set(interval, current.trades);
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

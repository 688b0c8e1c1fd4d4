import type { Lots, TickLots, Ticks } from '@scalpstorm/matching';

export const intervals = {
  '1s': 1_000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
} as const;
export type Interval = keyof typeof intervals;
export const intervalNames = Object.keys(intervals) as Interval[];
export const isInterval = (text: string): text is Interval => Object.hasOwn(intervals, text);

export interface VenueCandle {
  /** Milliseconds since the epoch; the candle covers [openTime, openTime + length). */
  readonly openTime: number;
  open: Ticks;
  high: Ticks;
  low: Ticks;
  close: Ticks;
  volume: Lots;
  quoteVolume: TickLots;
  takerBuyVolume: Lots;
  takerBuyQuote: TickLots;
  trades: number;
  firstTradeId: number;
  lastTradeId: number;
}

export interface CandleTrade {
  readonly id: number;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly buyerIsMaker: boolean;
  readonly time: number;
}

const candlesMax = 2_000;
/** A gap longer than this many candles is left as a gap. */
const flatCandlesMax = 2_000;

/** Candles of one interval; without trades the price stands still and the candles are flat, as the venue makes them. */
export class CandleSeries {
  private readonly candles: VenueCandle[] = [];
  readonly length: number;
  /** So far back, in milliseconds, every candle is kept. */
  readonly reach: number;

  constructor(readonly interval: Interval) {
    this.length = intervals[interval];
    this.reach = this.length * candlesMax;
  }

  get current(): VenueCandle | null {
    return this.candles[this.candles.length - 1] ?? null;
  }

  add(trade: CandleTrade): void {
    const current = this.current;
    const isCurrent = current !== null && trade.time < current.openTime + this.length;
    const candle = isCurrent ? current : this.candleAt(trade);
    if (candle.trades === 0) candle.open = candle.high = candle.low = trade.price;
    candle.high = Math.max(candle.high, trade.price);
    candle.low = Math.min(candle.low, trade.price);
    candle.close = trade.price;
    const quote = trade.price * trade.quantity;
    candle.volume += trade.quantity;
    candle.quoteVolume += quote;
    if (!trade.buyerIsMaker) {
      candle.takerBuyVolume += trade.quantity;
      candle.takerBuyQuote += quote;
    }
    if (candle.trades === 0) candle.firstTradeId = trade.id;
    candle.lastTradeId = trade.id;
    candle.trades += 1;
  }

  private candleAt({ time, price }: CandleTrade): VenueCandle {
    this.roll(time);
    const openTime = time - (time % this.length);
    const current = this.current;
    if (current !== null && current.openTime >= openTime) return current;
    const candle = flat(openTime, price);
    this.push(candle);
    return candle;
  }

  /** Opens flat candles up to `now`; gives those that are closed by it. */
  roll(now: number): VenueCandle[] {
    const closed: VenueCandle[] = [];
    const openTime = now - (now % this.length);
    let last = this.current;
    if (last === null || (openTime - last.openTime) / this.length > flatCandlesMax) return closed;
    while (last.openTime < openTime) {
      closed.push(last);
      last = flat(last.openTime + this.length, last.close);
      this.push(last);
    }
    return closed;
  }

  /** Oldest first; the newest `limit` of the range, or the oldest when only a start is given, as the venue does. */
  select(range: { readonly from?: number; readonly to?: number; readonly limit: number }): readonly VenueCandle[] {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, limit } = range;
    const inside = this.candles.filter((candle) => candle.openTime >= from && candle.openTime <= to);
    return range.from === undefined ? inside.slice(-limit) : inside.slice(0, limit);
  }

  private push(candle: VenueCandle): void {
    this.candles.push(candle);
    if (this.candles.length > candlesMax + candlesMax / 4) this.candles.splice(0, this.candles.length - candlesMax);
  }
}

function flat(openTime: number, price: Ticks): VenueCandle {
  const empty = {
    volume: 0,
    quoteVolume: 0,
    takerBuyVolume: 0,
    takerBuyQuote: 0,
    trades: 0,
    firstTradeId: -1,
    lastTradeId: -1,
  };
  return { openTime, open: price, high: price, low: price, close: price, ...empty };
}

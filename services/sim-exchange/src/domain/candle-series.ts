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
  /** -1 where it has no trade, or only some that nobody could have met: those have no ids. */
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

/** Kept of the candles that come every second. */
export const secondsKept = 2_000;
/** A gap longer than this many candles is left as a gap. */
const flatCandlesMax = 2_000;

/** Candles of one interval; without trades the price stands still and the candles are flat, as the venue makes them. */
export class CandleSeries {
  private readonly candles: VenueCandle[] = [];
  readonly length: number;

  constructor(
    readonly interval: Interval,
    private readonly keptMax = secondsKept,
  ) {
    this.length = intervals[interval];
  }

  /** The oldest that is kept. */
  get first(): VenueCandle | null {
    return this.candles[0] ?? null;
  }

  get current(): VenueCandle | null {
    return this.candles[this.candles.length - 1] ?? null;
  }

  /** Candles from before the first trade, oldest first; trades go on in the last of them. */
  load(candles: readonly VenueCandle[]): void {
    for (const candle of candles) this.push({ ...candle });
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
    if (candle.firstTradeId < 0) candle.firstTradeId = trade.id;
    candle.lastTradeId = trade.id;
    candle.trades += 1;
  }

  private candleAt({ time, price }: CandleTrade): VenueCandle {
    this.roll(time);
    const openTime = time - (time % this.length);
    const current = this.current;
    if (current !== null && current.openTime >= openTime) return current;
    const candle = flatCandle(openTime, price);
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
      last = flatCandle(last.openTime + this.length, last.close);
      this.push(last);
    }
    return closed;
  }

  /** Oldest first; the newest `limit` of the range, or the oldest when only a start is given, as the venue does. */
  select({ from, to = Number.MAX_SAFE_INTEGER, limit }: CandleRange): readonly VenueCandle[] {
    const end = this.indexOf(to + 1);
    const start = this.indexOf(from ?? 0);
    return from === undefined
      ? this.candles.slice(Math.max(start, end - limit), end)
      : this.candles.slice(start, Math.min(end, start + limit));
  }

  /** Of the first that opens at that time or later. */
  private indexOf(openTime: number): number {
    let [low, high] = [0, this.candles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.candles[middle]?.openTime ?? 0) < openTime) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private push(candle: VenueCandle): void {
    this.candles.push(candle);
    if (this.candles.length > this.keptMax + this.keptMax / 4)
      this.candles.splice(0, this.candles.length - this.keptMax);
  }
}

/** Opening times, both ends included. */
export interface CandleRange {
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

export function flatCandle(openTime: number, price: Ticks): VenueCandle {
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

/**
 * Candles of `length` milliseconds out of shorter ones, oldest first, which may begin or end inside of one. What has no trade adds
 * nothing to what has: the candle opens with its first trade.
 */
export function joinCandles(shorter: Iterable<VenueCandle>, length: number): VenueCandle[] {
  const joined: VenueCandle[] = [];
  for (const candle of shorter) {
    const openTime = candle.openTime - (candle.openTime % length);
    const last = joined[joined.length - 1];
    if (last?.openTime !== openTime) joined.push({ ...candle, openTime });
    else if (candle.trades > 0) extend(last, candle);
  }
  return joined;
}

function extend(candle: VenueCandle, later: VenueCandle): void {
  if (candle.trades === 0) candle.open = candle.high = candle.low = later.open;
  candle.high = Math.max(candle.high, later.high);
  candle.low = Math.min(candle.low, later.low);
  candle.close = later.close;
  candle.volume += later.volume;
  candle.quoteVolume += later.quoteVolume;
  candle.takerBuyVolume += later.takerBuyVolume;
  candle.takerBuyQuote += later.takerBuyQuote;
  candle.trades += later.trades;
  if (candle.firstTradeId < 0) candle.firstTradeId = later.firstTradeId;
  if (later.lastTradeId >= 0) candle.lastTradeId = later.lastTradeId;
}

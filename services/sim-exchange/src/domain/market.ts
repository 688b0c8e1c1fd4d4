import type { BookEvent, Lots, MatchingBook, Ticks } from '@scalpstorm/matching';
import { AveragePrice, averageReach } from './average-price.js';
import { BoundedList } from './bounded-list.js';
import type { CandleSeries, CandleTrade, Interval, VenueCandle } from './candle-series.js';
import { type CandlesBefore, MarketCandles } from './market-candles.js';
import { type MarketFilters, usualFilters } from './market-filters.js';
import type { MarketSpec } from './market-spec.js';
import { WaitingOrders } from './trigger.js';

export interface PublicTrade extends CandleTrade {
  /** Client orders on either side; 0 for the simulated or recorded crowd. */
  readonly buyerOrderId: number;
  readonly sellerOrderId: number;
}

export interface BestQuote {
  readonly bid: Ticks | null;
  readonly bidQuantity: Lots;
  readonly ask: Ticks | null;
  readonly askQuantity: Lots;
}

/** Where the first life of a market began: its candles from before follow from this, in every later life as well. */
export interface MarketBeginning {
  /** Milliseconds, a whole second. */
  readonly time: number;
  readonly price: Ticks;
  readonly seed: number;
}

const tapeMax = 2_000;
/** Ids are noted as used this many at a time, so that not every trade of the crowd has to be written down. */
const tradeIdBlock = 100_000;
const dayMinutes = 1_440;

/** One symbol: its book, its tape of trades and the candles made of them. */
export class Market {
  readonly tape = new BoundedList<PublicTrade>(tapeMax);
  readonly waiting = new WaitingOrders();
  filters: MarketFilters;
  readonly candles: MarketCandles;
  /** Where the market began, if its candles are to outlive the process; set before anything of it is written down. */
  beginning: MarketBeginning | null = null;
  private readonly average = new AveragePrice();
  private best: BestQuote = { bid: null, bidQuantity: 0, ask: null, askQuantity: 0 };
  /** No trade has a higher id, in this life or the next: it is noted before one is told. */
  tradeIdMax = 0;
  private traded: Ticks | null = null;
  private follower: (events: readonly BookEvent[]) => void = () => {};

  constructor(
    readonly spec: MarketSpec,
    readonly book: MatchingBook,
    private tradeId = 1,
    /** Candles are kept for so many days. */
    candleDays = 0,
  ) {
    this.filters = usualFilters(spec);
    this.candles = new MarketCandles(candleDays);
  }

  /** The price of the last trade. */
  get lastPrice(): Ticks | null {
    return this.traded;
  }

  /** Of the last minutes, else the last price, in 10^-8 of the quote currency; null before the first trade. */
  averagePrice(now: number): bigint | null {
    const scale = BigInt(this.spec.tickUnits);
    return this.average.at(now, scale) ?? (this.traded === null ? null : BigInt(this.traded) * scale);
  }

  /** Who keeps its own view of the resting orders hears every event of the book. */
  follow(follower: (events: readonly BookEvent[]) => void): void {
    this.follower = follower;
  }

  hear(events: readonly BookEvent[]): void {
    this.follower(events);
  }

  /** Ids go up by one a trade, as the venue's do. */
  nextTradeId(): number {
    this.tradeId += 1;
    return this.tradeId;
  }

  /** True when more ids were used than were noted. */
  reserveTradeIds(): boolean {
    if (this.tradeId <= this.tradeIdMax) return false;
    this.tradeIdMax = this.tradeId + tradeIdBlock;
    return true;
  }

  record(trade: PublicTrade): void {
    this.tape.add(trade);
    this.remember(trade);
  }

  /** Only candles and averages remember it: the tape does not. */
  remember(trade: CandleTrade): void {
    this.traded = trade.price;
    this.average.add(trade);
    this.candles.add(trade);
  }

  /** The time before its first trade: the last price and the averages go on from there, too. */
  open(before: CandlesBefore): void {
    this.candles.open(before);
    const last = before.seconds.at(-1);
    if (last === undefined) return;
    this.traded = last.close;
    for (const { openTime, quoteVolume, volume } of before.seconds)
      if (last.openTime - openTime <= averageReach) this.average.addAll(openTime, { quote: quoteVolume, lots: volume });
  }

  quote(): BestQuote {
    const bid = this.book.best('buy');
    const ask = this.book.best('sell');
    return {
      bid,
      bidQuantity: bid === null ? 0 : this.book.quantityAt('buy', bid),
      ask,
      askQuantity: ask === null ? 0 : this.book.quantityAt('sell', ask),
    };
  }

  /** The best quote if it is another one than at the last call. */
  changedQuote(): BestQuote | null {
    const now = this.quote();
    const old = this.best;
    const same =
      now.bid === old.bid &&
      now.ask === old.ask &&
      now.bidQuantity === old.bidQuantity &&
      now.askQuantity === old.askQuantity;
    this.best = now;
    return same ? null : now;
  }

  series(interval: Interval): CandleSeries {
    return this.candles.series(interval);
  }

  /** The last 24 hours out of the one-minute candles. */
  day(): DayStatistics | null {
    const minutes = this.series('1m').select({ limit: dayMinutes });
    const [first] = minutes;
    const last = minutes[minutes.length - 1];
    if (first === undefined || last === undefined) return null;
    const sum = (of: (minute: VenueCandle) => number): number =>
      minutes.reduce((total, minute) => total + of(minute), 0);
    return {
      openTime: first.openTime,
      open: first.open,
      close: last.close,
      high: minutes.reduce((high, minute) => Math.max(high, minute.high), first.high),
      low: minutes.reduce((low, minute) => Math.min(low, minute.low), first.low),
      volume: sum((minute) => minute.volume),
      quoteVolume: sum((minute) => minute.quoteVolume),
      trades: sum((minute) => minute.trades),
      firstTradeId: minutes.find((minute) => minute.firstTradeId >= 0)?.firstTradeId ?? -1,
      lastTradeId: last.lastTradeId,
    };
  }
}

export interface DayStatistics {
  readonly openTime: number;
  readonly open: Ticks;
  readonly close: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly volume: Lots;
  readonly quoteVolume: number;
  readonly trades: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
}

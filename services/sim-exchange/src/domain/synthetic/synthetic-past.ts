import { seededRng } from '@scalpstorm/kernel';
import type { Lots, Ticks } from '@scalpstorm/matching';
import { flatCandle, intervals, type VenueCandle } from '../candle-series.js';
import type { MarketBeginning } from '../market.js';
import type { CandlePast } from '../market-candles.js';
import type { MarketSpec } from '../market-spec.js';
import { usualLots } from './default-markets.js';

const { '1s': secondMs, '1h': hourMs } = intervals;
const daySeconds = 86_400;
const weekDays = 7;
/** Of the logarithm of the price, a day: 3 %, as of a large coin. */
const dailyVolatility = 0.03;
const varianceASecond = dailyVolatility ** 2 / daySeconds;
/** So far back there was a market (97 days): more than may be asked for. */
const pastSeconds = 2 ** 23;
/** Half of a time has between 0.5 - this and 0.5 + this of what moves in all of it: quiet and busy times, at every scale. */
const unevenness = 0.15;
/** So many seconds at most are made one after the other. */
const leafSeconds = 64;
/** What trades in a usual second, in usual orders; single seconds vary by a factor of a few. */
const secondShare = 2.5;
const sizeSpread = 0.8;
/** Busiest in the afternoon in UTC, when both sides of the Atlantic are awake. */
const busiestHour = 15;
const dailySwing = 0.4;
const weekendShare = 0.7;
/** Of 256 takers so many buy, and so many more while the price goes up. */
const buyersUsual = 128;
const buyersLean = 40;

/** A part of the past. Times are seconds since the epoch, the end excluded. */
interface Span {
  readonly from: number;
  readonly to: number;
  /** Logarithms of the price at both ends, beside the price at the end of the past. */
  readonly open: number;
  readonly close: number;
  /** Of the logarithm of the price, over the span. */
  readonly variance: number;
  /** What happens inside follows from this alone. */
  readonly key: number;
}

/** A stretch of seconds; the end is excluded. */
interface Wanted {
  readonly from: number;
  readonly to: number;
}

type TradeVisitor = (second: number, price: Ticks, lots: Lots, isBuy: boolean) => void;

/**
 * A market of the time in which nobody could trade, a trade a second, as a pure function of a seed and its ends. Any part of it costs
 * the same, however far back, and nothing is stored. The price is a Brownian bridge by midpoint displacement (P. Lévy), in which the
 * halves of a time share what moves in it unevenly, so that busy times come in clusters (a multiplicative cascade: Mandelbrot, Fisher
 * and Calvet, "A Multifractal Model of Asset Returns", 1997). Volumes follow how busy it is, the hour and the day of the week. A model
 * of the world, not money: floating point is right here, and what comes out are whole ticks and lots.
 */
export class SyntheticPast implements CandlePast {
  private readonly lotsASecond: number;
  /** By the time at which they open; as many as there is past. */
  private readonly hours = new Map<number, VenueCandle>();

  private constructor(
    spec: MarketSpec,
    /** At the end. */
    private readonly price: Ticks,
    private readonly whole: Span,
  ) {
    this.lotsASecond = (usualLots(spec) * secondShare) / Math.exp(sizeSpread ** 2 / 2);
  }

  /** What led to where a market began. */
  static before(spec: MarketSpec, { time, price, seed }: MarketBeginning): SyntheticPast {
    const to = time / secondMs;
    const key = mixed(hashOf(spec.wireSymbol), seed);
    const variance = varianceASecond * pastSeconds;
    const open = Math.sqrt(variance) * seededRng(key).gaussian();
    return new SyntheticPast(spec, price, { from: to - pastSeconds, to, open, close: 0, variance, key });
  }

  /** What led from one price to another while the exchange was away. Milliseconds, whole seconds, the end excluded. */
  static between(
    spec: MarketSpec,
    ends: { readonly from: number; readonly to: number; readonly open: Ticks; readonly close: Ticks },
    seed: number,
  ): SyntheticPast {
    const [from, to] = [ends.from / secondMs, ends.to / secondMs];
    const key = mixed(mixed(hashOf(spec.wireSymbol), seed), from);
    const variance = varianceASecond * (to - from);
    const open = Math.log(ends.open / ends.close);
    return new SyntheticPast(spec, ends.close, { from, to, open, close: 0, variance, key });
  }

  candles(length: number, from: number, to: number): VenueCandle[] {
    return length === hourMs ? this.madeOnce(from, to) : this.made(length, from, to);
  }

  /** A month in candles of hours takes as long as all of its seconds: those that were made once are kept. */
  private madeOnce(from: number, to: number): VenueCandle[] {
    const hours: VenueCandle[] = [];
    for (let start = from; start < to; ) {
      const next = start - (start % hourMs) + hourMs;
      const isWhole = next - start === hourMs && next <= to;
      const made = (isWhole ? this.hours.get(start) : null) ?? this.made(hourMs, start, Math.min(next, to))[0];
      if (made !== undefined) hours.push({ ...made });
      if (made !== undefined && isWhole) this.hours.set(start, made);
      start = next;
    }
    return hours;
  }

  private made(length: number, from: number, to: number): VenueCandle[] {
    const candles: VenueCandle[] = [];
    let candle: VenueCandle | null = null;
    const wanted = { from: Math.ceil(from / secondMs), to: Math.ceil(to / secondMs) };
    this.visit(this.whole, wanted, (second, price, lots, isBuy) => {
      const time = second * secondMs;
      if (candle === null || time >= candle.openTime + length) {
        candle = flatCandle(time - (time % length), price);
        candles.push(candle);
      }
      if (price > candle.high) candle.high = price;
      if (price < candle.low) candle.low = price;
      candle.close = price;
      candle.volume += lots;
      candle.quoteVolume += price * lots;
      candle.trades += 1;
      if (!isBuy) return;
      candle.takerBuyVolume += lots;
      candle.takerBuyQuote += price * lots;
    });
    return candles;
  }

  /** Trades in the order of time. Only what is wanted is gone into. */
  private visit(span: Span, wanted: Wanted, visitor: TradeVisitor): void {
    const { from, to, open, close, variance, key } = span;
    if (to <= wanted.from || from >= wanted.to) return;
    if (to - from <= leafSeconds) {
      this.visitSeconds(span, wanted, visitor);
      return;
    }
    const rng = seededRng(key);
    const middle = from + ((to - from) >> 1);
    const share = (middle - from) / (to - from) + unevenness * (2 * rng.next() - 1);
    const between = open + (close - open) * share + Math.sqrt(variance * share * (1 - share)) * rng.gaussian();
    const first = { from, to: middle, open, close: between, variance: variance * share, key: mixed(key, 1) };
    const second = { from: middle, to, open: between, close, variance: variance * (1 - share), key: mixed(key, 2) };
    this.visit(first, wanted, visitor);
    this.visit(second, wanted, visitor);
  }

  private visitSeconds({ from, to, open, close, variance, key }: Span, wanted: Wanted, visitor: TradeVisitor): void {
    const end = this.price * Math.exp(close);
    let price = this.price * Math.exp(open);
    const buyers = buyersUsual + (end > price ? buyersLean : -buyersLean);
    const volatility = price * Math.sqrt(variance / (to - from));
    const lots = this.lotsASecond * Math.sqrt(variance / (varianceASecond * (to - from))) * profile(from);
    let state = key;
    for (let second = from; second < Math.min(to, wanted.to); second += 1) {
      const left = to - second;
      const word = mixed(state, second);
      state = mixed(word, second);
      price += (end - price) / left + volatility * Math.sqrt((left - 1) / left) * drawn(deviations, word);
      if (second < wanted.from) continue;
      const size = Math.max(1, Math.round(lots * drawn(sizes, state)));
      visitor(second, Math.max(1, Math.round(price)), size, (state ^ word) >>> 24 < buyers);
    }
  }
}

/** How much trades at a time of day and week, beside the average. */
function profile(second: number): number {
  const hour = (second % daySeconds) / 3_600;
  // The epoch began on a Thursday.
  const weekday = (Math.floor(second / daySeconds) + 4) % weekDays;
  const isWeekend = weekday === 0 || weekday === 6;
  return (isWeekend ? weekendShare : 1) * (1 + dailySwing * Math.cos(((hour - busiestHour) / 24) * 2 * Math.PI));
}

/** How far the sum of four evenly distributed bytes is from its mean, in standard deviations. */
const deviations = Float64Array.from({ length: 4 * 255 + 1 }, (_, sum) => (sum - 510) / Math.sqrt((256 ** 2 - 1) / 3));
const sizes = deviations.map((deviation) => Math.exp(sizeSpread * deviation));
/** Out of a table a normal number is as near as four bytes come to one (Irwin and Hall), never beyond 3.5, and cheap. */
const drawn = (table: Float64Array, word: number): number =>
  table[(word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24)] as number;

/** A well-mixed word of 32 bits out of two (the finaliser of splitmix32). */
function mixed(word: number, other: number): number {
  let hash = (word + Math.imul(other + 1, 0x9e3779b9)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) | 0;
}

const hashOf = (text: string): number => [...text].reduce((hash, letter) => mixed(hash, letter.charCodeAt(0)), 0);

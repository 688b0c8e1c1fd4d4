import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { type Candle, type Timeframe, timeframeLength } from '@scalpstorm/model';
import { barsKept } from '@scalpstorm/strategies';
import type { MarketView } from './lane-market.js';
import type { Listing } from './venue.js';

/** Bars of one timeframe out of what is printed, as market-data keeps them: closed ones without a hole, at most `barsKept`. */
export class BarKeeper {
  readonly length: Micros;
  private readonly closed: Candle[] = [];
  /** Of the bar at hand, and of the newest that is over. */
  private number = Number.NEGATIVE_INFINITY;
  private newest = Number.NEGATIVE_INFINITY;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private volume = 0;
  private prints = 0;

  constructor(
    private readonly listing: Listing,
    readonly timeframe: Timeframe,
  ) {
    this.length = timeframeLength[timeframe];
  }

  /** What was printed last. Gives the end of the bar that it begins; null where it is in one that had begun. */
  add({ last, counted }: MarketView, at: number): number | null {
    const number = Math.floor(at / this.length);
    const begins = number > this.number;
    if (begins) {
      this.closeUntil(number);
      this.number = number;
      this.open = last;
      this.high = last;
      this.low = last;
      this.volume = 0;
      this.prints = 0;
    }
    this.high = Math.max(this.high, last);
    this.low = Math.min(this.low, last);
    this.close = last;
    this.volume += counted;
    this.prints += 1;
    return begins ? (number + 1) * this.length : null;
  }

  /** Those that are over at this time, oldest first. */
  barsAt(at: number): readonly Candle[] {
    this.closeUntil(Math.floor(at / this.length));
    return this.closed.slice(-barsKept);
  }

  /** The bar at hand is over where a later one has begun; between them nothing was traded. */
  private closeUntil(number: number): void {
    if (this.number === Number.NEGATIVE_INFINITY) return;
    if (this.prints > 0 && this.number < number) {
      this.keep(this.candle(this.number));
      this.newest = this.number;
      this.prints = 0;
      this.open = this.close;
      this.high = this.close;
      this.low = this.close;
      this.volume = 0;
    }
    if (this.prints > 0) return;
    for (let hole = Math.max(this.newest + 1, number - barsKept); hole < number; hole += 1)
      this.keep(this.candle(hole));
    this.newest = Math.max(this.newest, number - 1);
  }

  private keep(candle: Candle): void {
    this.closed.push(candle);
    if (this.closed.length > 2 * barsKept) this.closed.splice(0, barsKept);
  }

  private candle(number: number): Candle {
    const { scale, instrument } = this.listing;
    return {
      instrumentId: instrument.id,
      timeframe: this.timeframe,
      openedAt: Timestamp.fromMicros(number * this.length),
      open: scale.price(this.open),
      high: scale.price(this.high),
      low: scale.price(this.low),
      close: scale.price(this.close),
      volume: scale.quantity(this.volume),
      trades: this.prints,
      closed: true,
    };
  }
}

import { assert } from '@scalpstorm/kernel';
import { type Json, type JsonObject, type Timeframe, timeframeLength } from '@scalpstorm/model';
import type { Bar } from './bar.js';

/** What a strategy looks at besides the bars at whose close it decides. */
export interface DataNeeds {
  /** How long its own bars are: it is heard with no others. */
  readonly bars: Timeframe;
  /** Longer bars of the same market, made of its own. */
  readonly higher: readonly Timeframe[];
}

/** A longer bar that is over. */
export interface HigherBar {
  /** Microseconds since the epoch, a whole number of its length. */
  readonly openedAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a rule may know of longer bars at the close of one of its own: those that are over, and nothing of the one that is not. */
export interface HigherView {
  /** Those that were over only now, oldest first; most bars close none. */
  closed(timeframe: Timeframe): readonly HigherBar[];
  /** The newest that is over; null before the first. */
  last(timeframe: Timeframe): HigherBar | null;
}

/** A strategy heard bars of another length than it declares. */
export class WrongTimeframe extends Error {
  override readonly name = 'WrongTimeframe';
  readonly code = 'WRONG_TIMEFRAME';
}

/** Bars after which a market without two neighbours is one of longer bars. */
const patience = 50;

/** Its own bars that it takes until so many longer ones are over, wherever the data begin. For `warmUp`. */
export const barsUntil = ({ bars }: DataNeeds, timeframe: Timeframe, count: number): number =>
  (count + 1) * (timeframeLength[timeframe] / timeframeLength[bars]);

type Growing = { -readonly [Field in keyof HigherBar]: HigherBar[Field] };

interface Series {
  readonly length: number;
  growing: Growing | null;
  last: HigherBar | null;
  /** The one in whose middle the data began, by when it opened; null: none. */
  torn: number | null;
  closed: HigherBar[];
}

/**
 * Makes longer bars of the bars that are heard: a fold, the same in a backtest and live. One that the data begin in the middle of is left
 * out; where bars are missing, one is made of those that are there.
 */
export class HigherBars implements HigherView {
  private readonly length: number;
  private readonly series: ReadonlyMap<Timeframe, Series>;
  private heard = 0;
  private newest: number | null = null;
  private hasNeighbours = false;

  constructor({ bars, higher }: DataNeeds) {
    this.length = timeframeLength[bars];
    const fits = (one: Timeframe) => timeframeLength[one] > this.length && timeframeLength[one] % this.length === 0;
    assert(higher.length > 0 && higher.every(fits), `${higher.join(', ')} are no longer bars than ${bars}`);
    this.series = new Map(
      higher.map((one) => [one, { length: timeframeLength[one], growing: null, last: null, torn: null, closed: [] }]),
    );
  }

  hear(bar: Bar): void {
    this.checkSpacing(bar.openedAt);
    for (const series of this.series.values()) this.grow(series, bar);
    this.newest = bar.openedAt;
    this.heard += 1;
  }

  closed(timeframe: Timeframe): readonly HigherBar[] {
    return this.of(timeframe).closed;
  }

  last(timeframe: Timeframe): HigherBar | null {
    return this.of(timeframe).last;
  }

  snapshot(): JsonObject {
    const { heard, newest, hasNeighbours } = this;
    const series = [...this.series.values()].map(
      ({ growing, last, torn }) => ({ growing, last, torn }) as unknown as Json,
    );
    return { heard, newest, hasNeighbours, series };
  }

  restore({ heard, newest, hasNeighbours, series }: JsonObject): void {
    const isOne = typeof heard === 'number' && typeof hasNeighbours === 'boolean' && Array.isArray(series);
    assert(isOne && series.length === this.series.size, 'a snapshot is of other longer bars');
    this.heard = heard;
    this.newest = newest as number | null;
    this.hasNeighbours = hasNeighbours;
    const saved = series as unknown as readonly Pick<Series, 'growing' | 'last' | 'torn'>[];
    for (const [place, one] of [...this.series.values()].entries()) Object.assign(one, saved[place], { closed: [] });
  }

  private of(timeframe: Timeframe): Series {
    const series = this.series.get(timeframe);
    assert(series !== undefined, `the strategy did not declare that it needs ${timeframe}`);
    return series;
  }

  private checkSpacing(openedAt: number): void {
    const apart = this.newest === null ? this.length : openedAt - this.newest;
    if (openedAt % this.length !== 0 || apart < this.length) throw new WrongTimeframe(this.wanted());
    if (this.newest !== null && apart === this.length) this.hasNeighbours = true;
    if (!this.hasNeighbours && this.heard >= patience) throw new WrongTimeframe(this.wanted());
  }

  private wanted(): string {
    return `it was made for bars of ${this.length / 1e6} s, and heard others`;
  }

  private grow(series: Series, bar: Bar): void {
    series.closed = [];
    const openedAt = Math.floor(bar.openedAt / series.length) * series.length;
    if (this.newest === null && bar.openedAt !== openedAt) series.torn = openedAt;
    if (series.torn === openedAt) return;
    // The bars that would have closed it are missing.
    if (series.growing !== null && series.growing.openedAt !== openedAt) close(series);
    const { growing } = series;
    if (growing !== null) add(growing, bar);
    else {
      const { open, high, low, close, volume } = bar;
      series.growing = { openedAt, open, high, low, close, volume };
    }
    if (series.growing !== null && bar.openedAt + this.length >= openedAt + series.length) close(series);
  }
}

function close(series: Series): void {
  if (series.growing === null) return;
  series.last = series.growing;
  series.closed.push(series.growing);
  series.growing = null;
}

function add(growing: Growing, { high, low, close, volume }: Bar): void {
  growing.high = Math.max(growing.high, high);
  growing.low = Math.min(growing.low, low);
  growing.close = close;
  growing.volume += volume;
}

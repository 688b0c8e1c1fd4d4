import type { Ticks } from '@scalpstorm/matching';
import { intervals, joinCandles, secondsKept, type VenueCandle } from '../candle-series.js';
import type { SavedCandles } from '../journal.js';
import type { Market } from '../market.js';
import { SyntheticPast } from './synthetic-past.js';

const { '1s': second, '1m': minute, '1d': day } = intervals;
/** A ticker tells of the last 24 hours: these minutes are at hand. */
const minutesAtHand = day / minute;

export interface Opening {
  /** When the doors open, and since when the market trades for nobody; milliseconds. */
  readonly opensAt: number;
  readonly warmUpFrom: number;
  readonly price: Ticks;
  readonly seed: number;
  /** Candles are told of so many days before today; 0 for none from before the market began. */
  readonly days: number;
}

/**
 * Gives a market the candles of the time before: what led to where it began, what its earlier lives traded, and what happened while it
 * was away, which is made up like the beginning. Nothing changes that an earlier life told. Returns when its trades may begin.
 */
export function openCandles(market: Market, opening: Opening, saved: SavedCandles | null): number {
  const { opensAt, price, days } = opening;
  const warmUpFrom = floor(opening.warmUpFrom, second);
  const known = saved === null || saved.beginning.time > opensAt ? null : saved;
  const beginning = known?.beginning ?? { time: warmUpFrom, price, seed: opening.seed };
  // What comes from a clock that was ahead cannot be told.
  const upToNow = (candles: readonly VenueCandle[] = []) => candles.filter(({ openTime }) => openTime <= opensAt);
  const [seconds, minutes] = [upToNow(known?.seconds), upToNow(known?.minutes)];
  const last = seconds.at(-1);
  const from = last === undefined ? beginning.time : last.openTime + second;
  const to = Math.max(from, warmUpFrom);
  const written = {
    '1s': (last?.openTime ?? from) - 1,
    '1m': (minutes.at(-1)?.openTime ?? floor(from, minute)) - 1,
  };
  const since = { seconds: to - secondsKept * second, minutes: floor(to, minute) - (days + 1) * day };
  if (to > from) {
    const ends = { from, to, open: last?.close ?? beginning.price, close: price };
    const away = SyntheticPast.between(market.spec, ends, opening.seed);
    seconds.push(...away.candles(second, since.seconds, to));
    minutes.push(...away.candles(minute, since.minutes, to));
  }
  const past = days === 0 ? null : SyntheticPast.before(market.spec, beginning);
  /** With those of the past from `start` on, if the past is what comes before them. */
  const withPast = (candles: readonly VenueCandle[], length: number, start: number): VenueCandle[] => {
    const first = candles[0]?.openTime ?? to;
    return [...(first > beginning.time ? [] : (past?.candles(length, start, first) ?? [])), ...candles];
  };
  const keptSince = (candles: readonly VenueCandle[], start: number) =>
    candles.filter(({ openTime }) => openTime >= start);
  const all = joinCandles(keptSince(minutes, since.minutes), minute);
  market.beginning = beginning;
  market.open({
    seconds: withPast(keptSince(seconds, since.seconds), second, since.seconds),
    minutes: withPast(all, minute, floor(to, minute) - minutesAtHand * minute),
    past,
    written,
  });
  return Math.min(to, opensAt);
}

const floor = (time: number, length: number): number => time - (time % length);

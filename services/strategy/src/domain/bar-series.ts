import { type Candle, timeframeLength } from '@scalpstorm/model';
import { barsKept } from '@scalpstorm/strategies';

/** Closed bars of one instrument and timeframe, oldest first and without a hole; at most `barsKept`. */
export type BarSeries = readonly Candle[];

/** What a closed bar is to a series: its next one, one that it has, one from before it, or one behind a hole. */
export type BarPlace = 'next' | 'known' | 'earlier' | 'beyond';

export function placeOf(series: BarSeries, bar: Candle): BarPlace {
  const [first] = series;
  const last = series.at(-1);
  if (first === undefined || last === undefined) return 'next';
  if (bar.openedAt > last.openedAt) {
    return bar.openedAt === last.openedAt + timeframeLength[bar.timeframe] ? 'next' : 'beyond';
  }
  return bar.openedAt < first.openedAt ? 'earlier' : 'known';
}

export const withNext = (series: BarSeries, bar: Candle): BarSeries => [...series.slice(1 - barsKept), bar];

/** The venue's own took the place of what was built from trades. */
export const corrected = (series: BarSeries, bar: Candle): BarSeries =>
  series.map((known) => (known.openedAt === bar.openedAt ? bar : known));

/** All bars of both, up to the last hole from the end; of the same bar the one that `history` has. */
export function joined(series: BarSeries, history: BarSeries): BarSeries {
  const all = new Map([...series, ...history].map((bar) => [bar.openedAt, bar]));
  const sorted = [...all.values()].toSorted((left, right) => left.openedAt - right.openedAt).slice(-barsKept);
  const hole = sorted.findLastIndex(
    (bar, place) => place > 0 && bar.openedAt !== (sorted[place - 1]?.openedAt ?? 0) + timeframeLength[bar.timeframe],
  );
  return sorted.slice(Math.max(hole, 0));
}

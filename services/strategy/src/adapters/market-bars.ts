import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type BotId, type Candle, type InstrumentId, type Timeframe, timeframeLength } from '@scalpstorm/model';
import { type BarSeries, corrected, joined, placeOf, withNext } from '../domain/bar-series.js';
import type { WantedBars } from '../ports/directory.js';

/** A bar is told a moment after its end; one that was not so long after that was lost on its way, or its market is away. */
const overdueAfter: Micros = 2 * second;
/** Between two questions for the same history; the longer where nothing but the next bar is missing. */
const askAgainAfter: Micros = 2 * second;
const askOverdueAfter: Micros = 10 * second;

interface Kept {
  readonly timeframe: Timeframe;
  series: BarSeries;
  /** False: market-data may know bars before these, or between them, without which nobody decides. */
  isWhole: boolean;
  /** Market-data has got more of its history since it was asked. */
  hasMore: boolean;
  /** By our clock; null: never. */
  askedAt: Timestamp | null;
  readonly bots: Set<BotId>;
}

/** Closed bars: one series for all bots that want the same, and none that nobody wants. */
export class MarketBars {
  private readonly kept = new Map<InstrumentId, Map<Timeframe, Kept>>();

  want(botId: BotId, instrumentId: InstrumentId, timeframe: Timeframe | undefined): void {
    const ofInstrument = this.kept.get(instrumentId) ?? new Map<Timeframe, Kept>();
    if (timeframe !== undefined && !ofInstrument.has(timeframe)) {
      const nothing = { series: [], isWhole: false, hasMore: false, askedAt: null };
      ofInstrument.set(timeframe, { ...nothing, timeframe, bots: new Set() });
    }
    for (const kept of ofInstrument.values()) {
      if (kept.timeframe === timeframe) kept.bots.add(botId);
      else kept.bots.delete(botId);
      if (kept.bots.size === 0) ofInstrument.delete(kept.timeframe);
    }
    if (ofInstrument.size === 0) this.kept.delete(instrumentId);
    else this.kept.set(instrumentId, ofInstrument);
  }

  drop(botId: BotId, instrumentId: InstrumentId): void {
    this.want(botId, instrumentId, undefined);
  }

  /** Null while its history is not known. */
  of(instrumentId: InstrumentId, timeframe: Timeframe): BarSeries | null {
    const kept = this.kept.get(instrumentId)?.get(timeframe);
    return kept?.isWhole === true ? kept.series : null;
  }

  /** True when those who want it have one more to hear. */
  onCandle(candle: Candle): boolean {
    const kept = candle.closed ? this.kept.get(candle.instrumentId)?.get(candle.timeframe) : undefined;
    if (kept === undefined) return false;
    const place = placeOf(kept.series, candle);
    if (place === 'known') kept.series = corrected(kept.series, candle);
    if (place === 'earlier') kept.hasMore = true;
    if (place === 'next' || place === 'beyond') kept.series = withNext(kept.series, candle);
    // What is between was lost on its way: nobody decides by a series with a hole.
    if (place === 'beyond') kept.isWhole = false;
    return place === 'next' && kept.isWhole;
  }

  /** Those whose history is to be asked for now; they count as asked. */
  due(now: Timestamp): readonly WantedBars[] {
    const due: WantedBars[] = [];
    for (const [instrumentId, ofInstrument] of this.kept) {
      for (const kept of ofInstrument.values()) {
        if (!isDue(kept, now)) continue;
        kept.askedAt = now;
        due.push({ instrumentId, timeframe: kept.timeframe });
      }
    }
    return due;
  }

  /** What market-data keeps. True when those who want it have something to hear. */
  learn({ instrumentId, timeframe }: WantedBars, history: BarSeries): boolean {
    const kept = this.kept.get(instrumentId)?.get(timeframe);
    // Market-data that has none is just fetching them: whatever was heard meanwhile would be taken for all that there is.
    if (kept === undefined || history.length === 0) return false;
    const before = kept.isWhole ? kept.series.length : -1;
    kept.series = joined(kept.series, history);
    kept.isWhole = true;
    kept.hasMore = false;
    return kept.series.length !== before;
  }
}

function isDue({ isWhole, hasMore, askedAt, series, timeframe }: Kept, now: Timestamp): boolean {
  if (askedAt === null) return true;
  if (!isWhole || hasMore) return now >= askedAt + askAgainAfter;
  const last = series.at(-1)?.openedAt;
  const isOverdue = last === undefined || now > last + 2 * timeframeLength[timeframe] + overdueAfter;
  return isOverdue && now >= askedAt + askOverdueAfter;
}

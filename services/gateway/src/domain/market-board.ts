import { type Clock, type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Candle, type FeedStatus, type InstrumentId, Price, type Quote, type Trade } from '@scalpstorm/model';
import { type CandleView, candleView, venueAndSymbol } from './views.js';

export const instrumentsMax = 2_000;
export const candleSeriesMax = 1_000;
export const candlesPerSeriesMax = 300;
/** market-data tells the state of a feed each second, also in a quiet market: after so long without a word nothing is known of it. */
export const silenceMax = (5 * second) as Micros;

/** The newest prices of one instrument, as clients see them. */
export interface PriceView {
  readonly instrument: string;
  readonly venue: string;
  readonly symbol: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  /** As it was told last; `stale` when nothing was heard of the instrument for five seconds, whatever was told. */
  readonly feed: FeedStatus['state'] | 'unknown';
  /** When the newest of them happened at the venue; null before the first. */
  readonly at: string | null;
}

interface PriceRow {
  view: PriceView;
  /** What the feed was told to be. */
  told: PriceView['feed'];
  /** When anything of it came, by our own clock. */
  heardAt: Timestamp;
  at: Timestamp;
  revision: number;
}
type Prices = Partial<Pick<PriceView, 'bid' | 'ask' | 'last'>>;
interface CandleRow {
  view: CandleView;
  openedAt: Timestamp;
  revision: number;
}

/**
 * What the market says now, in memory: newest wins, a restart loses nothing that the next event does not bring back.
 * Every change gets the next revision, so a reader asks for what is newer than what it has: that is the conflation.
 */
export class MarketBoard {
  #revision = 0;
  readonly #prices = new Map<InstrumentId, PriceRow>();
  readonly #candles = new Map<string, Map<number, CandleRow>>();

  constructor(private readonly clock: Clock) {}

  get revision(): number {
    return this.#revision;
  }

  quote(quote: Quote): void {
    const bid = Price.format(quote.bidPrice);
    const ask = Price.format(quote.askPrice);
    this.#patch(quote.instrumentId, quote.occurredAt, { bid, ask });
  }

  trade(trade: Trade): void {
    this.#patch(trade.instrumentId, trade.occurredAt, { last: Price.format(trade.price) });
  }

  feed(status: FeedStatus): void {
    this.#patch(status.instrumentId, null, {}, status.state);
  }

  candle(candle: Candle): void {
    const key = seriesKey(candle.instrumentId, candle.timeframe);
    const series = this.#candles.get(key) ?? new Map<number, CandleRow>();
    const known = series.get(candle.openedAt);
    if (known?.view.closed && !candle.closed) return;
    series.set(candle.openedAt, { view: candleView(candle), openedAt: candle.openedAt, revision: ++this.#revision });
    if (series.size > candlesPerSeriesMax) series.delete(Math.min(...series.keys()));
    this.#candles.set(key, series);
    dropOldest(this.#candles, candleSeriesMax);
  }

  /** Silence is a change that nobody tells: whoever shows prices asks for it first. */
  noticeSilence(): void {
    const oldest = Timestamp.plus(this.clock.now(), -silenceMax);
    for (const row of this.#prices.values()) {
      if (row.heardAt >= oldest || row.view.feed === 'stale') continue;
      row.view = { ...row.view, feed: 'stale' };
      row.revision = ++this.#revision;
    }
  }

  /** The instruments whose prices changed after that revision. */
  pricesSince(revision: number): readonly PriceView[] {
    return [...this.#prices.values()].filter((row) => row.revision > revision).map((row) => row.view);
  }

  /** When the newest of the prices that changed after that revision happened; null when that is not known. */
  pricesNewestAt(revision: number): Timestamp | null {
    let newest: Timestamp | null = null;
    for (const row of this.#prices.values()) {
      if (row.revision > revision && row.at > (newest ?? 0)) newest = row.at;
    }
    return newest;
  }

  /** The candles of a series that changed after that revision, oldest first. */
  candlesSince(instrumentId: InstrumentId, timeframe: string, revision: number): readonly CandleView[] {
    const rows = [...(this.#candles.get(seriesKey(instrumentId, timeframe))?.values() ?? [])];
    return rows
      .filter((row) => row.revision > revision)
      .sort((left, right) => left.openedAt - right.openedAt)
      .map((row) => row.view);
  }

  #patch(instrumentId: InstrumentId, at: Timestamp | null, patch: Prices, state?: FeedStatus['state']): void {
    const known = this.#prices.get(instrumentId);
    const empty = { bid: null, ask: null, last: null, feed: 'unknown', at: null } as const;
    const view = known?.view ?? { instrument: instrumentId, ...venueAndSymbol(instrumentId), ...empty };
    const newest = Timestamp.fromMicros(Math.max(known?.at ?? 0, at ?? 0));
    const shown = newest === 0 ? null : Timestamp.toIso(newest);
    const told = state ?? known?.told ?? 'unknown';
    this.#prices.set(instrumentId, {
      view: { ...view, ...patch, feed: told, at: shown },
      told,
      heardAt: this.clock.now(),
      at: newest,
      revision: ++this.#revision,
    });
    dropOldest(this.#prices, instrumentsMax);
  }
}

const seriesKey = (instrumentId: string, timeframe: string): string => `${instrumentId}:${timeframe}`;

/** A map keeps the order of insertion, so the first key is the one that came first. */
function dropOldest<Key, Value>(map: Map<Key, Value>, sizeMax: number): void {
  for (const key of map.keys()) {
    if (map.size <= sizeMax) return;
    map.delete(key);
  }
}

import type { Micros } from '@scalpstorm/kernel';
import { ClientOrderId, type Fill } from '@scalpstorm/model';
import type { BarColumns } from '@scalpstorm/strategies';
import type { DataKind, MarketRow } from '../data/market-row.js';
import { BotHoldings } from './lane-trades.js';
import { type ChartOrigin, MarketChart } from './market-chart.js';
import type { Listing } from './venue.js';

/** The bars of one market around its newest round trip. */
export interface LaneChart {
  readonly symbol: string;
  readonly madeOf: ChartOrigin;
  readonly bars: BarColumns;
}

/** A chart for each market of a run: of its bars where the data has some, else of its trades. A book alone makes none. */
export class RunCharts {
  private readonly charts: readonly MarketChart[];
  private readonly holdings = new BotHoldings();
  private seen = 0;

  /**
   * @param fills of the venue, which grow while it runs
   * @param every length of the bars that are made of trades
   */
  constructor(
    private readonly listings: readonly Listing[],
    private readonly fills: readonly Fill[],
    kindsOf: (symbol: string) => ReadonlySet<DataKind>,
    every: Micros,
  ) {
    this.charts = listings.map(({ instrument, scale }) => {
      const madeOf = kindsOf(instrument.symbol).has('candles') ? 'bars' : 'trades';
      return new MarketChart(scale, madeOf, every);
    });
  }

  /** What the market at this place has just played. */
  hear(place: number, row: MarketRow, at: number): void {
    this.heedFills();
    (this.charts[place] as MarketChart).hear(row, at);
  }

  /** In the order of the instruments; without bars where there was nothing to make them of. */
  made(): readonly LaneChart[] {
    this.heedFills();
    return this.charts.map((chart, place) => ({
      symbol: (this.listings[place] as Listing).instrument.symbol,
      madeOf: chart.madeOf,
      bars: chart.bars(),
    }));
  }

  private heedFills(): void {
    for (; this.seen < this.fills.length; this.seen += 1) this.heed(this.fills[this.seen] as Fill);
  }

  private heed(fill: Fill): void {
    const place = this.listings.findIndex(({ instrument }) => instrument.id === fill.instrumentId);
    const botId = ClientOrderId.slotOf(fill.clientOrderId)?.botId;
    const instrument = this.listings[place]?.instrument;
    if (botId === undefined || instrument === undefined) return;
    if (this.holdings.isFlatAfter(botId, fill, instrument)) this.charts[place]?.tripIsOver();
  }
}

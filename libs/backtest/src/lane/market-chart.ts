import type { Micros } from '@scalpstorm/kernel';
import { Price, Quantity } from '@scalpstorm/model';
import type { BarColumns } from '@scalpstorm/strategies';
import { columnNames } from '../data/bars-builder.js';
import type { CandleRow, MarketRow, TradeRow } from '../data/market-row.js';
import type { Scale } from '../data/scale.js';

/** Bars of a chart; more would be thinner than a line. */
export const chartBarsMax = 240;
/** Shown after the newest exit. */
export const chartBarsAfter = 12;

/** What the bars of a chart are made of. */
export type ChartOrigin = 'bars' | 'trades';

/**
 * The bars of a market around the newest round trip in it, or the newest of all where there was none: in the same memory, however long
 * the data is.
 * - `bars`: those of the data as they are; of several that overlap the one that was over first.
 * - `trades`: made of the trades, one an interval in which anything was traded.
 */
export class MarketChart {
  private readonly recent = new RecentColumns();
  /** Those up to `chartBarsAfter` bars after the newest exit; null: they are still coming in. */
  private kept: BarColumns | null = null;
  /** So many bars are still to come; 0: none is waited for. */
  private awaited = 0;
  /** The bar at hand in the order of `columnNames`, in ticks and lots: written over. */
  private readonly hand = new Float64Array(columnNames.length);
  private isGrowing = false;
  /** The end of the newest bar. */
  private end = Number.NEGATIVE_INFINITY;

  /** @param every of bars that are made here */
  constructor(
    private readonly scale: Pick<Scale, 'price' | 'quantity'>,
    readonly madeOf: ChartOrigin,
    private readonly every: Micros,
  ) {}

  hear(row: MarketRow, at: number): void {
    if (this.madeOf === 'trades') {
      if (row.kind === 'trade' && row.lots > 0) this.trade(row, at);
    } else if (row.kind === 'candle' && row.stage === 3) this.candle(row);
  }

  /** In the bar that is not over yet. */
  tripIsOver(): void {
    this.kept = null;
    this.awaited = chartBarsAfter + 1;
  }

  /** Prices and volumes as numbers; the bar at hand is the last one. */
  bars(): BarColumns {
    if (this.kept === null && this.isGrowing) this.add();
    this.isGrowing = false;
    const { openedAt, open, high, low, close, volume, length } = this.kept ?? this.recent.inOrder();
    const price = (ticks: number): number => Number(Price.format(this.scale.price(ticks)));
    return {
      length,
      openedAt,
      open: open.map(price),
      high: high.map(price),
      low: low.map(price),
      close: close.map(price),
      volume: volume.map((lots) => Number(Quantity.format(this.scale.quantity(lots)))),
    };
  }

  private candle({ openedAt, length, open, high, low, close, volume }: CandleRow): void {
    if (openedAt < this.end) return;
    this.begin(openedAt, length, open);
    this.grow(high, low, close, volume ?? 0);
    this.add();
  }

  private trade({ ticks, lots }: TradeRow, at: number): void {
    if (at >= this.end) {
      if (this.isGrowing) this.add();
      this.begin(Math.floor(at / this.every) * this.every, this.every, ticks);
      this.isGrowing = true;
    }
    this.grow(ticks, ticks, ticks, lots);
  }

  private begin(openedAt: number, length: Micros, open: number): void {
    const { hand } = this;
    this.end = openedAt + length;
    hand.fill(open);
    hand[0] = openedAt;
    hand[5] = 0;
  }

  private grow(high: number, low: number, close: number, volume: number): void {
    const { hand } = this;
    hand[2] = Math.max(hand[2] as number, high);
    hand[3] = Math.min(hand[3] as number, low);
    hand[4] = close;
    hand[5] = (hand[5] as number) + volume;
  }

  private add(): void {
    this.recent.add(this.hand);
    if (this.awaited === 0) return;
    this.awaited -= 1;
    if (this.awaited === 0) this.kept = this.recent.inOrder();
  }
}

/** The newest `chartBarsMax` bars, written round and round. */
class RecentColumns {
  private count = 0;
  private readonly columns = columnNames.map(() => new Float64Array(chartBarsMax));

  /** @param bar in the order of `columnNames` */
  add(bar: Float64Array): void {
    const place = this.count % chartBarsMax;
    for (let at = 0; at < bar.length; at += 1) (this.columns[at] as Float64Array)[place] = bar[at] as number;
    this.count += 1;
  }

  /** A copy, the oldest first. */
  inOrder(): BarColumns {
    const length = Math.min(this.count, chartBarsMax);
    const first = this.count - length;
    const [openedAt, open, high, low, close, volume] = this.columns.map((column) =>
      Float64Array.from({ length }, (_, at) => column[(first + at) % chartBarsMax] as number),
    );
    return { length, openedAt, open, high, low, close, volume } as BarColumns;
  }
}

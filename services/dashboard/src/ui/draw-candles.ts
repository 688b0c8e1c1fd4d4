import {
  type CandlestickData,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type IPriceLine,
  LineStyle,
  type SeriesMarker,
  type UTCTimestamp,
} from 'lightweight-charts';
import { type ChartMarker, type ChartTrade, markersOf, pointsOf } from '../domain/chart-points.js';
import type { CandleRow, Order } from '../domain/rows.js';

export interface CandlePicture {
  show(data: { candles: readonly CandleRow[]; trades: readonly ChartTrade[]; orders: readonly Order[] }): void;
  paint(theme: 'light' | 'dark'): void;
  remove(): void;
}

const variable = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** The library counts in UTC; people read their own clock. */
const local = (seconds: number): Date => new Date(seconds * 1000);
const clock = (seconds: number, withSeconds: boolean): string =>
  local(seconds).toLocaleTimeString('en-GB', withSeconds ? {} : { hour: '2-digit', minute: '2-digit' });

const markerOf = ({ time, buys, text }: ChartMarker): SeriesMarker<UTCTimestamp> => ({
  time: time as UTCTimestamp,
  position: buys ? 'belowBar' : 'aboveBar',
  shape: buys ? 'arrowUp' : 'arrowDown',
  color: variable(buys ? '--up' : '--down'),
  text,
});

/** A chart in this box. The picture is the one place where a price becomes a float. */
export function drawCandles(box: HTMLElement, options: { tickSize: string; seconds: number }): CandlePicture {
  const withSeconds = options.seconds < 60;
  const chart = createChart(box, {
    autoSize: true,
    // Its mark brings a style element that the policy forbids; the notice stands below the chart instead.
    layout: { attributionLogo: false, fontFamily: 'inherit' },
    timeScale: {
      timeVisible: true,
      // Room for the quantity of the newest mark.
      rightOffset: 6,
      secondsVisible: withSeconds,
      tickMarkFormatter: (time: UTCTimestamp) => clock(time, withSeconds),
    },
    localization: { timeFormatter: (time: UTCTimestamp) => `${local(time).toLocaleDateString()} ${clock(time, true)}` },
  });
  const precision = options.tickSize.split('.')[1]?.replace(/0+$/, '').length ?? 0;
  const series = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    // A dashed line across is an order that rests; the newest price stands at the scale alone.
    priceLineVisible: false,
    priceFormat: { type: 'price', precision, minMove: 10 ** -precision },
  });
  const markers = createSeriesMarkers(series, []);
  let lines: IPriceLine[] = [];
  let shownFirst: number | null = null;
  let last: number | null = null;
  let marked: readonly ChartTrade[] = [];
  let barPx = 0;
  const mark = () => {
    barPx = chart.timeScale().options().barSpacing;
    markers.setMarkers(markersOf(marked, options.seconds, barPx).map(markerOf));
  };
  chart.timeScale().subscribeVisibleLogicalRangeChange(() => {
    // How many quantities have room changes with the zoom alone.
    if (chart.timeScale().options().barSpacing !== barPx) mark();
  });
  return {
    show({ candles, trades, orders }) {
      const points = pointsOf(candles) as CandlestickData<UTCTimestamp>[];
      const newest = points.at(-1);
      const sameStart = shownFirst === (points[0]?.time ?? null) && shownFirst !== null;
      // Only the newest candle moved: the view of whoever has scrolled back stays.
      if (sameStart && newest !== undefined && last === newest.time) series.update(newest);
      else series.setData(points);
      shownFirst = points[0]?.time ?? null;
      last = newest?.time ?? null;
      marked = trades;
      mark();
      for (const line of lines) series.removePriceLine(line);
      lines = orders.flatMap(({ price, side }) =>
        price === null
          ? []
          : [
              series.createPriceLine({
                price: Number(price),
                color: variable(side === 'buy' ? '--up' : '--down'),
                lineStyle: LineStyle.Dashed,
                lineWidth: 1,
                title: side,
              }),
            ],
      );
    },
    paint() {
      chart.applyOptions({
        layout: { background: { color: 'transparent' }, textColor: variable('--quiet') },
        grid: { vertLines: { color: variable('--line') }, horzLines: { color: variable('--line') } },
        rightPriceScale: { borderColor: variable('--line') },
        timeScale: { borderColor: variable('--line') },
      });
      const [up, down] = [variable('--up'), variable('--down')];
      series.applyOptions({ upColor: up, wickUpColor: up, downColor: down, wickDownColor: down });
    },
    remove: () => chart.remove(),
  };
}

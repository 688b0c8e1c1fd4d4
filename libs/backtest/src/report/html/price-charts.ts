import type { ReportTrade } from '../run-record.js';
import type { RunReport } from '../run-report.js';
import type { Gappy } from '../window-plots.js';
import { acrossTitle } from './equity-charts.js';
import { frame } from './frame.js';
import { type Html, html } from './html.js';
import { plain, price } from './numbers.js';
import { linePath } from './path.js';
import { decimalsOf, type Scale, scaleOf, scaleOver, ticksOf } from './scale.js';
import { timeTicks } from './time-ticks.js';
import { markKey, marksMax, marksOf, tradeLines } from './trade-marks.js';

export const priceText = (value: number, step: number): string => plain(value, decimalsOf(step));
export const priceUnit = 'quote asset for one of the base asset';

/** The price of a symbol over the whole run, and its trades. */
export interface Course {
  readonly id: string;
  readonly title: string;
  readonly values: Gappy;
  readonly trades: readonly ReportTrade[];
  /** A chart with its newest trades follows. */
  readonly hasCandles: boolean;
}

export function coursesOf({ series, trades }: RunReport): readonly Course[] {
  const { price: only, prices, window, windows } = series;
  if (only !== null) return [{ id: 'course', title: 'Price', values: only, trades, hasCandles: window !== null }];
  return prices.map(({ symbol, values }, at) => ({
    id: `course-${at + 1}`,
    title: `Price of ${symbol}`,
    values,
    trades: trades.filter((trade) => trade.symbol === symbol),
    hasCandles: windows.some((one) => one.symbol === symbol),
  }));
}

/** From the first data on: of an exact run the first point is the end of an interval in which there may be trades. */
export function courseScale({ series: { atMs }, summary }: RunReport): Scale {
  const first = atMs[0] ?? 0;
  return scaleOf(Math.min(first, Date.parse(summary.from)), atMs.at(-1) ?? 0);
}

/** With its trades where there are few, or where no other chart shows the newest. */
export function courseChart(report: RunReport, { id, title, values, trades, hasCandles }: Course): Html {
  const { atMs } = report.series;
  const across = courseScale(report);
  const up = scaleOver([values]);
  const height = 240;
  const plane = { across, up, height };
  const isAll = trades.length <= marksMax;
  const marked = isAll ? trades : hasCandles ? [] : trades.slice(-marksMax);
  const known = values.filter((value) => value !== null);
  const where = hasCandles ? 'the chart below marks the newest' : `the newest ${marksMax} are marked`;
  const many = `${plain(trades.length, 0)} round trips are too many to mark here; ${where}.`;
  return frame({
    ...{ id, title, height },
    axis: priceUnit,
    across: acrossTitle,
    told: `${title} from ${price(known[0] ?? 0)} to ${price(known.at(-1) ?? 0)}. ${isAll ? `${trades.length} round trips are marked.` : many}`,
    upTicks: ticksOf(up, 5, priceText),
    acrossTicks: timeTicks(across, 8),
    key: marked.length > 0 ? markKey : [],
    stretched: html`<path class="line-price" d="${linePath(
      atMs.map(across.placeOf),
      values.map((value) => (value === null ? null : up.placeOf(value))),
      height,
    )}"/>
${tradeLines(marked, plane)}`,
    placed: html`${marksOf(marked, plane)}${!isAll && html`<text class="note" x="6" y="14">${many}</text>`}`,
  });
}

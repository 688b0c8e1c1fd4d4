import type { CandleWindow } from '../candle-window.js';
import type { ReportTrade } from '../run-record.js';
import type { RunReport } from '../run-report.js';
import type { Gappy } from '../window-plots.js';
import { acrossTitle } from './equity-charts.js';
import { frame, type KeyEntry, share } from './frame.js';
import { type Html, html } from './html.js';
import { moment, plain, price } from './numbers.js';
import { boxPath, linePath, plotWidth } from './path.js';
import {
  columnHalf,
  keyOf,
  type Pane,
  type Plane,
  paneScale,
  paneShapes,
  panesOf,
  pricePane,
  priceScale,
} from './plot-lines.js';
import { decimalsOf, type Scale, scaleOf, scaleOver, ticksOf } from './scale.js';
import { timeTicks } from './time-ticks.js';

/** Marks beside each other that can still be told apart. */
const marksMax = 120;
const priceText = (value: number, step: number): string => plain(value, decimalsOf(step));
const unit = 'quote asset for one of the base asset';

/** The price of a symbol over the whole run, and its trades. */
export interface Course {
  readonly id: string;
  readonly title: string;
  readonly values: Gappy;
  readonly trades: readonly ReportTrade[];
}

export function coursesOf({ series, trades }: RunReport): readonly Course[] {
  const { price: only, prices } = series;
  if (only !== null) return [{ id: 'course', title: 'Price', values: only, trades }];
  return prices.map(({ symbol, values }, at) => ({
    id: `course-${at + 1}`,
    title: `Price of ${symbol}`,
    values,
    trades: trades.filter((trade) => trade.symbol === symbol),
  }));
}

/** From the first data on: of an exact run the first point is the end of an interval in which there may be trades. */
export function courseScale({ series: { atMs }, summary }: RunReport): Scale {
  const first = atMs[0] ?? 0;
  return scaleOf(Math.min(first, Date.parse(summary.from)), atMs.at(-1) ?? 0);
}

/** With its trades where there are few, or where no other chart shows the newest. */
export function courseChart(report: RunReport, { id, title, values, trades }: Course): Html {
  const { atMs, window } = report.series;
  const across = courseScale(report);
  const up = scaleOver([values]);
  const height = 240;
  const plane = { across, up, height };
  const isAll = trades.length <= marksMax;
  const marked = isAll ? trades : window === null ? trades.slice(-marksMax) : [];
  const known = values.filter((value) => value !== null);
  const where = window === null ? `the newest ${marksMax} are marked` : 'the chart below marks the newest';
  const many = `${plain(trades.length, 0)} round trips are too many to mark here; ${where}.`;
  return frame({
    ...{ id, title, height },
    axis: unit,
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

/** Candles around the newest trade with what the strategy looked at, and its other panes below; empty: there are no bars. */
export function candleCharts({ series: { window, plots }, trades }: RunReport): readonly Html[] {
  if (window === null || window.openedAtMs.length < 2) return [];
  const panes = panesOf(plots.shown);
  const below = panes.filter(({ name }) => name !== pricePane);
  return [
    candleChart(
      window,
      trades,
      panes.find(({ name }) => name === pricePane),
    ),
    ...below.map((pane, at) => paneChart(window, pane, `pane-${at + 1}`)),
    ...(plots.leftOut.length === 0 ? [] : [html`<p class="note">Not drawn: ${plots.leftOut.join(' ')}</p>`]),
  ];
}

/** With air at both ends, where half a candle stands. */
export function windowScale({ openedAtMs }: CandleWindow): Scale {
  const spacing = (openedAtMs[1] ?? 0) - (openedAtMs[0] ?? 0);
  return scaleOf((openedAtMs[0] ?? 0) - spacing, (openedAtMs.at(-1) ?? 0) + spacing);
}

function candleChart(window: CandleWindow, trades: readonly ReportTrade[], pane: Pane | undefined): Html {
  const { openedAtMs, high, low } = window;
  const [first, last] = [openedAtMs[0] ?? 0, openedAtMs.at(-1) ?? 0];
  const across = windowScale(window);
  const up = priceScale([high, low], pane);
  const height = 320;
  const plane = { across, up, height };
  const within = trades.filter(
    ({ openedAt, closedAt }) => Date.parse(closedAt) >= first && Date.parse(openedAt) <= last,
  );
  const [from, to] = [new Date(first).toISOString(), new Date(last).toISOString()];
  const over = pane === undefined ? '' : ` Over them: ${pane.titles.join(', ')}.`;
  return frame({
    id: 'candles',
    title: 'The newest trades on the chart',
    axis: unit,
    across: `${acrossTitle}, ${moment(from)} to ${moment(to)}`,
    told: `Candles from ${moment(from)} to ${moment(to)} with ${within.length} round trips marked.${over}`,
    height,
    upTicks: ticksOf(up, 6, priceText),
    acrossTicks: timeTicks(across, 8),
    key: [...markKey, ...(pane === undefined ? [] : keyOf(pane))],
    stretched: html`${candles(window, plane)}${pane !== undefined && paneShapes(pane, openedAtMs, plane)}${tradeLines(within, plane)}`,
    placed: marksOf(within, plane),
  });
}

/** What has another unit than the price, over the same bars. */
function paneChart(window: CandleWindow, pane: Pane, id: string): Html {
  const across = windowScale(window);
  const up = paneScale(pane);
  const height = 110;
  return frame({
    ...{ id, height },
    title: pane.titles.join(', '),
    axis: 'the same bars',
    across: acrossTitle,
    told: `${pane.lines.map(({ name }) => name).join(', ')} over the bars of the chart above.`,
    upTicks: ticksOf(up, 4, priceText),
    acrossTicks: timeTicks(across, 8),
    key: pane.lines.length === 1 ? [] : keyOf(pane),
    stretched: paneShapes(pane, window.openedAtMs, { across, up, height }),
  });
}

const markKey: readonly KeyEntry[] = [
  { sign: 'entry', text: 'entry' },
  { sign: 'exit', text: 'exit by signal' },
  { sign: 'stop', text: 'stop' },
  { sign: 'target', text: 'take-profit' },
  { sign: 'won', text: 'gained' },
  { sign: 'lost', text: 'lost' },
];

/** Rising ones are hollow: nobody needs the colour. */
function candles({ openedAtMs, open, high, low, close }: CandleWindow, { across, up, height }: Plane): Html {
  const half = columnHalf(openedAtMs.length);
  const yOf = (value: number): number => (1 - up.placeOf(value)) * height;
  const drawn = { rises: ['', ''], falls: ['', ''] };
  for (const [at, ms] of openedAtMs.entries()) {
    const [from, to] = [open[at] as number, close[at] as number];
    const x = across.placeOf(ms) * plotWidth;
    const [top, bottom] = [yOf(Math.max(from, to)), yOf(Math.min(from, to))];
    const into = drawn[to >= from ? 'rises' : 'falls'];
    const line = (upper: number, lower: number): string => `M${x.toFixed(1)} ${upper.toFixed(1)}V${lower.toFixed(1)}`;
    into[0] += `${line(yOf(high[at] as number), top)}${line(bottom, yOf(low[at] as number))}`;
    into[1] += boxPath(x - half, top, x + half, Math.max(bottom, top + 1));
  }
  return html`<path class="wick-up" d="${drawn.rises[0] ?? ''}"/><path class="wick-down" d="${drawn.falls[0] ?? ''}"/>
<path class="candle-up" d="${drawn.rises[1] ?? ''}"/><path class="candle-down" d="${drawn.falls[1] ?? ''}"/>`;
}

/** From each entry to its exit. */
function tradeLines(trades: readonly ReportTrade[], { across, up, height }: Plane): Html {
  const lineOf = ({ openedAt, closedAt, entryPrice, exitPrice }: ReportTrade): string =>
    linePath(
      [across.placeOf(Date.parse(openedAt)), across.placeOf(Date.parse(closedAt))],
      [up.placeOf(entryPrice), up.placeOf(exitPrice)],
      height,
    );
  const won = trades.filter(({ net }) => net > 0);
  const lost = trades.filter(({ net }) => net <= 0);
  return html`<path class="trade-won" d="${won.map(lineOf).join('')}"/><path class="trade-lost" d="${lost.map(lineOf).join('')}"/>`;
}

function marksOf(trades: readonly ReportTrade[], plot: Plane): Html {
  return html`<g class="marks">${trades.map((trade) => [
    mark(isLong(trade) ? 'entry' : 'entry-short', [trade.openedAt, trade.entryPrice], plot),
    mark(exitMark(trade), [trade.closedAt, trade.exitPrice], plot),
  ])}</g>`;
}

const isLong = ({ side }: ReportTrade): boolean => side !== 'short';

function exitMark(trade: ReportTrade): string {
  if (trade.exitReason === 'stop') return 'stop';
  if (trade.exitReason === 'take-profit') return 'target';
  return isLong(trade) ? 'exit' : 'exit-short';
}

function mark(name: string, [iso, value]: readonly [string, number], { across, up, height }: Plane): Html | null {
  const place = across.placeOf(Date.parse(iso));
  if (!(place >= 0 && place <= 1)) return null;
  const y = Math.round((1 - up.placeOf(value)) * height * 10) / 10;
  return html`<use href="#mark-${name}" x="${share(place)}" y="${y}"/>`;
}

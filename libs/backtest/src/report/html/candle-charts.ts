import type { CandleWindow } from '../candle-window.js';
import type { ReportTrade } from '../run-record.js';
import type { RunReport } from '../run-report.js';
import { noPlots, type WindowPlots } from '../window-plots.js';
import { acrossTitle } from './equity-charts.js';
import { frame } from './frame.js';
import { type Html, html } from './html.js';
import { moment, plain } from './numbers.js';
import { boxPath, plotWidth } from './path.js';
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
import { priceText, priceUnit } from './price-charts.js';
import { type Scale, scaleOf, ticksOf } from './scale.js';
import { timeTicks } from './time-ticks.js';
import { markKey, marksMax, marksOf, tradeLines } from './trade-marks.js';

/** The newest trades of a symbol on its candles. */
export interface CandleView {
  readonly id: string;
  readonly title: string;
  readonly window: CandleWindow;
  readonly plots: WindowPlots;
  readonly trades: readonly ReportTrade[];
  /**
   * A candle stands about the time of its opening. Over bars a fill has that time; of the exact way it has a time of its own within the
   * bar, and stands that much before it that it is between the edges of its candle.
   */
  readonly markShiftMs: number;
}

/** Of the one symbol, or of each of several; empty: there are no bars. */
export function candleViews({ series, trades, summary }: RunReport): readonly CandleView[] {
  const { window: only, windows, plots } = series;
  const viewOf = (id: string, title: string, window: CandleWindow, own: readonly ReportTrade[]): CandleView => ({
    ...{ id, title, window, trades: own },
    plots: window === only ? plots : noPlots,
    markShiftMs: summary.pointName === 'points' ? spacingOf(window) / 2 : 0,
  });
  const views =
    only !== null
      ? [viewOf('candles', 'The newest trades on the chart', only, trades)]
      : windows.map(({ symbol, window }, at) => {
          const own = trades.filter((trade) => trade.symbol === symbol);
          return viewOf(`candles-${at + 1}`, `The newest trades of ${symbol} on the chart`, window, own);
        });
  return views.filter(({ window }) => window.openedAtMs.length > 1);
}

/** Candles around the newest trade with what the strategy looked at, and its other panes below. */
export function candleCharts(view: CandleView): readonly Html[] {
  const { window, plots } = view;
  const panes = panesOf(plots.shown);
  const below = panes.filter(({ name }) => name !== pricePane);
  return [
    candleChart(
      view,
      panes.find(({ name }) => name === pricePane),
    ),
    ...below.map((pane, at) => paneChart(window, pane, `pane-${at + 1}`)),
    ...(plots.leftOut.length === 0 ? [] : [html`<p class="note">Not drawn: ${plots.leftOut.join(' ')}</p>`]),
  ];
}

/** With air at both ends, where half a candle stands. */
export function windowScale(window: CandleWindow): Scale {
  const { openedAtMs } = window;
  const spacing = spacingOf(window);
  return scaleOf((openedAtMs[0] ?? 0) - spacing, (openedAtMs.at(-1) ?? 0) + spacing);
}

/** Between two bars that follow on each other; where nothing was traded there may be none. */
function spacingOf({ openedAtMs }: CandleWindow): number {
  return openedAtMs.reduce(
    (least, ms, at) => (at === 0 ? least : Math.min(least, ms - (openedAtMs[at - 1] as number))),
    Number.POSITIVE_INFINITY,
  );
}

function candleChart(view: CandleView, pane: Pane | undefined): Html {
  const { id, title, window } = view;
  const { openedAtMs, high, low } = window;
  const [first, last] = [openedAtMs[0] ?? 0, openedAtMs.at(-1) ?? 0];
  const within = tradesWithin(view);
  const marked = within.slice(-marksMax);
  const across = windowScale(window);
  const up = priceScale([high, low, pricesWithin(view, marked)], pane);
  const height = 320;
  const plane = { across, up, height };
  const marks = { ...plane, across: { ...across, placeOf: (ms: number) => across.placeOf(ms - view.markShiftMs) } };
  const [from, to] = [new Date(first).toISOString(), new Date(last).toISOString()];
  const over = pane === undefined ? '' : ` Over them: ${pane.titles.join(', ')}.`;
  const isAll = marked.length === within.length;
  const many = `${plain(within.length, 0)} round trips are too many to mark here; the newest ${marksMax} are marked.`;
  return frame({
    ...{ id, title, height },
    axis: priceUnit,
    across: `${acrossTitle}, ${moment(from)} to ${moment(to)}`,
    told: `Candles from ${moment(from)} to ${moment(to)} with ${marked.length} round trips marked.${over}`,
    upTicks: ticksOf(up, 6, priceText),
    acrossTicks: timeTicks(across, 8),
    key: [...markKey, ...(pane === undefined ? [] : keyOf(pane))],
    stretched: html`${candles(window, plane)}${pane !== undefined && paneShapes(pane, openedAtMs, plane)}${tradeLines(marked, marks)}`,
    placed: html`${marksOf(marked, marks)}${!isAll && html`<text class="note" x="6" y="14">${many}</text>`}`,
  });
}

function tradesWithin({ window, trades }: CandleView): readonly ReportTrade[] {
  const [first, end] = spanOf(window);
  return trades.filter(({ openedAt, closedAt }) => Date.parse(closedAt) >= first && Date.parse(openedAt) < end);
}

/** What was paid may lie beyond the candles: several fills have one mean price, and what takes slips. */
function pricesWithin({ window }: CandleView, trades: readonly ReportTrade[]): readonly number[] {
  const [first, end] = spanOf(window);
  const isWithin = (iso: string): boolean => Date.parse(iso) >= first && Date.parse(iso) < end;
  return trades.flatMap(({ openedAt, closedAt, entryPrice, exitPrice }) => [
    ...(isWithin(openedAt) ? [entryPrice] : []),
    ...(isWithin(closedAt) ? [exitPrice] : []),
  ]);
}

/** To the end of the last bar. */
const spanOf = (window: CandleWindow): readonly [first: number, end: number] => [
  window.openedAtMs[0] ?? 0,
  (window.openedAtMs.at(-1) ?? 0) + spacingOf(window),
];

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

/** Rising ones are hollow: nobody needs the colour. */
function candles(window: CandleWindow, { across, up, height }: Plane): Html {
  const { openedAtMs, open, high, low, close } = window;
  // As wide as there is room: also for bars that are missing.
  const [first, end] = spanOf(window);
  const half = columnHalf(Math.round((end - first) / spacingOf(window)));
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

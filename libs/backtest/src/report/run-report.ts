import { type CandleWindow, windowOf, windowPlace } from './candle-window.js';
import { type Distribution, distributionOf } from './figures/distribution.js';
import { type Drawdown, drawdownsOf } from './figures/drawdowns.js';
import { type DayFigures, dayFigures, type MonthReturn, monthlyReturns } from './figures/periods.js';
import { type TradeCourse, tradeCourseOf } from './figures/trade-course.js';
import { type TradeGroups, tradeGroupsOf } from './figures/trade-groups.js';
import { keptPoints } from './reduce-series.js';
import type { Provenance, ReportDetails, ReportSummary, ReportTrade, RunRecord, SymbolBars } from './run-record.js';
import { type Gappy, gappy, noPlots, type WindowPlots, windowPlots } from './window-plots.js';

export interface DatedDrawdown {
  readonly from: string;
  readonly deepestAt: string;
  readonly until: string | null;
  readonly depthPct: number;
  /** From the peak until it was reached again, or to the end. */
  readonly seconds: number;
}

/** What reports tell beyond the summary. */
export interface ReportFigures {
  readonly course: TradeCourse;
  readonly days: DayFigures;
  readonly months: readonly MonthReturn[];
  readonly drawdowns: readonly DatedDrawdown[];
  readonly longestDrawdown: DatedDrawdown | null;
  readonly underwaterPct: number;
  readonly lowestEquity: number;
  readonly highestEquity: number;
  /** Σ value of the fills, in the quote asset. */
  readonly volume: number;
  readonly distribution: Distribution | null;
  readonly groups: TradeGroups;
  /** See `RunRecord`. */
  readonly trialsEver: number | null;
}

export interface SymbolWindow {
  readonly symbol: string;
  readonly window: CandleWindow;
}

/** Of at most `pointsMax` points, so chosen that no extreme is lost. */
export interface ReportSeries {
  /** How many points there were. */
  readonly of: number;
  readonly atMs: readonly number[];
  readonly equity: readonly number[];
  /** Percent below the peak before, 0 or less. */
  readonly drawdownPct: readonly number[];
  readonly price: Gappy | null;
  /** Of several symbols, at most `symbolsMax` of them. */
  readonly prices: readonly { readonly symbol: string; readonly values: Gappy }[];
  readonly hold: readonly number[] | null;
  readonly window: CandleWindow | null;
  /** Of several symbols, at most `symbolsMax` of them. */
  readonly windows: readonly SymbolWindow[];
  /** Over the bars of the window. */
  readonly plots: WindowPlots;
}

/** A run as it is kept and shown: bounded, whatever the length of the data, but for the trades. */
export interface RunReport {
  readonly provenance: Provenance;
  readonly summary: ReportSummary;
  readonly figures: ReportFigures;
  readonly details: readonly ReportDetails[];
  readonly series: ReportSeries;
  readonly trades: readonly ReportTrade[];
}

/** A picture has about a thousand columns of pixels; this is four points for each. */
export const pointsMax = 4_000;
/** Charts below each other, and columns to carry, that a page can still bear. */
export const symbolsMax = 6;

export function reportOf(record: RunRecord): RunReport {
  const { summary, details, provenance, atMs, equity, trades } = record;
  const cash = summary.assumptions.cash;
  const drawdownPct = new Float64Array(equity.length);
  const { deepest, longest, underwaterPct } = drawdownsOf(equity, cash, drawdownPct);
  const dated = (one: Drawdown): DatedDrawdown => datedDrawdown(one, atMs);
  return {
    provenance,
    summary,
    figures: {
      course: tradeCourseOf(trades),
      days: dayFigures(atMs, equity, cash),
      months: monthlyReturns(atMs, equity, cash),
      drawdowns: deepest.map(dated),
      longestDrawdown: longest === null ? null : dated(longest),
      underwaterPct,
      lowestEquity: equity.reduce((low, value) => Math.min(low, value), cash),
      highestEquity: equity.reduce((high, value) => Math.max(high, value), cash),
      volume: summary.turnover * cash,
      distribution: distributionOf(trades.map(({ netShare }) => 100 * netShare)),
      groups: tradeGroupsOf(trades),
      trialsEver: record.trialsEver,
    },
    details,
    series: seriesOf(record, drawdownPct),
    trades,
  };
}

function seriesOf(record: RunRecord, drawdownPct: Float64Array): ReportSeries {
  const { atMs, equity, price, hold, bars, plots, trades } = record;
  const prices = record.prices.slice(0, symbolsMax);
  const columns = [equity, drawdownPct, ...(price === null ? [] : [price]), ...prices.map(({ values }) => values)];
  const kept = keptPoints(columns, equity.length, pointsMax);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (at) => column[at] as number);
  const place = bars === null ? null : windowPlace(bars, trades);
  return {
    of: equity.length,
    atMs: [...pick(atMs)],
    equity: [...pick(equity)],
    // A millionth of a percent is below what anybody draws; eleven more digits are bytes.
    drawdownPct: Array.from(pick(drawdownPct), (value) => Number(value.toFixed(6)) + 0),
    price: price === null ? null : gappy(pick(price)),
    prices: prices.map(({ symbol, values }) => ({ symbol, values: gappy(pick(values)) })),
    hold: hold === null ? null : [...pick(hold)],
    window: bars === null || place === null ? null : windowOf(bars, place),
    windows: record.symbolBars.slice(0, symbolsMax).map((one) => symbolWindow(one, trades)),
    plots: bars === null || place === null ? noPlots : windowPlots(plots, bars, place),
  };
}

function symbolWindow({ symbol, bars }: SymbolBars, trades: readonly ReportTrade[]): SymbolWindow {
  const own = trades.filter((trade) => trade.symbol === symbol);
  return { symbol, window: windowOf(bars, windowPlace(bars, own)) };
}

function datedDrawdown({ from, deepestAt, until, depthPct }: Drawdown, atMs: Float64Array): DatedDrawdown {
  const [began, ended] = [atMs[from] as number, atMs[until ?? atMs.length - 1] as number];
  return {
    from: isoOf(began),
    deepestAt: isoOf(atMs[deepestAt] as number),
    until: until === null ? null : isoOf(ended),
    depthPct,
    seconds: (ended - began) / 1_000,
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { BarColumns, ConfiguredBarStrategy, Plot } from '@scalpstorm/strategies';
import type { BarMarket } from '../bars/bar-market.js';
import type { BarRun } from '../bars/run-bars.js';
import type { BarTrade } from '../bars/trades.js';
import { type BacktestSummary, summaryOf } from '../summary.js';

/** A round trip, by whichever runner. */
export interface ReportTrade {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  readonly closedAt: string;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly fees: number;
  /** After fees, in the quote asset. */
  readonly net: number;
  /** net ÷ what was paid, the fee included. */
  readonly netShare: number;
  readonly exitReason: string;
  readonly entryTag: string;
  readonly exitTag: string;
}

export interface DataSource {
  /** As people know it, e.g. the name of the file. */
  readonly name: string;
  /** SHA-256 of its text, hex. */
  readonly hash: string;
}

/** From what the figures came: enough to make them again. */
export interface Provenance {
  readonly data: readonly DataSource[];
  /** Of the platform's code and, where the strategy is a file, of that: the same gives the same figures. */
  readonly codeHash: string;
  /** Of the platform's code alone: what runs of different strategies have in common. Absent: `codeHash` has no other part. */
  readonly platformHash?: string;
  /** Which runner, e.g. `event-driven`. */
  readonly path: string;
  /** Of whatever was drawn by chance; empty: nothing was. */
  readonly seeds: readonly number[];
}

/** What reports show of a summary, whichever runner made it. */
export interface ReportSummary
  extends Omit<
    BacktestSummary,
    | 'assumptions'
    | 'annualReturnPct'
    | 'holdReturnPct'
    | 'openQuantity'
    | 'drawdownFrom'
    | 'drawdownTo'
    | 'drawdownUntil'
  > {
  /** `cash` is what there was at the start, in the quote asset. */
  readonly assumptions: JsonObject & { readonly cash: number };
  /** Null where an hour was so good that a year of it is no number. */
  readonly annualReturnPct: number | null;
  /** Null: there is no one thing that could have been held. */
  readonly holdReturnPct: number | null;
  readonly openQuantity: number | null;
  /** What `bars` counts: `bars`, or `points` of the equity where the data has no bars. */
  readonly pointName: string;
}

/** Whatever else a runner tells, as a table of two columns. */
export interface ReportDetails {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** What one of several symbols cost. */
export interface SymbolPrice {
  readonly symbol: string;
  /** NaN before there was a price. */
  readonly values: Float64Array;
}

/** The bars of one of several symbols. */
export interface SymbolBars {
  readonly symbol: string;
  readonly bars: BarColumns;
}

/** Everything that a report is made of, whichever runner it comes from. All columns are as long as `equity`. */
export interface RunRecord {
  readonly summary: ReportSummary;
  readonly details: readonly ReportDetails[];
  readonly provenance: Provenance;
  /** Milliseconds since the epoch. */
  readonly atMs: Float64Array;
  /** In the quote asset. */
  readonly equity: Float64Array;
  /** NaN before there was one. Null: several symbols have no one price. */
  readonly price: Float64Array | null;
  /** Of several symbols each; empty where there is one price. */
  readonly prices: readonly SymbolPrice[];
  /** Equity of buying at the start for all cash and keeping it. */
  readonly hold: Float64Array | null;
  /** Of the chart with the trades; null: none is drawn, or there are several symbols. */
  readonly bars: BarColumns | null;
  /** Of several symbols those that have a chart. */
  readonly symbolBars: readonly SymbolBars[];
  /** What that chart shows beside them. */
  readonly plots: readonly Plot[];
  readonly trades: readonly ReportTrade[];
  /** Of the strategy when this run was counted, it among them; null: it was not. */
  readonly trialsEver: number | null;
}

/** What a run over the bars of one symbol came to; nobody has counted it. */
export function recordOfBars(
  bars: BarColumns,
  strategy: Pick<ConfiguredBarStrategy, 'id' | 'parameters' | 'plots'>,
  { market, run }: { readonly market: BarMarket; readonly run: BarRun },
  { symbol, ...provenance }: Provenance & { readonly symbol: string },
): RunRecord {
  const { summary, trades } = summaryOf(bars, strategy, market, run);
  const units = market.cash / ((bars.open[0] as number) * (1 + market.takerFeeBps / 10_000));
  return {
    summary: {
      ...summary,
      pointName: 'bars',
      assumptions: { ...market, size: { ...market.size }, slippage: { ...market.slippage } },
    },
    details: [],
    provenance,
    atMs: bars.openedAt.map((micros) => micros / 1_000),
    equity: run.equity,
    price: bars.close,
    prices: [],
    hold: bars.close.map((close) => units * close),
    bars,
    symbolBars: [],
    plots: strategy.plots,
    trades: trades.map((trade) => reportTradeOf(trade, { symbol, side: 'long' })),
    trialsEver: null,
  };
}

const isoOf = (micros: number): string => Timestamp.toIso(Timestamp.fromMicros(micros));

/** @param of symbol and side, which a bar knows nothing of */
export function reportTradeOf(trade: BarTrade, of: Pick<ReportTrade, 'symbol' | 'side'>): ReportTrade {
  const { quantity, entryPrice, exitPrice, fees, net, netShare, exitReason, entryTag, exitTag } = trade;
  return {
    ...of,
    openedAt: isoOf(trade.openedAt),
    closedAt: isoOf(trade.closedAt),
    quantity,
    entryPrice,
    exitPrice,
    fees,
    net,
    netShare,
    exitReason,
    entryTag,
    exitTag,
  };
}

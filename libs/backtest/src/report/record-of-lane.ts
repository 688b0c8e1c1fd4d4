import { formatDecimal, type Json, type JsonObject, moneyDecimals } from '@scalpstorm/model';
import type { PriceCurve } from '../lane/equity-curve.js';
import type { LaneSummary } from '../lane/lane-summary.js';
import type { LaneTrade } from '../lane/lane-trades.js';
import type { LaneChart } from '../lane/run-charts.js';
import { said, wordsOf } from './html/assumptions.js';
import { type Provenance, type ReportDetails, type RunRecord, reportTradeOf } from './run-record.js';

/** What live strategies over recorded markets came to; the figures are numbers, the exact amounts stay in the summary. */
export interface LaneOutcome {
  readonly summary: LaneSummary;
  readonly trades: readonly LaneTrade[];
  /** Ends of the intervals, microseconds, and the equity there, exact, in 10^-18 of the quote asset. */
  readonly curve: {
    readonly times: readonly number[];
    readonly values: readonly bigint[];
    readonly prices: readonly PriceCurve[];
  };
  readonly charts: readonly LaneChart[];
}

/** Fewer are no chart. */
const chartBarsMin = 2;

/** One symbol is held against buying and keeping it; several have no one price. */
export function recordOfLane({ summary, trades, curve, charts: made }: LaneOutcome, provenance: Provenance): RunRecord {
  const { assumptions, openQuantity, exact, equitySeconds, ...rest } = summary;
  // By their names alone: where they lay on this machine is nobody's business.
  const data = summary.data.map((one, at) => ({ ...one, name: provenance.data[at]?.name ?? null }));
  const held = Object.values(openQuantity);
  const cash = Number(exact['startEquity']);
  const [only, ...others] = curve.prices;
  const charts = made.filter(({ bars }) => bars.length >= chartBarsMin);
  const price = only !== undefined && others.length === 0 ? Float64Array.from(only.values) : null;
  const hold = price === null || only === undefined ? null : heldFrom(only.first, price, { cash, assumptions });
  return {
    summary: {
      ...rest,
      ...{ exact, data },
      pointName: 'points',
      bars: curve.times.length,
      barSeconds: equitySeconds,
      holdReturnPct: hold === null ? null : 100 * ((hold.at(-1) as number) / cash - 1),
      openQuantity: held.length === 1 ? Number(held[0]) : null,
      assumptions: { cash, ...assumptions, ...candlesOf(charts, equitySeconds) },
    },
    details: detailsOf({ ...summary, data }),
    provenance,
    // The end of an interval is still in it: midnight belongs to the day before.
    atMs: Float64Array.from(curve.times, (micros) => Math.floor((micros - 1) / 1_000)),
    equity: Float64Array.from(curve.values, (value) => Number(formatDecimal(value, moneyDecimals))),
    price,
    prices:
      price === null ? curve.prices.map(({ symbol, values }) => ({ symbol, values: Float64Array.from(values) })) : [],
    hold,
    bars: price === null ? null : (charts[0]?.bars ?? null),
    symbolBars: price === null ? charts.map(({ symbol, bars }) => ({ symbol, bars })) : [],
    plots: [],
    trades: trades.map((trade) => reportTradeOf(trade, { symbol: trade.symbol, side: trade.side })),
    trialsEver: null,
  };
}

/** Those that were in no file. */
function candlesOf(charts: readonly LaneChart[], seconds: number): JsonObject {
  const symbols = charts.filter(({ madeOf }) => madeOf === 'trades').map(({ symbol }) => symbol);
  return symbols.length === 0 ? {} : { candles: { madeOf: 'trades', seconds, symbols } };
}

/** Bought for everything at the first price, the first taker fee paid once; funding is left out. Null: nothing had a price. */
function heldFrom(
  first: number,
  price: Float64Array,
  { cash, assumptions }: { readonly cash: number; readonly assumptions: JsonObject },
): Float64Array | null {
  if (!Number.isFinite(first)) return null;
  const { fees } = assumptions as { readonly fees?: readonly { readonly takerRate: string }[] };
  const units = cash / (first * (1 + Number(fees?.[0]?.takerRate ?? 0)));
  return price.map((value) => (Number.isNaN(value) ? cash : units * value));
}

function detailsOf(summary: LaneSummary): readonly ReportDetails[] {
  const { orders, orderStates, denied, cycles, makerSharePct, funding, openQuantity, rows, data, bots } = summary;
  const counts: JsonObject = { orders, orderStates, denied, cycles, makerSharePct, funding, openQuantity };
  return [
    { title: 'Orders', rows: rowsOf(counts) },
    {
      title: 'Data',
      rows: [['rows', said(rows)], ...data.map((one): readonly [string, string] => ['file', said(one)])],
    },
    ...bots.map((bot) => ({ title: `Bot ${said(bot['id'] ?? null)}`, rows: rowsOf(bot) })),
  ];
}

const rowsOf = (object: JsonObject): readonly (readonly [string, string])[] =>
  Object.entries(object).map(([name, value]: readonly [string, Json]) => [wordsOf(name), said(value)]);

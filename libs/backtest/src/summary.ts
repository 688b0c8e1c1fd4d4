import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { BarColumns, ConfiguredBarStrategy } from '@scalpstorm/strategies';
import type { BarMarket } from './bars/bar-market.js';
import type { BarRun } from './bars/run-bars.js';
import { sizeCutWarnings } from './bars/size-cuts.js';
import { type BarTrade, tripsOf } from './bars/trades.js';
import { inspectBars, spacingOf } from './data/inspect-bars.js';
import type { BacktestWarning } from './fault.js';
import { equityFigures, yearMicros } from './figures/equity-figures.js';
import { evidenceWarnings } from './figures/evidence.js';
import { type TradeFigures, tradeFigures } from './figures/trade-figures.js';

/** What a run came to, without series and trades; plain JSON. */
export interface BacktestSummary extends TradeFigures {
  readonly strategy: string;
  readonly parameters: JsonObject;
  readonly bars: number;
  readonly from: string;
  readonly to: string;
  /** Between two bars, as most are. */
  readonly barSeconds: number;
  /** Executions. `trades` are round trips. */
  readonly fills: number;
  readonly finalEquity: number;
  readonly returnPct: number;
  /** Of buying at the first open for all cash, and keeping it to the last close; the fee paid once. */
  readonly holdReturnPct: number;
  readonly annualReturnPct: number;
  readonly totalFees: number;
  readonly maxDrawdownPct: number;
  readonly drawdownFrom: string;
  readonly drawdownTo: string;
  readonly drawdownUntil: string | null;
  readonly sharpe: number;
  readonly sortino: number | null;
  readonly calmar: number | null;
  /** Σ value of the fills ÷ cash at the start. */
  readonly turnover: number;
  /** Held at the end, valued at the last close; no round trip. */
  readonly openQuantity: number;
  readonly assumptions: BarMarket;
  readonly warnings: readonly BacktestWarning[];
}

export interface BacktestResult {
  readonly summary: BacktestSummary;
  readonly trades: readonly BarTrade[];
}

/** @param market under whose assumptions it ran */
export function summaryOf(
  bars: BarColumns,
  { id, parameters }: Pick<ConfiguredBarStrategy, 'id' | 'parameters'>,
  market: BarMarket,
  run: BarRun,
): BacktestResult {
  const { trades, openBars } = tripsOf(run.fills, bars);
  const spacing = spacingOf(bars);
  const {
    drawdownFrom,
    drawdownTo,
    drawdownUntil,
    returns: _,
    ...figures
  } = equityFigures(run.equity, market.cash, yearMicros / spacing);
  const timeOf = (bar: number) => Timestamp.toIso(Timestamp.fromMicros(bars.openedAt[bar] as number));
  const last = bars.length - 1;
  const summary: BacktestSummary = {
    strategy: id,
    parameters,
    bars: bars.length,
    from: timeOf(0),
    to: timeOf(last),
    barSeconds: spacing / 1e6,
    fills: run.fills.length,
    ...tradeFigures(trades, bars.length, openBars),
    finalEquity: run.equity[last] as number,
    ...figures,
    holdReturnPct: holdReturnPct(bars, market),
    drawdownFrom: timeOf(drawdownFrom),
    drawdownTo: timeOf(drawdownTo),
    drawdownUntil: drawdownUntil === null ? null : timeOf(drawdownUntil),
    totalFees: run.totalFees,
    turnover: turnoverOf(run) / market.cash,
    openQuantity: run.held,
    assumptions: market,
    warnings: [...inspectBars(bars), ...sizeCutWarnings(run.fills, market), ...evidenceWarnings(trades.length)],
  };
  return { summary, trades };
}

function holdReturnPct({ open, close, length }: BarColumns, { takerFeeBps }: BarMarket): number {
  return 100 * ((close[length - 1] as number) / ((open[0] as number) * (1 + takerFeeBps / 10_000)) - 1);
}

function turnoverOf({ fills }: BarRun): number {
  let value = 0;
  for (let index = 0; index < fills.length; index += 1) {
    const { price, quantity } = fills.at(index);
    value += price * quantity;
  }
  return value;
}

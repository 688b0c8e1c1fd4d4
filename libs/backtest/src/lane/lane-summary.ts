import { Timestamp } from '@scalpstorm/kernel';
import { type Fill, formatDecimal, type JsonObject, Money, moneyDecimals, notional } from '@scalpstorm/model';
import type { BacktestWarning } from '../fault.js';
import { equityFigures } from '../figures/equity-figures.js';
import { evidenceWarnings } from '../figures/evidence.js';
import { type TradeFigures, tradeFigures } from '../figures/trade-figures.js';
import { pointsAYear } from './equity-curve.js';
import type { LanePlan } from './lane-options.js';
import { type LaneTrade, laneTradesOf } from './lane-trades.js';
import type { LaneRun } from './run-lane.js';

const priceUnit = 10n ** 12n;

/** Names that `BacktestSummary` has mean the same here; amounts are exact texts beside the numbers. */
export interface LaneSummary extends TradeFigures {
  readonly mode: 'backtest';
  readonly strategy: string;
  readonly parameters: JsonObject;
  readonly bots: readonly JsonObject[];
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  /** Between two points of the equity. */
  readonly equitySeconds: number;
  readonly fills: number;
  readonly orders: number;
  readonly cycles: number;
  /** How many orders ended in which state. */
  readonly orderStates: JsonObject;
  /** Denials of the gate, by code. */
  readonly denied: JsonObject;
  readonly finalEquity: number;
  readonly returnPct: number;
  readonly annualReturnPct: number;
  readonly totalFees: number;
  readonly funding: number;
  readonly maxDrawdownPct: number;
  readonly sharpe: number;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly turnover: number;
  readonly makerSharePct: number | null;
  /** Held at the end and valued at the last price, by instrument. */
  readonly openQuantity: JsonObject;
  readonly exact: JsonObject;
  readonly assumptions: JsonObject;
  readonly data: readonly JsonObject[];
  readonly warnings: readonly BacktestWarning[];
}

export interface LaneResult {
  readonly summary: LaneSummary;
  readonly trades: readonly LaneTrade[];
}

export function laneSummaryOf(plan: LanePlan, run: LaneRun): LaneResult {
  const { lane, fills, orders } = run;
  const instruments = lane.listings.map(({ instrument }) => instrument);
  const quote = (instruments[0] as (typeof instruments)[0]).quote;
  const text = (amount: bigint): string => Money.format({ currency: quote, amount });
  const { times, values } = lane.curve;
  const equity = Float64Array.from(values, (value) => Number(text(value)));
  const start = startOf(plan, run);
  const trades = laneTradesOf(fills, instruments, (at) => pointOf(times, at));
  const figures = equityFigures(equity, Number(text(start)), pointsAYear(lane.curve, plan.equityEvery));
  const { drawdownFrom: _from, drawdownTo: _to, drawdownUntil: _until, ...ratios } = figures;
  const fees = fills.reduce((sum, fill) => sum + feeValue(fill, quote), 0n);
  const funding = lane.funding.payments.reduce((sum, { amount }) => sum + amount, 0n);
  const final = lane.equity();
  const [first] = plan.bots;
  const summary: LaneSummary = {
    mode: 'backtest',
    strategy: first?.strategy ?? '',
    parameters: first?.parameters ?? {},
    bots: botsOf(run),
    rows: run.rows,
    from: iso(run.from),
    to: iso(run.to),
    equitySeconds: plan.equityEvery / 1e6,
    fills: fills.length,
    orders: orders.length,
    ...tradeFigures(trades, equity.length),
    cycles: lane.bots.reduce((sum, { cycles }) => sum + cycles.length, 0),
    orderStates: counted(orders.map(({ status }) => status)),
    denied: counted(lane.denied.map(({ denial }) => denial.code)),
    finalEquity: Number(text(final)),
    ...ratios,
    totalFees: Number(text(fees)),
    funding: Number(text(funding)),
    turnover: Number(text(fills.reduce((sum, fill) => sum + notionalOf(fill, quote), 0n))) / Number(text(start)),
    makerSharePct: makerShare(fills),
    openQuantity: Object.fromEntries(
      instruments.map(({ symbol, base }) => [symbol, formatDecimal(lane.wallet.total(base), moneyDecimals)]),
    ),
    exact: {
      startEquity: text(start),
      finalEquity: text(final),
      totalFees: text(fees),
      funding: text(funding),
      balances: Object.fromEntries(lane.wallet.balances().map((money) => [money.currency, Money.format(money)])),
    },
    assumptions: assumptionsOf(plan),
    data: run.data.map(({ name, symbol, kind, rows }) => ({ name, symbol, kind, rows })),
    warnings: warningsOf(plan, run, trades.length),
  };
  return { summary, trades };
}

/** What the balances at the start were worth at the first prices; nothing but cash counts before there is one. */
function startOf({ balances }: LanePlan, { lane }: LaneRun): bigint {
  return lane.startEquity ?? balances.reduce((sum, { amount }) => sum + amount, 0n);
}

/** The first point that is not before it. */
function pointOf(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function feeValue({ fee, price }: Fill, quote: string): bigint {
  return fee.currency === quote ? fee.amount : (fee.amount * price) / priceUnit;
}

const notionalOf = ({ price, quantity }: Fill, quote: Money['currency']): bigint =>
  notional(price, quantity, quote).amount;

function makerShare(fills: readonly Fill[]): number | null {
  if (fills.length === 0) return null;
  return (100 * fills.filter(({ liquidity }) => liquidity === 'maker').length) / fills.length;
}

function botsOf({ lane, fills }: LaneRun): readonly JsonObject[] {
  return lane.bots.map(({ id, plan, cycles, arrived, notes }) => ({
    id,
    strategy: plan.strategy,
    symbol: plan.symbol,
    parameters: plan.parameters,
    cycles: cycles.length,
    net: sumOf(cycles.map(({ net }) => net)),
    fills: fills.filter(({ clientOrderId }) => clientOrderId.startsWith(`s${id.slice(4)}`)).length,
    arrived:
      arrived === null ? null : { milestone: arrived.milestone, code: arrived.reason.code, text: arrived.reason.text },
    notes: [...notes].map(([code, { count, text }]) => ({ code, count, text })),
  }));
}

function sumOf(amounts: readonly Money[]): string {
  const [first] = amounts;
  return first === undefined ? '0' : Money.format(amounts.reduce(Money.plus, Money.zero(first.currency)));
}

function counted(names: readonly string[]): JsonObject {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function assumptionsOf({ rules, limits, seed, balances, instruments }: LanePlan): JsonObject {
  const { fees, slippage, orderLatency, dataLatency, ...rest } = rules;
  return {
    ...rest,
    slippage: { ...slippage },
    fees: fees.map(({ volumeMin, makerRate, takerRate }) => ({
      volumeMin: Money.format(volumeMin),
      makerRate,
      takerRate,
    })),
    orderLatencyMs: { fixed: orderLatency.fixed / 1e3, spread: orderLatency.spread / 1e3 },
    dataLatencyMs: { fixed: dataLatency.fixed / 1e3, spread: dataLatency.spread / 1e3 },
    limits: Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [name, typeof limit === 'number' ? limit : Money.format(limit)]),
    ),
    balances: Object.fromEntries(balances.map((money) => [money.currency, Money.format(money)])),
    instruments: instruments.map(({ symbol, tickSize, stepSize, notionalMin }) => ({
      symbol,
      tickSize: formatDecimal(tickSize, 12),
      stepSize: formatDecimal(stepSize, 12),
      notionalMin: Money.format(notionalMin),
    })),
    seed,
  };
}

function warningsOf({ bots }: LanePlan, run: LaneRun, trades: number): readonly BacktestWarning[] {
  const { lane, bookGaps } = run;
  const warnings: BacktestWarning[] = [...run.warnings, ...evidenceWarnings(trades)];
  for (const { plan, arrived } of lane.bots) {
    if (arrived?.reason.code !== 'WAITS_FOR_BARS') continue;
    warnings.push({
      code: 'TOO_FEW_BARS',
      text: `${plan.strategy} on ${plan.symbol} had not warmed up when the data ended. ${arrived.reason.text}`,
      next: 'Give more data, or shorter periods.',
    });
  }
  if (bookGaps > 0) {
    warnings.push({
      code: 'BOOK_HAS_GAPS',
      text: `${bookGaps} updates of a book do not follow on the one before them.`,
      next: 'Levels that were passed meanwhile were dropped; capture again what matters.',
    });
  }
  if (lane.curve.values.some((value) => value <= 0n)) {
    warnings.push({
      code: 'ACCOUNT_WIPED_OUT',
      text: 'The account was worth nothing at some time; a venue would have closed everything by then.',
      next: 'Use less, or a stop.',
    });
  }
  if (bots.some(({ strategy }) => strategy === 'model-signal')) {
    warnings.push({
      code: 'NO_PREDICTIONS',
      text: 'A model’s predictions are no data here yet: a strategy that waits for them does nothing.',
      next: 'Backtest a strategy over prices.',
    });
  }
  return warnings;
}

const iso = (micros: number): string => Timestamp.toIso(Timestamp.fromMicros(micros));

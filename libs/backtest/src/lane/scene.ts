import { unwrap } from '@scalpstorm/kernel';
import { type Fill, formatDecimal, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import { laneInstrument } from './lane-instrument.js';
import { type LaneMarketRules, type LanePlan, plainRules, usualBounds } from './lane-options.js';
import { type LaneRun, type LaneSource, runLane } from './run-lane.js';

// What the specs of the lane set out from: markets as texts, a bot, and fills in one line each.

export const minute = 60_000_000;
/** 2022-01-01. */
export const newYear = 1_640_995_200;

/** Pieces of a text, so small that rows are torn. */
export async function* pieces(text: string, size = 37): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export const source = (text: string, symbol = 'BTC-USDT', name = 'market.csv'): LaneSource => ({
  name,
  symbol,
  chunks: pieces(text),
});

/** Bars of a minute: open, high, low, close, and a volume where there is one. */
export const candles = (...bars: readonly (readonly number[])[]): string =>
  [
    'time,open,high,low,close,volume',
    ...bars.map((bar, at) => [newYear + 60 * at, ...bar, ...(bar.length < 5 ? [100] : [])].join(',')),
  ].join('\n');

/** Seconds after the new year, price, quantity, who took. */
export type TradeText = readonly [second: number, price: number, quantity: number, side: string];

export const trades = (...rows: readonly TradeText[]): string =>
  ['time,price,qty,side', ...rows.map(([second, ...rest]) => [newYear + second, ...rest].join(','))].join('\n');

export const fixedCycle: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } };

export function planOf(
  parameters: JsonObject,
  rules: Partial<LaneMarketRules> = {},
  more: Partial<LanePlan> = {},
): LanePlan {
  return {
    instruments: [unwrap(laneInstrument({ symbol: 'BTC-USDT', tick: '0.01', step: '0.00001', notionalMin: '5' }))],
    bots: [{ strategy: 'scalping-cycle', parameters: { ...fixedCycle, ...parameters }, symbol: 'BTC-USDT' }],
    balances: [Money.of('10000', 'USDT')],
    rules: { ...plainRules, ...rules },
    limits: {},
    equityEvery: minute,
    seed: 1,
    bounds: usualBounds,
    ...more,
  };
}

export async function play(plan: LanePlan, ...texts: readonly (string | LaneSource)[]): Promise<LaneRun> {
  const run = await runLane(
    plan,
    texts.map((text) => (typeof text === 'string' ? source(text) : text)),
  );
  if (!run.ok) throw new Error(`${run.error.code}: ${run.error.text}`);
  return run.value;
}

export async function refused(plan: LanePlan, ...texts: readonly (string | LaneSource)[]): Promise<BacktestFault> {
  const run = await runLane(
    plan,
    texts.map((text) => (typeof text === 'string' ? source(text) : text)),
  );
  if (run.ok) throw new Error('it was not refused');
  return run.error;
}

/** `buy 1 at 100 maker, 60.000 s`. */
export const lineOf = ({ side, quantity, price, liquidity, occurredAt }: Fill): string =>
  `${side} ${Quantity.format(quantity)} at ${Price.format(price)} ${liquidity}, ${((occurredAt - newYear * 1e6) / 1e6).toFixed(0)} s`;

export const linesOf = ({ fills }: LaneRun): readonly string[] => fills.map(lineOf);

export const balancesOf = ({ lane }: LaneRun): Readonly<Record<string, string>> =>
  Object.fromEntries(lane.wallet.balances().map(({ currency, amount }) => [currency, formatDecimal(amount, 18)]));

import { second } from '@scalpstorm/kernel';
import { type Instrument, parseDecimal } from '@scalpstorm/model';
import { offsetDecimals, type PriceSource, type ScalpingParameters } from '../scalping-cycle/parameters.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import type { ParameterReader } from '../sdk/reader.js';

/** The exit that the cycle would rest by itself lies where nobody comes: percentages and the signal close. */
const outOfReach = {
  kind: 'offset',
  offset: 5_000n * 10n ** BigInt(offsetDecimals),
  unit: 'bps',
  from: 'entry',
} as const;

/** The cycle of a strategy whose signal decides about entries and exits; what is left is its own. */
export const signalledCycle = {
  firstSide: 'buy',
  sellPrice: outOfReach,
  // An entry rests on what is known now: what does not fill now is not wanted later.
  timeInForce: 'IOC',
  entryTimeout: null,
  trailing: null,
  afterStopLoss: 'continue',
  vwapWindow: 0,
  // Over what a size is reckoned by volatility.
  atr: { period: 14, interval: 60 * second },
} as const satisfies Partial<ScalpingParameters>;

/** An entry pays at most so much more than the middle of the market. @param slippage in 10^-6 basis points */
export const aboveMid = (slippage: bigint): PriceSource => ({
  kind: 'offset',
  offset: slippage,
  unit: 'bps',
  from: 'mid',
});

/** Basis points as an exact decimal text, in 10^-6; null, and a fault, where it is none. */
export const readBps = (reader: ParameterReader, name: string): bigint | null =>
  reader.decimal(name, (text) => {
    const parsed = parseDecimal(text, offsetDecimals);
    return parsed.ok && parsed.value >= 0n && parsed.value < 10_000n * 10n ** BigInt(offsetDecimals)
      ? parsed
      : { ok: false };
  });

/** A rate such as `0.001` in basis points. */
export function rateBps(rate: string): number {
  const parsed = parseDecimal(rate, 12);
  return parsed.ok ? Number(parsed.value) / 1e8 : Number.POSITIVE_INFINITY;
}

/** A take-profit that brings less than the fees of both orders take. */
export function profitLoses(
  { takeProfit }: Pick<ScalpingParameters, 'takeProfit'>,
  instrument: Instrument,
): readonly ParameterFault[] {
  const feesBps = 2 * rateBps(instrument.takerFeeRate);
  // 10^-4 percent are 10^-2 basis points.
  const profitBps = takeProfit === null ? null : Number(takeProfit) / 100;
  if (profitBps === null || profitBps > feesBps) return [];
  return [
    {
      code: 'LOSES_AFTER_FEES',
      field: '/takeProfitPercent',
      text: `A take-profit brings ${profitBps} bps; the fees of both orders take ${feesBps}.`,
      allowed: `more than ${feesBps} bps`,
      next: 'Raise the take-profit, unless a loss is meant.',
    },
  ];
}

import type { Micros } from '@scalpstorm/kernel';
import type { Price, Quantity, Side, TimeInForce } from '@scalpstorm/model';
import type { AtrWish, MeasureWish } from '../sdk/measures.js';
import type { afterStopLossChoices, offsetStarts, offsetUnits } from './schema.js';

/** Signed; in 10^-6 ticks, basis points or average true ranges. */
export const offsetDecimals = 6;

export type PriceSource =
  | { readonly kind: 'fixed'; readonly price: Price }
  | {
      readonly kind: 'offset';
      readonly offset: bigint;
      readonly unit: (typeof offsetUnits)[number];
      /** `entry`: the average fill price of the other leg. */
      readonly from: (typeof offsetStarts)[number];
    };

export interface ScalpingParameters {
  readonly firstSide: Side;
  readonly quantity: Quantity;
  readonly buyPrice: PriceSource;
  readonly sellPrice: PriceSource;
  readonly loop: boolean;
  /** Cycles of one run; null: no end. */
  readonly maxCycles: number | null;
  /** Of orders with a price; an exit at the market has none. */
  readonly timeInForce: TimeInForce;
  /** In 10^-4 percent; null: not wanted. */
  readonly trailing: bigint | null;
  readonly stopLoss: bigint | null;
  readonly takeProfit: bigint | null;
  readonly afterStopLoss: (typeof afterStopLossChoices)[number];
  readonly coolDown: Micros;
  /** Null: an entry waits as long as it takes. */
  readonly entryTimeout: Micros | null;
  readonly vwapWindow: Micros;
  readonly atr: AtrWish;
}

/** Only what the prices count from is kept for the bot. */
export function measuresOf({ buyPrice, sellPrice, vwapWindow, atr }: ScalpingParameters): MeasureWish {
  const offsets = [buyPrice, sellPrice].filter((source) => source.kind === 'offset');
  return {
    vwapWindow: offsets.some(({ from }) => from === 'vwap') ? vwapWindow : null,
    atr: offsets.some(({ unit }) => unit === 'atr') ? atr : null,
  };
}

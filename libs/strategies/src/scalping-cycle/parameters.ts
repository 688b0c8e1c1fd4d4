import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { CycleExit, Price, Quantity, Reason, Side, TimeInForce } from '@scalpstorm/model';
import type { AtrWish, MeasureWish } from '../sdk/measures.js';
import type { SizingRule } from '../sdk/read-sizing.js';
import type { StrategyContext } from '../sdk/strategy.js';
import type { CyclePlan } from './plan.js';
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
  /** Of each entry; the most of one where `sizeBy` reckons it. */
  readonly quantity: Quantity;
  readonly sizeBy: SizingRule;
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
  /** Absent: prices alone decide. */
  readonly signal?: Signal;
  /** Absent: one entry a cycle, priced and sized by what stands above. */
  readonly plan?: CyclePlan;
  /** By how much the number of a cycle is above the last one's: of several that trade as one bot each counts on its own. Absent: 1. */
  readonly stride?: number;
}

/** What besides prices decides about a cycle. Pure, like everything here. */
export interface Signal {
  /** Whether an entry of this cycle may be asked for now. */
  mayEnter(context: StrategyContext, cycle: number): boolean;
  /** Why what is held should be closed at the market now; null: it need not. @param openedAt when the entry was asked for */
  leaves(context: StrategyContext, openedAt: Timestamp): Leaving | null;
}

export interface Leaving {
  readonly kind: Extract<CycleExit, 'signal' | 'time' | 'stop-loss' | 'take-profit'>;
  readonly reason: Reason;
}

/** Only what the prices count from is kept for the bot. */
export function measuresOf({ buyPrice, sellPrice, vwapWindow, atr, sizeBy }: ScalpingParameters): MeasureWish {
  const offsets = [buyPrice, sellPrice].filter((source) => source.kind === 'offset');
  return {
    vwapWindow: offsets.some(({ from }) => from === 'vwap') ? vwapWindow : null,
    atr: sizeBy.sizing.kind === 'atr' || offsets.some(({ unit }) => unit === 'atr') ? atr : null,
    ...(sizeBy.sizing.kind !== 'fixed' && { funds: true }),
  };
}

import { modelSignal } from './model-signal/model-signal.js';
import { scalpingCycle } from './scalping-cycle/scalping-cycle.js';
import type { Strategy } from './sdk/define.js';

export { barStrategies } from './bars/bar-strategies.js';
export {
  AsksForTomorrow,
  type Bar,
  type BarColumns,
  type BarDecider,
  type BarKernel,
  type BarStrategy,
  type BarStrategyDefinition,
  type ConfiguredBarStrategy,
  type Desk,
  defineBarStrategy,
  wishes,
} from './bars/bar-strategy.js';
export {
  type DeclaredParameter,
  type DeclaredParameters,
  type ParameterValues,
  valueOfText,
} from './bars/declared-parameters.js';
export { modelSignal } from './model-signal/model-signal.js';
export { scalpingCycle } from './scalping-cycle/scalping-cycle.js';
export { type ConfiguredStrategy, defineStrategy, type Strategy } from './sdk/define.js';
export {
  type Atr,
  type AtrWish,
  atrAfter,
  atrValue,
  emptyAtr,
  emptyVwap,
  type MeasureWish,
  noMeasures,
  type Vwap,
  vwapAfter,
  vwapAt,
} from './sdk/measures.js';
export { ParameterReader } from './sdk/reader.js';
export type {
  Checked,
  Effect,
  Milestone,
  ParameterFault,
  StrategyContext,
  StrategyDefinition,
  StrategyEvent,
  StrategyStep,
  WantedOrder,
} from './sdk/strategy.js';

/** Every strategy of the platform, by id. */
export const strategies: ReadonlyMap<string, Strategy> = new Map([
  [scalpingCycle.id, scalpingCycle],
  [modelSignal.id, modelSignal],
]);

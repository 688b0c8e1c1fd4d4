export { barBot } from './bar-bot/bar-bot.js';
export { barBotWithoutRule, isBarBotState } from './bar-bot/without-rule.js';
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
  runWithin,
  wishes,
} from './bars/bar-strategy.js';
export { deciderOver } from './bars/decider-over.js';
export {
  type DeclaredParameter,
  type DeclaredParameters,
  isAllowed,
  type ParameterValues,
  valueOfText,
} from './bars/declared-parameters.js';
export { barsUntil, type DataNeeds, type HigherBar, type HigherView, WrongTimeframe } from './bars/higher-bars.js';
export { type Plot, type PlottedSeries, plotFault, plotOf, plottedSeries } from './bars/plots.js';
export { NotAPrice, priceWanted } from './bars/price-wanted.js';
export {
  freshSeries,
  rememberedSeries,
  type SeriesExchange,
  type SeriesOf,
  type SharedSeries,
} from './bars/series.js';
export { isStrategyId, type ModuleFault, strategyIdAllowed, strategyOfModule } from './bars/strategy-of-module.js';
export { ruleFormat } from './builder/rule.js';
export { ruleBot } from './builder/rule-bot.js';
export { strategyOfFile } from './builder/strategy-of-rule.js';
export { placingStrategies, strategies } from './catalogue/platform-strategies.js';
export {
  botOver,
  type OwnModule,
  type RefusedModule,
  StrategyCatalogue,
  type UnfitForBots,
} from './catalogue/strategy-catalogue.js';
export { modelSignal } from './model-signal/model-signal.js';
export type { TakenStep } from './replay/journal.js';
export { type Before, JournalPen, type WrittenRow } from './replay/journal-pen.js';
export { JournalReader, type JournalRow, UnreadableJournal } from './replay/read-journal.js';
export { type JournalGap, type ReplayDifference, type Replayed, replayJournal } from './replay/replay-journal.js';
export { scalpingCycle } from './scalping-cycle/scalping-cycle.js';
export { type ConfiguredStrategy, defineStrategy, type Strategy } from './sdk/define.js';
export {
  type Atr,
  type AtrWish,
  atrAfter,
  atrValue,
  barsKept,
  emptyAtr,
  emptyVwap,
  type MeasureWish,
  noMeasures,
  type Vwap,
  vwapAfter,
  vwapAt,
} from './sdk/measures.js';
export type { ParameterFault } from './sdk/parameter-fault.js';
export { ParameterReader } from './sdk/reader.js';
export type {
  Checked,
  Effect,
  Milestone,
  StrategyContext,
  StrategyDefinition,
  StrategyEvent,
  StrategyStep,
  WantedOrder,
} from './sdk/strategy.js';
export { withDefaults } from './sdk/with-defaults.js';
export type { Withheld } from './sdk/withheld.js';
export { type NamedStrategy, ruleNamed, strategyNamed } from './version/rule-named.js';
export { syntheticBars } from './version/synthetic-bars.js';
export { versionSteps, versionText } from './version/version-text.js';

export type { Account, Balance, Position } from './account.js';
export { type Activity, type ActivityLevel, activityLevels } from './activity.js';
export {
  type Bot,
  type BotConfig,
  type BotTotals,
  type BotVerb,
  botVerbs,
  type Cycle,
  type CycleExit,
  countedCycle,
  cycleExits,
  type DesiredState,
  desiredStates,
  type Json,
  type JsonObject,
  type ObservedState,
  type OtherFee,
  observedStates,
  type Priced,
} from './bot.js';
export { type DecimalFault, formatDecimal, parseDecimal } from './decimal.js';
export type { Fill } from './fill.js';
export {
  AccountId,
  attemptMax,
  BotId,
  ClientOrderId,
  cycleMax,
  EventId,
  InstrumentId,
  isSymbol,
  type Leg,
  type OrderSlot,
  TradeId,
  UserId,
  VenueId,
  VenueOrderId,
} from './ids.js';
export {
  atMarket,
  checkFilters,
  type FeeRates,
  type FilterViolation,
  type Instrument,
  isDust,
  withFeeRates,
} from './instrument.js';
export {
  type BookDepth,
  type BookLevel,
  type Candle,
  type FeedStatus,
  type Quote,
  type Timeframe,
  type Trade,
  timeframeLength,
  timeframes,
} from './market.js';
export { Currency, Money, moneyDecimals, notional } from './money.js';
export {
  type CancelReason,
  cancelReasons,
  finalStatuses,
  isFinal,
  type Mode,
  modes,
  type Order,
  type OrderEvent,
  type OrderRequest,
  type OrderStatus,
  type OrderType,
  orderEventKinds,
  orderStatuses,
  orderTypes,
  type Purpose,
  purposes,
  type Reason,
  type TimeInForce,
  timesInForce,
} from './order.js';
export {
  isPlain,
  type OrderTerms,
  type TermsFault,
  type Trigger,
  type TriggerKind,
  type TriggerSource,
  termsFault,
  termsOf,
  trailingBps,
  triggerKinds,
  triggerSources,
} from './order-terms.js';
export {
  isPlanOver,
  type PlanEntry,
  PlanId,
  type PlanKind,
  type PlanLeg,
  type PlanSlot,
  type PlanStatus,
  type PlanStop,
  type PlanTarget,
  type PlanTerms,
  planKinds,
  planLegs,
  planStatuses,
  twapBounds,
} from './plan.js';
export type { Outlook, Prediction } from './prediction.js';
export { Price, priceDecimals } from './price.js';
export { Quantity, quantityDecimals } from './quantity.js';
export { type KnownRefusal, prospectOf, type RefusalProspect, refusalProspects } from './refusal-prospects.js';
export { RiskScope, type ScopeKind, type ScopeMember, scopeKinds } from './risk-scope.js';
export { opposite, type Side, sides } from './side.js';
export { type HaltLevel, haltLevels, isStricter, type TradingState, tradingStates } from './trading-state.js';

export {
  type BotLife,
  type BotLifeEvent,
  type BotLifeEventKind,
  changeLife,
  type LifeRefusal,
  type LifeTable,
  life,
} from './bots/life.js';
export { knownUntil, type Telling } from './market/known-until.js';
export { awaitsFills, endOrHeld, fillsAwaited } from './orders/held-end.js';
export {
  type ContentMatch,
  type FoundOrder,
  hasContentOf,
  type MatchByContent,
  type MatchCircumstances,
  matchByContent,
  mayBe,
  type OrderContent,
  type WantedOrder,
} from './orders/match-by-content.js';
export { applyOrderEvent, createOrder, type OrderFault } from './orders/order.js';
export { isProtective, lostBy, protects, unprotected } from './orders/protection.js';
export {
  type ReconcileCircumstances,
  type Reconciliation,
  reconcileOrder,
  type VenueOrderView,
} from './orders/reconcile.js';
export { type Lookup, type SendingDecision, type SendingSituation, sendingDecision } from './orders/sending.js';
export {
  isProof,
  notFoundAfterExpiry,
  type OrderEventKind,
  type Step,
  type TransitionTable,
  transitions,
  venueCodePrefix,
} from './orders/transitions.js';
export {
  isReached,
  isSameTrigger,
  type Prices,
  sourcePrice,
  triggerLevel,
  worstPrice,
} from './orders/trigger.js';
export { type Watched, watchTrigger } from './orders/watch-trigger.js';
export { exitSideOf, withDenial, withWithdrawal } from './plans/children.js';
export { decidePlan } from './plans/decide-plan.js';
export { withOrderBehind } from './plans/ending.js';
export {
  type ChildState,
  type EndingLevel,
  isLive,
  type Plan,
  type PlanChild,
  type PlanDecision,
  type PlanLook,
  type PlanRules,
} from './plans/plan.js';
export { unclosedOf, uncoveredOf } from './plans/protect.js';
export { reopened } from './plans/reopened.js';
export { type NewPlan, type PlanFault, planFault, rulesOf, startPlan } from './plans/start-plan.js';
export { addFee } from './portfolio/fees.js';
export {
  applyFill,
  cashOf,
  emptyPosition,
  netBase,
  type Pair,
  type PositionOwner,
} from './portfolio/position.js';
export { type BotStanding, closable, type WorkingOrder, worstPosition } from './risk/bot-standing.js';
export {
  type Breaker,
  type BreakerLimits,
  type BreakerSettings,
  breakers,
  type CycleResult,
  dayOf,
  type LowProfit,
  type Trip,
  tripsBy,
} from './risk/breakers.js';
export type { Check, Refusal } from './risk/check.js';
export { checks } from './risk/checks.js';
export { decide } from './risk/decide.js';
export { countEquity, drawdownBps, type EquityCount, fromHere } from './risk/equity.js';
export { exposureOf, userExposureOf, venueExposureOf } from './risk/exposure.js';
export type { InstrumentTotals, RestingOrder } from './risk/instrument-totals.js';
export { higher, type Judgement, valueUp } from './risk/judgement.js';
export {
  type LimitLayer,
  type LimitName,
  type LimitSources,
  type LimitsInForce,
  limitNames,
  limitsInForce,
  type TightLimits,
  tightenable,
  unitsOf,
} from './risk/limit-layers.js';
export { type FailureLimits, isFailing, slippageBps } from './risk/order-quality.js';
export type {
  Funds,
  MarketView,
  RiskContext,
  RiskDenial,
  RiskLimits,
  TradingInForce,
  VenueClock,
  Verdict,
} from './risk/policy.js';
export { moveBps, type PriceWindow, withPrice } from './risk/price-window.js';
export { type Picture, type Recollection, restoreStanding } from './risk/restore.js';
export { isInSession, nextSession, type SessionWindow } from './risk/sessions.js';
export { ShardedMap } from './risk/sharded-map.js';
export { type FeedAge, type StaleFeeds, staleFeeds } from './risk/stale-feeds.js';
export {
  applyOrder,
  approvalsKept,
  botStanding,
  emptyStanding,
  finishedKept,
  mayBeForgotten,
  type Reservation,
  releaseReservation,
  reserve,
  type Standing,
} from './risk/standing.js';
export { strictestOf, untouched } from './risk/trading-in-force.js';
export { evidenceMin, kellyOf, type NoKelly, type TrackRecord } from './sizing/kelly.js';
export { dearestFee } from './sizing/kernels.js';
export { equityOf, sizeOf } from './sizing/size-of.js';
export type { PairFunds, Sized, Sizing, SizingBasis, SizingCaps, SizingRefusal } from './sizing/sizing.js';

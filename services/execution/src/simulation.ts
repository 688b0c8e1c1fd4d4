// What the fault simulation drives (libs/simulation): handlers, ports, and the two adapters that decide something. Nobody else imports it.
export { CoalescedRetelling } from './adapters/coalesced-retelling.js';
export { IdentifyingVenues } from './adapters/identifying-venues.js';
export { type CommitAnswer, LedgerLane } from './adapters/ledger-lane.js';
export { PostgresTradingHalts } from './adapters/postgres-trading-halts.js';
export type { Totals } from './domain/balances.js';
export { Books, type KnownOrder } from './domain/books.js';
export type { EarlyCancel } from './domain/early-cancel.js';
export { contentOf, flowsOf, tradeKey } from './domain/fill-content.js';
export { orderMessageId } from './domain/order-message.js';
export type { TrackedOrder } from './domain/order-row.js';
export type { RefusedFill } from './domain/refused-fill.js';
export type { StagedBatch } from './domain/staged-batch.js';
export { AccountStates } from './handlers/account-states.js';
export { AdoptOrders } from './handlers/adopt-orders.js';
export { AlignOrder } from './handlers/align-order.js';
export { CancelOpening } from './handlers/cancel-opening.js';
export { CancelOrder } from './handlers/cancel-order.js';
export { CancelRequestedHandler } from './handlers/cancel-requested.handler.js';
export { CancelStrays } from './handlers/cancel-strays.js';
export { CompareFills } from './handlers/compare-fills.js';
export { CompareOrders } from './handlers/compare-orders.js';
export { DropChild } from './handlers/drop-child.js';
export { FlattenHeld } from './handlers/flatten-held.js';
export { ObeyTradingWord } from './handlers/obey-trading-word.js';
export { OrderApprovedHandler } from './handlers/order-approved.handler.js';
export { OrderDeniedHandler } from './handlers/order-denied.handler.js';
export { OrderTraces } from './handlers/order-traces.js';
export { PlaceOrder } from './handlers/place-order.js';
export { PlanMarkets } from './handlers/plan-markets.js';
export { Reconcile } from './handlers/reconcile.js';
export { Recover } from './handlers/recover.js';
export { RefusedFills } from './handlers/refused-fills.js';
export { ResolveUnknown } from './handlers/resolve-unknown.js';
export { RunPlans } from './handlers/run-plans.js';
export { TradingStateHandler } from './handlers/trading-state.handler.js';
export { VenueMemory } from './handlers/venue-memory.js';
export { VenueReport } from './handlers/venue-report.js';
export { WatchHalts } from './handlers/watch-halts.js';
export { type HandHolding, HandHoldings } from './ports/hand-holdings.js';
export {
  type CancelWish,
  type Change,
  LeaseHeld,
  Ledger,
  type NamedByVenue,
  type Recorded,
  type Span,
  type Traded,
} from './ports/ledger.js';
export { MarketEar } from './ports/market-ear.js';
export { OrderPlans, type StoredPlan } from './ports/order-plans.js';
export { Pause } from './ports/pause.js';
export { type OpenRefusal, Reconciliations } from './ports/reconciliations.js';
export { Retelling } from './ports/retelling.js';
export { OrdersUntold, ToldOrders } from './ports/told-orders.js';
export { TradingHalts, type TradingWord } from './ports/trading-halts.js';
export { UntoldOrders } from './ports/untold-orders.js';
export { Venues } from './ports/venues.js';

export { applyOrderEvent, createOrder, type OrderFault } from './orders/order.js';
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
export { addFee } from './portfolio/fees.js';
export { applyFill, cashOf, emptyPosition, type PositionOwner, sellable } from './portfolio/position.js';

export { type CircuitState, circuitStates } from './circuit.js';
export { type ClockOffset, clockComplaint, clockOffsetMax } from './clock-offset.js';
export { type RefusalCode, VenueRefused, VenueUnreachable, type WeatherCode } from './errors.js';
export {
  type CancelOutcome,
  type CancelRequest,
  type ExecutionListener,
  ExecutionVenue,
  type FillsQuery,
  type Lack,
  type ListedOrder,
  type OpenOrdersQuestion,
  type OrderReport,
  type PlacedOrder,
  type PlaceOptions,
  type PlaceOutcome,
  type PlaceRejectionCode,
  type UnknownOutcomeCode,
  type VenueFill,
  type VenueFilterViolation,
  type VenueOrderStatus,
  type VenueOrderView,
  venueOrderStatuses,
} from './execution-venue.js';
export {
  type FeedListener,
  type FeedSubscription,
  MarketFeed,
  type SequencedTrade,
} from './market-feed.js';
export type { LedgerGrant, LedgerRequest, LedgerSpend, Purses, RateLedger } from './rate-ledger.js';

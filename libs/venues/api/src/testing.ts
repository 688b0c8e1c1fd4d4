export { RecordingExecutionListener, RecordingFeedListener } from './testing/recording-listeners.js';
export { SmallOrders } from './testing/small-orders.js';
export type { VenueUnderTest } from './testing/standing.js';
export { describeVenueContract } from './testing/venue-contract.js';

export { RecordingExecutionListener, RecordingFeedListener } from './testing/recording-listeners.js';
export { SmallOrders } from './testing/small-orders.js';
export { describeVenueContract, type VenueUnderTest } from './testing/venue-contract.js';

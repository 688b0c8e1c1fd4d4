export { type AddressEnvironment, BadAddresses, environmentOf } from './addresses.js';
export { BinanceExecutionVenue } from './binance-execution-venue.js';
export { BinanceMarketFeed } from './binance-market-feed.js';
export type { BinanceAddresses, BinanceCredentials, BinanceOptions, VenueNotice } from './options.js';
export type { KeyPermissions } from './parse-account.js';

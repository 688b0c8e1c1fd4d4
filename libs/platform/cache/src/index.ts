export { Cache, CacheUnavailable } from './cache.js';
export { CacheModule, RateLedgerModule, SharedRates } from './cache.module.js';
export { RedisCache, type RedisCacheOptions } from './redis-cache.js';
export { RedisRateLedger, type RedisRateLedgerOptions } from './redis-rate-ledger.js';

export { Cache, CacheUnavailable } from './cache.js';
export { CacheModule } from './cache.module.js';
export { RedisCache, type RedisCacheOptions } from './redis-cache.js';

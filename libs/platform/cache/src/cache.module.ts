import { type DynamicModule, Module } from '@nestjs/common';
import { commonEnv, Environment, loadConfig, redisEnv } from '@scalpstorm/config';
import { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import { z } from 'zod';
import { Cache } from './cache.js';
import { RedisCache } from './redis-cache.js';

const environmentSchema = z.object({ ...commonEnv, ...redisEnv });

/** Provides Cache everywhere. Redis is not needed to be ready: nothing in it is. */
@Module({})
export class CacheModule {
  static forRoot(): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Cache,
          useFactory: async ({ variables }: Environment, log: Log, metrics: Metrics, health: HealthRegistry) => {
            const config = loadConfig(environmentSchema, variables);
            const cache = new RedisCache({
              url: config.REDIS_URL,
              namespace: config.SCALPSTORM_NAMESPACE,
              log,
              metrics,
            });
            health.register('redis', () => cache.healthy(), { critical: false });
            await cache.settled();
            return cache;
          },
          inject: [Environment, Log, Metrics, HealthRegistry],
        },
      ],
      exports: [Cache],
    };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';
import { commonEnv, Environment, loadConfig, redisEnv } from '@scalpstorm/config';
import { HealthRegistry, Log, Metrics } from '@scalpstorm/observability';
import { z } from 'zod';
import { Cache } from './cache.js';
import { RedisCache } from './redis-cache.js';
import { RedisRateLedger } from './redis-rate-ledger.js';

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

const ledgerEnvironment = z.object({ ...commonEnv, REDIS_URL: redisEnv.REDIS_URL.optional() });

/** The budget that this process shares with others; null where no Redis is configured: then it is alone. */
export class SharedRates {
  constructor(readonly ledger: RedisRateLedger | null) {}

  onApplicationShutdown(): void {
    this.ledger?.onApplicationShutdown();
  }
}

/** Provides {@link SharedRates} everywhere. No Redis is needed to start or to be ready. */
@Module({})
export class RateLedgerModule {
  static forRoot(): DynamicModule {
    return {
      module: RateLedgerModule,
      global: true,
      providers: [
        {
          provide: SharedRates,
          useFactory: ({ variables }: Environment, log: Log, metrics: Metrics) => {
            const { REDIS_URL: url, SCALPSTORM_NAMESPACE: namespace } = loadConfig(ledgerEnvironment, variables);
            return new SharedRates(url === undefined ? null : new RedisRateLedger({ url, namespace, log, metrics }));
          },
          inject: [Environment, Log, Metrics],
        },
      ],
      exports: [SharedRates],
    };
  }
}

import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cache, CacheUnavailable } from '@scalpstorm/cache';
import { WallClock } from '@scalpstorm/observability';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { type Budget, RateLimits, type RateStanding } from '../ports/rate-limits.js';

export const windowMs = 10_000;
/** Halts and releases in a window: enough for whoever presses again and again, and too few to keep anybody busy. */
const brakesPerWindow = { user: 20, address: 100 } as const;
const ownCountersMax = 50_000;
/** While Redis is lost its time-outs would cost more than the counting is worth. */
const withoutCacheMs = 2_000;

/**
 * Counts in windows of ten seconds, in the cache that all gateways share and beside it in memory, so that a lost cache
 * limits each gateway by itself and opens no door. Keys hold hashes, never an address.
 */
@Injectable()
export class CacheRateLimits extends RateLimits {
  readonly #own = new Map<string, number>();
  #window = -1;
  #cacheFrom = 0;

  constructor(
    private readonly cache: Cache,
    private readonly clock: WallClock,
    private readonly settings: GatewaySettings,
  ) {
    super();
  }

  async enter(of: 'user' | 'address', who: string, budget: Budget = 'usual'): Promise<RateStanding> {
    const millis = Math.floor(this.clock.now() / 1_000);
    const window = Math.floor(millis / windowMs);
    if (window !== this.#window) this.#own.clear();
    this.#window = window;
    const name = budget === 'usual' ? of : `brake-${of}`;
    const limit = budget === 'usual' ? this.#usual(of) : brakesPerWindow[of];
    const resetSeconds = Math.max(1, Math.ceil(((window + 1) * windowMs - millis) / 1_000));
    const digest = createHash('sha256').update(who).digest('base64url').slice(0, 22);
    const key = `rate:${window}:${name}:${digest}`;
    const own = this.#countOwn(key);
    // Whoever is over the limit here is so everywhere: the others need not be asked.
    const count = own > limit ? own : Math.max(own, await this.#countShared(key, millis));
    return { name, limit, remaining: Math.max(0, limit - count), resetSeconds, exceeded: count > limit };
  }

  #usual(of: 'user' | 'address'): number {
    const { requestsPerSecondPerUser, requestsPerSecondPerAddress } = this.settings;
    return (of === 'user' ? requestsPerSecondPerUser : requestsPerSecondPerAddress) * (windowMs / 1_000);
  }

  #countOwn(key: string): number {
    const count = (this.#own.get(key) ?? 0) + 1;
    if (count > 1 || this.#own.size < ownCountersMax) this.#own.set(key, count);
    return count;
  }

  async #countShared(key: string, millis: number): Promise<number> {
    if (millis < this.#cacheFrom) return 0;
    try {
      return await this.cache.increment(key, windowMs);
    } catch (error) {
      if (!(error instanceof CacheUnavailable)) throw error;
      this.#cacheFrom = millis + withoutCacheMs;
      return 0;
    }
  }
}

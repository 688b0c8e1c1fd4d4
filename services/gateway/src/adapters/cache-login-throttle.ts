import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cache, CacheUnavailable } from '@scalpstorm/cache';
import { WallClock } from '@scalpstorm/observability';
import { attemptWindow, attemptWindowMs, type Counted, isOverLimit } from '../domain/attempt-limits.js';
import { type Attempt, LoginThrottle } from '../ports/login-throttle.js';

const ownCountersMax = 20_000;

/**
 * Counts attempts in the cache, which all gateways share, and beside it in memory, so that a lost cache does not open the door.
 * Keys hold hashes, never an e-mail.
 */
@Injectable()
export class CacheLoginThrottle extends LoginThrottle {
  readonly #own = new Map<string, number>();
  #window = -1;

  constructor(
    private readonly cache: Cache,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async enter(attempt: Attempt): Promise<number | null> {
    const { number, secondsLeft } = attemptWindow(this.clock.now());
    this.#forgetEarlier(number);
    const keys = keysOf(attempt, number);
    const own = {
      accountFromAddress: this.#countOwn(keys.accountFromAddress),
      account: this.#countOwn(keys.account),
      address: this.#countOwn(keys.address),
    };
    if (isOverLimit(own)) return secondsLeft;
    const [accountFromAddress, account, address] = await Promise.all([
      this.#countShared(keys.accountFromAddress),
      this.#countShared(keys.account),
      this.#countShared(keys.address),
    ]);
    return isOverLimit({ accountFromAddress, account, address }) ? secondsLeft : null;
  }

  async succeeded(attempt: Attempt): Promise<void> {
    const { accountFromAddress, account } = keysOf(attempt, attemptWindow(this.clock.now()).number);
    for (const key of [accountFromAddress, account]) {
      this.#own.delete(key);
      await unlessLost(this.cache.delete(key), undefined);
    }
  }

  #countOwn(key: string): number {
    const count = (this.#own.get(key) ?? 0) + 1;
    // Full means that somebody tries many accounts; their address is counted already.
    if (count > 1 || this.#own.size < ownCountersMax) this.#own.set(key, count);
    return count;
  }

  #countShared(key: string): Promise<number> {
    return unlessLost(this.cache.increment(key, attemptWindowMs), 0);
  }

  #forgetEarlier(window: number): void {
    if (window === this.#window) return;
    this.#window = window;
    this.#own.clear();
  }
}

/** A lost cache counts nothing; the counters in memory go on. */
async function unlessLost<Value>(asked: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CacheUnavailable) return otherwise;
    throw error;
  }
}

function keysOf({ account, clientAddress }: Attempt, window: number): Readonly<Record<Counted, string>> {
  const key = (name: string, ...parts: readonly string[]) =>
    `login:${window}:${name}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
  return {
    accountFromAddress: key('both', account, clientAddress),
    account: key('account', account),
    address: key('address', clientAddress),
  };
}

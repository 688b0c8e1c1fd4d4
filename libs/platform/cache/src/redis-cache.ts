import type { OnApplicationShutdown } from '@nestjs/common';
import type { Log, Metrics } from '@scalpstorm/observability';
import { type ChainableCommander, Redis } from 'ioredis';
import { Cache, CacheUnavailable } from './cache.js';

export interface RedisCacheOptions {
  readonly url: string;
  readonly namespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long an answer is waited for; half a second by default: what is not cached by then is got elsewhere. */
  readonly commandMsMax?: number;
  /** How long a start waits for the connection; two seconds by default. */
  readonly connectMsMax?: number;
}

const defaults = { commandMsMax: 500, connectMsMax: 2_000 } as const;
const reconnectFirstMs = 50;
const reconnectMaxMs = 2_000;

export class RedisCache extends Cache implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly failures;
  private readonly commandSeconds;
  private readonly connectMsMax: number;
  private lost = false;
  private closed = false;

  constructor({ url, namespace, log, metrics, ...bounds }: RedisCacheOptions) {
    super();
    const { commandMsMax, connectMsMax } = { ...defaults, ...bounds };
    this.connectMsMax = connectMsMax;
    this.failures = metrics.counter({
      name: 'cache_failures_total',
      help: 'Commands that Redis did not answer, by operation.',
      labels: ['operation'],
    });
    this.commandSeconds = metrics.histogram({
      name: 'cache_command_seconds',
      help: 'Commands to Redis by operation.',
      labels: ['operation'],
    });
    this.redis = new Redis(url, {
      keyPrefix: `${namespace}:`,
      connectionName: namespace,
      commandTimeout: commandMsMax,
      connectTimeout: connectMsMax,
      // A command that waited for a reconnection would answer a question of long ago; a repeated increment would count twice.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(reconnectFirstMs * 2 ** Math.min(attempt, 10), reconnectMaxMs),
    });
    const sayLost = (error?: Error) => {
      if (!this.lost && !this.closed) log.warn({ error }, 'Redis is lost: the service goes on without its cache');
      this.lost = true;
    };
    this.redis.on('error', sayLost).on('close', () => sayLost());
    this.redis.on('ready', () => {
      if (this.lost) log.info({}, 'Redis is back');
      this.lost = false;
    });
  }

  /** Resolves when connected, or when that takes too long: a service starts without its cache, too. */
  async settled(): Promise<void> {
    if (this.redis.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, this.connectMsMax);
      const { redis } = this;
      function done(): void {
        clearTimeout(timer);
        redis.off('ready', done).off('error', done);
        resolve();
      }
      redis.once('ready', done).once('error', done);
    });
  }

  get(key: string): Promise<string | null> {
    return this.orElse('get', null, () => this.redis.get(key));
  }

  async getMany(keys: readonly string[]): Promise<readonly (string | null)[]> {
    if (keys.length === 0) return [];
    return this.orElse('getMany', Array<null>(keys.length).fill(null), () => this.redis.mget([...keys]));
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.orElse('set', null, () => this.redis.set(key, value, 'PX', ttlMs));
  }

  async setFields(key: string, fields: Readonly<Record<string, string>>, ttlMs: number): Promise<void> {
    if (Object.keys(fields).length === 0) return;
    await this.orElse('setFields', [], () => this.together((batch) => batch.hset(key, fields).pexpire(key, ttlMs)));
  }

  getFields(key: string): Promise<Readonly<Record<string, string>>> {
    return this.orElse('getFields', {}, () => this.redis.hgetall(key));
  }

  async delete(key: string): Promise<void> {
    await this.must('delete', () => this.redis.del(key));
  }

  async increment(key: string, ttlMs: number): Promise<number> {
    // INCR keeps the expiry that SET gave to the first of the window.
    const replies = await this.must('increment', () =>
      this.together((batch) => batch.set(key, 0, 'PX', ttlMs, 'NX').incr(key)),
    );
    return Number(replies[1]);
  }

  async healthy(): Promise<void> {
    await this.must('ping', () => this.redis.ping());
  }

  onApplicationShutdown(): void {
    this.closed = true;
    this.redis.disconnect();
  }

  /** One MULTI: all of it or nothing. */
  private async together(fill: (batch: ChainableCommander) => ChainableCommander): Promise<readonly unknown[]> {
    const replies = (await fill(this.redis.multi()).exec()) ?? [];
    return replies.map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
  }

  private async orElse<T>(operation: string, fallback: T, command: () => Promise<T>): Promise<T> {
    try {
      return await this.timed(operation, command);
    } catch {
      // Counted, and the loss of the connection is logged once by its own listener.
      return fallback;
    }
  }

  private async must<T>(operation: string, command: () => Promise<T>): Promise<T> {
    try {
      return await this.timed(operation, command);
    } catch (cause) {
      throw new CacheUnavailable(`Redis did not answer (${operation})`, { cause });
    }
  }

  private async timed<T>(operation: string, command: () => Promise<T>): Promise<T> {
    const stop = this.commandSeconds.startTimer({ operation });
    try {
      return await command();
    } catch (error) {
      this.failures.inc({ operation });
      throw error;
    } finally {
      stop();
    }
  }
}

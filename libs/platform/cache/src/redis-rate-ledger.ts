import { randomUUID } from 'node:crypto';
import type { Log, Metrics } from '@scalpstorm/observability';
import { Redis } from 'ioredis';
import { CacheUnavailable } from './cache.js';
import { exchangeScript, pauseScript } from './rate-ledger-scripts.js';

/** Tokens for what can wait, for what opens and for what ends a risk. */
type Purses = readonly [number, number, number];

interface Exchange {
  readonly scope: string;
  readonly name: string;
  readonly windowMs: number;
  readonly capacities: Purses;
  readonly wants: Purses;
  readonly spent: readonly { readonly ageMs: number; readonly amount: number }[];
}

interface Grant {
  readonly granted: Purses | null;
  readonly others: number;
  readonly members: number;
  readonly pausedMs: number;
}

export interface RedisRateLedgerOptions {
  readonly url: string;
  readonly namespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long an answer is waited for; a quarter of a second by default: what was lent outlives it. */
  readonly commandMsMax?: number;
  /** For so long a new ledger lends nothing and hears from all processes what they have spent; a second by default. */
  readonly listenMs?: number;
}

interface Commands extends Redis {
  rateExchange(ledger: string, pause: string, ...args: (string | number)[]): Promise<readonly number[]>;
  ratePause(pause: string, ...args: (string | number)[]): Promise<unknown>;
}

const defaults = { commandMsMax: 250, listenMs: 1_000 } as const;
const reconnectFirstMs = 50;
const reconnectMaxMs = 2_000;
/** Nobody is held longer by a word that cannot be read back, such as one that was written wrongly. */
const pauseMsMax = 3 * 86_400_000;

const results = ['lent', 'listening', 'failed'] as const;

/**
 * What several processes together may still do of something that is limited, in Redis. Every process writes down only its own part,
 * again and again and all of it, so what Redis forgets is back after one round, and what a process that died had at hand counts as
 * used until it can not have been used any more. The time is that of Redis.
 */
export class RedisRateLedger {
  private readonly member = randomUUID();
  private readonly redis: Commands;
  private readonly subscriber: Redis;
  private readonly channel: string;
  private readonly listeners = new Set<(scope: string, lengthMs: number) => void>();
  private readonly listenMs: number;
  private readonly exchanges;
  private readonly up;
  private readonly pauses;
  private lost = false;
  private closed = false;

  constructor(private readonly options: RedisRateLedgerOptions) {
    const { namespace, metrics, url } = options;
    const { commandMsMax, listenMs } = { ...defaults, ...options };
    this.listenMs = listenMs;
    this.channel = `${namespace}:rate-pauses`;
    this.exchanges = metrics.counter({
      name: 'rate_ledger_exchanges_total',
      help: 'Questions to the rate ledger that all processes share, by result.',
      labels: ['result'],
    });
    for (const result of results) this.exchanges.inc({ result }, 0);
    this.up = metrics.gauge({
      name: 'rate_ledger_up',
      help: '1 while the rate ledger answers; 0 while each process keeps to a share of its own.',
    });
    this.up.set(0);
    this.pauses = metrics.counter({
      name: 'rate_ledger_pauses_total',
      help: 'Times a venue told a process to stay away, by who heard it from whom.',
      labels: ['way'],
    });
    for (const way of ['told', 'heard'] as const) this.pauses.inc({ way }, 0);
    const redis = new Redis(url, {
      connectionName: namespace,
      commandTimeout: commandMsMax,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(reconnectFirstMs * 2 ** Math.min(attempt, 10), reconnectMaxMs),
    });
    redis.defineCommand('rateExchange', { numberOfKeys: 2, lua: exchangeScript });
    redis.defineCommand('ratePause', { numberOfKeys: 1, lua: pauseScript });
    this.redis = redis as Commands;
    this.subscriber = redis.duplicate({
      enableOfflineQueue: true,
      commandTimeout: undefined,
      maxRetriesPerRequest: null,
    });
    // Told by the exchanges that fail.
    this.redis.on('error', () => undefined);
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('message', (_channel: string, text: string) => this.hear(text));
    // Subscribes again by itself after every reconnection; what was missed meanwhile comes with the next exchange.
    this.subscriber.subscribe(this.channel).catch(() => undefined);
  }

  async exchange({ scope, name, windowMs, capacities, wants, spent }: Exchange): Promise<Grant> {
    const spends = spent.flatMap(({ ageMs, amount }) => [ageMs, amount]);
    const args = [this.member, windowMs, this.listenMs, ...capacities, ...wants, ...spends];
    try {
      const reply = await this.redis.rateExchange(this.keyOf(`${scope} ${name}`), this.pauseKeyOf(scope), ...args);
      const [lends = 0, read = 0, order = 0, urgent = 0, others = 0, members = 1, pausedMs = 0] = reply;
      this.answered(lends === 1 ? 'lent' : 'listening');
      return { granted: lends === 1 ? [read, order, urgent] : null, others, members, pausedMs: bounded(pausedMs) };
    } catch (cause) {
      this.failed(cause);
      throw new CacheUnavailable('Redis did not answer (rate ledger)', { cause });
    }
  }

  pause(scope: string, lengthMs: number): void {
    const length = bounded(lengthMs);
    if (length === 0) return;
    this.pauses.inc({ way: 'told' });
    const word = JSON.stringify({ member: this.member, scope, lengthMs: length });
    this.redis.ratePause(this.pauseKeyOf(scope), length, this.channel, word).catch((cause) => this.failed(cause));
  }

  follow(heard: (scope: string, lengthMs: number) => void): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  onApplicationShutdown(): void {
    this.closed = true;
    this.redis.disconnect();
    this.subscriber.disconnect();
  }

  private keyOf(name: string): string {
    return `${this.options.namespace}:rate:${name}`;
  }

  private pauseKeyOf(scope: string): string {
    return `${this.options.namespace}:rate-pause:${scope}`;
  }

  private hear(text: string): void {
    const word = wordOf(text);
    if (word === null || word.member === this.member) return;
    this.pauses.inc({ way: 'heard' });
    for (const listener of this.listeners) listener(word.scope, bounded(word.lengthMs));
  }

  private answered(result: (typeof results)[number]): void {
    this.exchanges.inc({ result });
    this.up.set(1);
    if (this.lost) this.options.log.info({}, 'the shared rate budget is back');
    this.lost = false;
  }

  private failed(cause: unknown): void {
    if (this.closed) return;
    this.exchanges.inc({ result: 'failed' });
    this.up.set(0);
    const text = 'the shared rate budget is away: each process keeps to a careful share of its own until Redis is back';
    if (!this.lost) this.options.log.warn({ error: cause }, text);
    this.lost = true;
  }
}

const bounded = (lengthMs: number): number =>
  Number.isFinite(lengthMs) ? Math.min(pauseMsMax, Math.max(0, Math.ceil(lengthMs))) : 0;

/** Null for what none of ours has written. */
function wordOf(text: string): { member: string; scope: string; lengthMs: number } | null {
  try {
    const word = JSON.parse(text) as Partial<Record<'member' | 'scope' | 'lengthMs', unknown>>;
    const { member, scope, lengthMs } = word;
    if (typeof member !== 'string' || typeof scope !== 'string' || typeof lengthMs !== 'number') return null;
    return { member, scope, lengthMs };
  } catch {
    return null;
  }
}

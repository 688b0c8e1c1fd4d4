import type { NotificationChannel } from '@scalpstorm/contracts';
import { millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { Log, Metrics, WallClock } from '@scalpstorm/observability';
import { Breaker, type BreakerSettings, type RetrySettings, retryDelay } from '../domain/breaker.js';
import { type Attempt, attemptKinds, type Channel, type Delivery } from '../ports/channel.js';
import type { Deliveries, Settled } from '../ports/deliveries.js';
import { Destinations } from './destinations.js';

export interface LaneSettings {
  /** Messages under way at once, each to another destination. */
  readonly concurrency: number;
  readonly retry: RetrySettings;
  /** Of the channel. */
  readonly breaker: BreakerSettings;
  /** Of each destination. */
  readonly destinationBreaker: BreakerSettings;
}

interface Parts {
  readonly channel: Channel;
  readonly deliveries: Deliveries;
  readonly settings: LaneSettings;
  readonly clock: WallClock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** A destination that will never take anything again. */
  readonly onGone: (delivery: Delivery, reason: string) => Promise<void>;
}

/** It looks by itself this often, should a wake-up have been lost. */
const lookMsMax = 30_000;
const storeAwayMs = 2_000;
const closeMsMax = 3_000;
/** Shorter than the lease of a message, longer than what any channel allows itself. */
const attemptMsMax = 60_000;
/** Of the slots, those that destinations which failed last may fill. */
const troubledShare = 4;
const putBackMs = 2_000;

/**
 * Takes what is due for one channel out of the outbox, a few at a time; a slot is filled again as soon as it is free. Nothing outside
 * of it waits for it, and a destination that is slow or away holds up no other: each has one slot and a breaker, and those that failed
 * last share a few.
 */
export class Lane {
  private readonly breaker: Breaker;
  private readonly destinations: Destinations;
  /** By destination. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly attempts;
  private running: Promise<void> | null = null;
  private stopping = false;
  private woken = false;
  private wakeUp: () => void = () => undefined;
  /** Why the channel is down; null while it is up. */
  private fault: string | null = null;

  constructor(private readonly parts: Parts) {
    this.breaker = new Breaker(parts.settings.breaker);
    this.destinations = new Destinations(parts.settings.destinationBreaker);
    this.attempts = parts.metrics.counter<'channel' | 'outcome'>({
      name: 'notification_attempts_total',
      help: 'Attempts to deliver a message, by channel and outcome.',
      labels: ['channel', 'outcome'],
    });
    for (const outcome of attemptKinds) this.attempts.inc({ channel: this.name, outcome }, 0);
  }

  get name(): NotificationChannel {
    return this.parts.channel.name;
  }

  get downBecause(): string | null {
    return this.fault;
  }

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  async close(): Promise<void> {
    this.stopping = true;
    this.wake();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMsMax);
    });
    // What is not finished by then is sent again after its lease.
    await Promise.race([this.running?.then(() => Promise.all(this.underWay.values())), late]);
    clearTimeout(timer);
    await this.parts.channel.close();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      try {
        await this.rest(await this.fill());
      } catch (error) {
        this.parts.log.warn({ channel: this.name, error }, 'the outbox could not be read; it is tried again');
        await this.rest(storeAwayMs);
      }
    }
  }

  /** One look into the outbox, for the slots that are free. How long to rest before the next. */
  private async fill(): Promise<number> {
    const { clock, deliveries, settings } = this.parts;
    const now = clock.now();
    const blocked = this.breaker.blockedUntil(now);
    if (blocked !== null) {
      this.woken = false;
      return (blocked - now) / millisecond + 1;
    }
    const max = (this.breaker.isOpen ? 1 : settings.concurrency) - this.underWay.size;
    // Whoever is ready wakes us.
    if (max <= 0) return lookMsMax;
    const except = [...this.underWay.keys()];
    const claimed = await deliveries.claim(this.name, { max, except }, now);
    for (const delivery of claimed) await this.begin(delivery, now);
    if (claimed.length > 0) return 0;
    const next = await deliveries.nextAt(this.name, except);
    return next === null ? lookMsMax : Math.min(Math.max(1, (next - clock.now()) / millisecond), lookMsMax);
  }

  private async begin(delivery: Delivery, now: Timestamp): Promise<void> {
    const { deliveries, settings } = this.parts;
    const { id, destination } = delivery;
    const until = this.destinations.blockedUntil(destination, now);
    if (until !== null) {
      await deliveries.putBack(id, until);
      return deliveries.postpone(this.name, destination, until);
    }
    if (this.destinations.isTroubled(destination)) {
      const others = [...this.underWay.keys()].filter((one) => this.destinations.isTroubled(one)).length;
      if (others >= Math.max(1, Math.floor(settings.concurrency / troubledShare))) {
        return deliveries.putBack(id, Timestamp.plus(now, putBackMs * millisecond));
      }
    }
    const work = this.attempt(delivery)
      .catch((error: unknown) => {
        const facts = { channel: this.name, delivery: id, error };
        this.parts.log.warn(
          facts,
          'what became of a message could not be written down; it is sent again after its lease',
        );
      })
      .finally(() => {
        this.underWay.delete(destination);
        this.wake();
      });
    this.underWay.set(destination, work);
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const { deliveries, clock, log } = this.parts;
    const attempt = await this.sent(delivery);
    const now = clock.now();
    this.attempts.inc({ channel: this.name, outcome: attempt.kind });
    this.learn(attempt, now);
    const until = this.destinations.learn(delivery.destination, attempt, now);
    const settled = this.settledBy(attempt, delivery, now);
    await deliveries.settle(delivery.id, settled, now);
    if (until !== null) await deliveries.postpone(this.name, delivery.destination, until);
    if (attempt.kind === 'refused' && attempt.gone === true) await this.parts.onGone(delivery, attempt.text);
    if (settled.kind === 'failed') {
      const facts = {
        channel: this.name,
        delivery: delivery.id,
        attempts: delivery.attempts + 1,
        reason: settled.error,
      };
      log.warn(facts, 'a message was given up; its user sees it among the failed ones');
    }
  }

  /** A channel bounds itself; should one not, its slot is free again all the same. */
  private async sent(delivery: Delivery): Promise<Attempt> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Attempt>((resolve) => {
      timer = setTimeout(
        () => resolve({ kind: 'failed', text: `no end within ${attemptMsMax / 1_000} s` }),
        attemptMsMax,
      );
    });
    try {
      return await Promise.race([this.parts.channel.send(delivery), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** One line when the channel goes, one when it is back. */
  private learn(attempt: Attempt, now: Timestamp): void {
    const { log } = this.parts;
    if (attempt.kind === 'outage') {
      this.breaker.failed(now);
      if (this.fault === null)
        log.warn({ channel: this.name, reason: attempt.text }, 'a channel is down; its messages wait');
      this.fault = attempt.text;
      return;
    }
    if (attempt.kind === 'throttled') {
      this.breaker.pause(Timestamp.plus(now, attempt.waitMs * millisecond));
      return;
    }
    this.breaker.succeeded();
    if (this.fault !== null) log.info({ channel: this.name }, 'a channel is up again');
    this.fault = null;
  }

  private settledBy(attempt: Attempt, { attempts }: Delivery, now: Timestamp): Settled {
    switch (attempt.kind) {
      case 'delivered':
        return { kind: 'sent' };
      case 'refused':
        return { kind: 'failed', error: attempt.text };
      case 'throttled':
        return {
          kind: 'again',
          at: Timestamp.plus(now, attempt.waitMs * millisecond),
          error: `asked to wait ${Math.ceil((attempt.waitMs * millisecond) / second)} s`,
          countsAttempt: false,
        };
      default: {
        const delay = retryDelay(attempts + 1, this.parts.settings.retry, Math.random());
        if (delay === null) return { kind: 'failed', error: attempt.text };
        return { kind: 'again', at: Timestamp.plus(now, delay), error: attempt.text, countsAttempt: true };
      }
    }
  }

  private async rest(ms: number): Promise<void> {
    if (ms <= 0 || this.woken || this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.ceil(ms));
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }
}

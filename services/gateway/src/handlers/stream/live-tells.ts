import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { type LiveChange, type LiveChanged, liveChanged } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import { NewestStates } from '../../domain/newest-states.js';
import { greetedMicros, Tellers } from '../../domain/tellers.js';
import { LiveHub } from './live-hub.js';
import { TradingStates } from './trading-states.js';

/** A change that was lost is noticed within this. */
const everyMs = 1_000;

/**
 * Shows a change at the streams of every gateway. An event comes to one of them only: it folds it, shows it, and tells the
 * others over the bus. That may lose messages, so they are counted: who has missed one has its streams look anew. While nobody
 * else is there nothing is told, but counted all the same, so that whoever comes knows that it has missed something.
 */
@Injectable()
export class LiveTells implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** A process and not a place: one that starts again has told nothing yet. */
  readonly #teller = randomBytes(9).toString('base64url');
  readonly #others = new Tellers();
  readonly #newest = new NewestStates();
  readonly #startedAt: Timestamp;
  readonly #renewals: ReturnType<Metrics['counter']>;
  #number = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly hub: LiveHub,
    private readonly states: TradingStates,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.#startedAt = clock.now();
    metrics.gauge({
      name: 'stream_gateways',
      help: 'Gateways that show changes to one another, this one included.',
      collect: (gauge) => gauge.set(this.#others.size + 1),
    });
    this.#renewals = metrics.counter({
      name: 'stream_renewals_total',
      help: 'Times that every stream got new snapshots, because what another gateway told was lost.',
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.beat(), everyMs);
    this.beat();
  }

  beforeApplicationShutdown(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /**
   * After the commit. Resolves when it is shown here.
   * @param isNew false: it was folded before and comes again, so it is not known who was told, nor whether it still stands:
   *   those who listen look anew
   */
  async tell(change: LiveChange, isNew = true): Promise<void> {
    const told = isNew ? change : { ...change, row: null, entity: null };
    this.#number += 1;
    const shown = this.#show(told);
    if (this.#isSomebodyThere()) this.#say(told);
    await shown;
  }

  hear({ teller, number, change }: LiveChanged): void {
    // The bus brings us what we say ourselves.
    if (teller === this.#teller) return;
    const { isFirst, isNew, hasGap } = this.#others.hear(
      { teller, number, hasChange: change !== null },
      this.clock.now(),
    );
    // It learns at once what it has missed, and that it is not alone.
    if (isFirst) this.#say(null);
    if (change !== null && isNew) void this.#show(change);
    if (!hasGap) return;
    // Last: it also takes back what was told so late that a newer state of the same thing is among what was lost.
    this.log.info({ teller, number }, 'changes that another gateway folded were not heard; all streams look anew');
    this.#renewals.inc();
    this.hub.renewAll();
  }

  /** Every second. */
  beat(): void {
    this.#others.forgetSilent(this.clock.now());
    this.#say(null);
  }

  /** Also for as long as it is not known. */
  #isSomebodyThere(): boolean {
    return this.#others.size > 0 || this.clock.now() - this.#startedAt < greetedMicros;
  }

  #say(change: LiveChange | null): void {
    const told = { meta: newMeta(this.clock, null), teller: this.#teller, number: this.#number, change };
    this.bus.publish(liveChanged, told);
  }

  #show({ channel, userId, row, entity, at }: LiveChange): Promise<void> | undefined {
    if (row === null) {
      if (channel === 'state') return this.states.show(userId, at);
      this.hub.renew(userId, channel);
      return undefined;
    }
    if (entity !== null && !this.#newest.admits(`${channel}:${entity.id}`, entity.rank)) return undefined;
    this.hub.push(userId, { channel, row, at });
    return undefined;
  }
}

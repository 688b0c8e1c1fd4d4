import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus } from '@scalpstorm/model';

export interface OutageLimits {
  /** The sockets are down for longer than this: prices are asked for. */
  readonly pollAfter: Micros;
  /** A price that was asked for is fresh for so long, counted from its own time. */
  readonly polledFor: Micros;
}

/** One instrument while its socket is down: whether prices have to be asked for, and how old those are that were. Times are ours. */
export class Outage {
  private state: FeedStatus['state'] = 'disconnected';
  private polledAt: Timestamp | null = null;

  /** `downSince`: since when it has not been live. */
  constructor(
    private downSince: Timestamp | null,
    private readonly limits: OutageLimits,
  ) {}

  /** The adapter said something. A socket that comes and goes without getting live is down all the time. */
  heard(state: FeedStatus['state'], now: Timestamp): void {
    this.state = state;
    if (state === 'live') this.polledAt = null;
    this.downSince = state === 'live' ? null : (this.downSince ?? now);
  }

  /** True while prices have to be asked for. A socket that is being synchronised tells its own. */
  wantsPolling(now: Timestamp): boolean {
    return this.state === 'disconnected' && this.downSince !== null && now - this.downSince > this.limits.pollAfter;
  }

  /** A price of that time was asked for. */
  polled(at: Timestamp): void {
    this.polledAt = at;
  }

  /** Live as long as what was asked for is fresh, and the reason says where it comes from. */
  judge(told: FeedStatus, now: Timestamp): FeedStatus {
    const { polledAt } = this;
    if (polledAt === null || told.state === 'live' || told.state === 'stale') return told;
    const age = now - polledAt;
    const limit = `limit ${Math.floor(this.limits.polledFor / 1_000)} ms`;
    if (age > this.limits.polledFor)
      return {
        ...told,
        detail: `${told.detail}; polling: the newest answer is ${Math.floor(age / 1_000)} ms old, ${limit}`,
      };
    return { ...told, state: 'live', detail: `polling, because the socket is down: ${told.detail}` };
  }
}

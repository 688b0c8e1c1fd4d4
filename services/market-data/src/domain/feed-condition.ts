import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, InstrumentId } from '@scalpstorm/model';
import { bookBehindTrades, type Heard, type HeardEvent, hearing, judgeFreshness, unheard } from './freshness.js';
import { Outage, type OutageLimits } from './outage.js';

export interface FeedLimits {
  readonly staleAfter: Micros;
  readonly outage: OutageLimits;
}

/** In which condition the feed of one instrument is, by what was heard on its socket and what was asked for. Times are ours. */
export class FeedCondition {
  private standing: Heard;
  private readonly outage: Outage;

  constructor(
    private readonly instrumentId: InstrumentId,
    private readonly limits: FeedLimits,
    since: Timestamp,
  ) {
    this.standing = unheard('disconnected', 'not connected yet', since);
    this.outage = new Outage(since, limits.outage);
  }

  get heard(): Heard {
    return this.standing;
  }

  judge(now: Timestamp): FeedStatus {
    const told = judgeFreshness(this.instrumentId, this.standing, now, this.limits.staleAfter);
    return this.outage.judge(told, now);
  }

  /** The socket is down for so long that prices have to be asked for. */
  wantsPolling(now: Timestamp): boolean {
    return this.outage.wantsPolling(now);
  }

  bookIsBehind(now: Timestamp): boolean {
    return bookBehindTrades(this.standing, now) > this.limits.staleAfter;
  }

  hear(event: HeardEvent, now: Timestamp): void {
    this.standing = hearing(this.standing, event, now, this.limits.staleAfter);
  }

  /** A price of `at` was asked for. */
  polled(at: Timestamp, now: Timestamp): void {
    this.standing = { ...this.standing, lastEventAt: now, byStream: { ...this.standing.byStream, quote: now } };
    this.outage.polled(at);
  }

  /** The adapter said something; gives what it had said before. */
  told({ state, detail }: FeedStatus, now: Timestamp): FeedStatus['state'] {
    const before = this.standing;
    const since = state === before.state ? before.since : now;
    const tradesAloneSince = state === 'live' ? before.tradesAloneSince : null;
    // What is heard after a loss is of another connection, perhaps of a venue that set its clock meanwhile.
    const forgotten = state === 'disconnected' ? { newest: null, offTime: {}, untimedSince: null } : {};
    this.standing = { ...before, ...forgotten, state, detail, tradesAloneSince, since };
    this.outage.heard(state, now);
    return before.state;
  }
}

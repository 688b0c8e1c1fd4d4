import type { Clock, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { type Change, ChangeLog, type ResumePoint } from '../../domain/change-log.js';
import type { Channel, OwnChannel } from '../../domain/channel.js';
import type { StreamFrame } from '../../domain/stream-frame.js';
import { deltaFrame, resumedFrame, snapshotFrame } from './frames.js';
import type { Outlet, Subscription } from './outlet.js';
import type { Snapshots } from './snapshots.js';
import { gapFrame } from './stream-frames.js';

export type OwnChannelOf = Extract<Channel, { kind: 'own' }>;

/** One channel of one user: its numbered changes, and everybody who listens. */
export class OwnTopic {
  #log: ChangeLog;
  readonly #listeners = new Set<OwnSubscription>();
  /** Since when nobody listens; null while somebody does. */
  idleSince: Timestamp | null = null;

  constructor(
    readonly userId: UserId,
    readonly channel: OwnChannel,
    epoch: string,
    private readonly clock: Clock,
  ) {
    this.#log = new ChangeLog(epoch);
  }

  get log(): ChangeLog {
    return this.#log;
  }

  /** The frame is made once, however many clients get it. */
  push(row: unknown, at: Timestamp): void {
    const now = this.clock.now();
    const change = this.#log.append(row, at, now);
    if (this.#listeners.size === 0) return;
    const frame = deltaFrame(this.channel, change, now);
    for (const listener of this.#listeners) listener.offer(change, frame);
  }

  /** Changes may be missing from the log: another begins, and everybody starts anew. */
  renew(epoch: string): void {
    this.#log = new ChangeLog(epoch);
    for (const listener of this.#listeners) listener.renewed();
  }

  join(listener: OwnSubscription): void {
    this.#listeners.add(listener);
    this.idleSince = null;
  }

  leave(listener: OwnSubscription): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.idleSince = this.clock.now();
  }
}

/**
 * `loading`: the snapshot is being read and changes wait in the log; `live`: changes go out at once; `behind`: the client is
 * too slow, changes were lost, or the snapshot waits for its turn or could not be read. Rows carry a version, so a change that the snapshot already holds does no harm.
 */
export class OwnSubscription implements Subscription {
  #state: 'loading' | 'live' | 'behind' | 'ended' = 'behind';
  /** The newest number that went out; null before the first. */
  #sent: number | null = null;
  /** The log that it is of. */
  #sentOf: ChangeLog | null = null;

  constructor(
    readonly channel: OwnChannelOf,
    private readonly topic: OwnTopic,
    private readonly snapshots: Snapshots,
    private readonly outlet: Outlet,
    private readonly clock: Clock,
  ) {}

  get isBehind(): boolean {
    return this.#state === 'behind';
  }

  start(resume: ResumePoint | null): void {
    this.topic.join(this);
    const { log } = this.topic;
    const missed = resume !== null && resume.epoch === log.epoch ? log.since(resume.seq) : null;
    if (missed === null || !this.outlet.isDrained) {
      this.catchUp();
      return;
    }
    const rows = missed.map(({ row }) => row);
    this.outlet.send(resumedFrame(this.#position(log.seq), rows, this.clock.now()));
    this.#sent = log.seq;
    this.#sentOf = log;
    this.#state = 'live';
  }

  offer(change: Change, frame: StreamFrame): void {
    if (this.#state !== 'live') return;
    if (this.outlet.isSlow) {
      this.#state = 'behind';
      return;
    }
    this.outlet.send(frame);
    this.#sent = change.seq;
  }

  /** What went out may lack changes; a snapshot that is being read may, too. */
  renewed(): void {
    if (this.#state !== 'live') return;
    this.#state = 'behind';
    this.catchUp();
  }

  /** Sends what was held back; a client that missed more than is kept is told of the gap and starts anew. */
  catchUp(): void {
    if (this.#state !== 'behind' || !this.outlet.isDrained) return;
    const { log } = this.topic;
    const missed = this.#sent !== null && this.#sentOf === log ? log.since(this.#sent) : null;
    if (missed !== null) {
      this.#state = 'live';
      for (const change of missed) this.offer(change, deltaFrame(this.channel.name, change, this.clock.now()));
      return;
    }
    if (!this.outlet.mayLoad()) return;
    if (this.#sent !== null) {
      const reason = this.#sentOf === log ? 'slow_consumer' : 'changes_lost';
      this.outlet.send(gapFrame(this.channel.name, reason, this.clock.now()));
    }
    void this.#load();
  }

  end(): void {
    this.#state = 'ended';
    this.topic.leave(this);
  }

  async #load(): Promise<void> {
    this.#state = 'loading';
    const { log, userId, channel } = this.topic;
    const from = log.seq;
    let isGood = true;
    try {
      const rows = await this.snapshots.of(channel, userId);
      if (this.#state !== 'loading') return;
      this.#state = 'behind';
      // What was lost meanwhile may be missing from it; `loaded` reads it again.
      if (log !== this.topic.log) return;
      this.outlet.send(snapshotFrame(this.#position(from), rows, this.clock.now()));
      this.#sent = from;
      this.#sentOf = log;
      // From here the log is read on; it may hold what the snapshot holds already.
      this.catchUp();
    } catch (error) {
      isGood = false;
      if (this.#state === 'loading') this.#state = 'behind';
      this.outlet.onFault(error);
    } finally {
      this.outlet.loaded(isGood);
    }
  }

  #position(seq: number) {
    return { ch: this.channel.name, epoch: this.topic.log.epoch, seq };
  }
}

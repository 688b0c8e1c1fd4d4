import type { Clock, Timestamp } from '@scalpstorm/kernel';
import type { ResumePoint } from '../../domain/change-log.js';
import type { Channel } from '../../domain/channel.js';
import type { MarketBoard } from '../../domain/market-board.js';
import type { StreamFrame } from '../../domain/stream-frame.js';
import { mergedFrame, resumedFrame, snapshotFrame } from './frames.js';
import type { Outlet, Subscription } from './outlet.js';

export type MarketChannel = Exclude<Channel, { kind: 'own' }>;

/** Five minutes of ten frames a second: as far back as a client can go on. */
const framesKept = 3_000;

/** One channel of the market, the same for everybody: what changed since the last tick, merged, newest wins. */
export class MarketTopic {
  readonly #listeners = new Set<MarketSubscription>();
  /** The board's revision after each of the newest frames; the last belongs to `seq`. */
  readonly #revisions: number[] = [];
  #seq = 1;
  idleSince: Timestamp | null = null;

  constructor(
    readonly channel: MarketChannel,
    readonly epoch: string,
    private readonly board: MarketBoard,
    private readonly clock: Clock,
  ) {
    this.#revisions.push(board.revision);
  }

  get seq(): number {
    return this.#seq;
  }

  tick(): void {
    const { revision } = this.board;
    const before = this.#revisions.at(-1) ?? -1;
    if (revision === before) return;
    const rows = this.rowsSince(before);
    if (rows.length === 0) {
      this.#revisions[this.#revisions.length - 1] = revision;
      return;
    }
    this.#seq += 1;
    this.#revisions.push(revision);
    if (this.#revisions.length > framesKept) this.#revisions.shift();
    if (this.#listeners.size === 0) return;
    const now = this.clock.now();
    const newest = this.channel.kind === 'prices' ? this.board.pricesNewestAt(before) : null;
    const frame = mergedFrame({ ch: this.channel.name, seq: this.#seq }, { rows, newest }, now);
    for (const listener of this.#listeners) listener.offer(frame);
  }

  rowsSince(revision: number): readonly unknown[] {
    return this.channel.kind === 'candles'
      ? this.board.candlesSince(this.channel.instrumentId, this.channel.timeframe, revision)
      : this.board.pricesSince(revision);
  }

  /** What changed after that frame; null when it is too old or none of ours. */
  missedAfter({ epoch, seq }: ResumePoint): readonly unknown[] | null {
    const back = this.#seq - seq;
    if (epoch !== this.epoch || back < 0) return null;
    const revision = this.#revisions.at(-1 - back);
    return revision === undefined ? null : this.rowsSince(revision);
  }

  join(listener: MarketSubscription): void {
    this.#listeners.add(listener);
    this.idleSince = null;
  }

  leave(listener: MarketSubscription): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.idleSince = this.clock.now();
  }
}

/** A slow client gets nothing until it has drained, and then everything as it is: what it missed is in there. */
export class MarketSubscription implements Subscription {
  #state: 'live' | 'behind' = 'live';

  constructor(
    readonly channel: MarketChannel,
    private readonly topic: MarketTopic,
    private readonly outlet: Outlet,
    private readonly clock: Clock,
  ) {}

  get isBehind(): boolean {
    return this.#state === 'behind';
  }

  start(resume: ResumePoint | null): void {
    this.topic.join(this);
    if (!this.outlet.isDrained) {
      this.#state = 'behind';
      return;
    }
    const missed = resume === null ? null : this.topic.missedAfter(resume);
    if (missed === null) this.#snapshot();
    else this.outlet.send(resumedFrame(this.#position(), missed, this.clock.now()));
  }

  offer(frame: StreamFrame): void {
    if (this.#state === 'behind') return;
    if (this.outlet.isSlow) this.#state = 'behind';
    else this.outlet.send(frame);
  }

  catchUp(): void {
    if (this.#state === 'live' || !this.outlet.isDrained) return;
    this.#state = 'live';
    this.#snapshot();
  }

  end(): void {
    this.topic.leave(this);
  }

  #snapshot(): void {
    this.outlet.send(snapshotFrame(this.#position(), this.topic.rowsSince(-1), this.clock.now()));
  }

  #position() {
    return { ch: this.channel.name, epoch: this.topic.epoch, seq: this.topic.seq };
  }
}

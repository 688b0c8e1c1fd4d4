import { Timestamp } from '@scalpstorm/kernel';

/** A client that was cut off for longer, or missed more, starts again with a snapshot. */
export const keptForMicros = 300_000_000;
export const keptMax = 1_000;

/** Where a client was when it was cut off. */
export interface ResumePoint {
  readonly epoch: string;
  readonly seq: number;
}

export interface Change {
  readonly seq: number;
  readonly row: unknown;
  /** When it happened. */
  readonly at: Timestamp;
}

/** The newest changes of one channel of one user, numbered without a gap; a new epoch begins with another log. */
export class ChangeLog {
  #changes: { readonly change: Change; readonly loggedAt: Timestamp }[] = [];
  #seq = 1;

  constructor(readonly epoch: string) {}

  /** The number of the newest change; 1, which is a snapshot's, before the first. */
  get seq(): number {
    return this.#seq;
  }

  append(row: unknown, at: Timestamp, now: Timestamp): Change {
    this.#seq += 1;
    const change = { seq: this.#seq, row, at };
    this.#changes.push({ change, loggedAt: now });
    const oldest = Timestamp.plus(now, -keptForMicros);
    const first = this.#changes.findIndex(({ loggedAt }) => loggedAt >= oldest);
    const surplus = Math.max(first, this.#changes.length - keptMax);
    if (surplus > 0) this.#changes.splice(0, surplus);
    return change;
  }

  /** What came after that number, oldest first; null when some of it is gone, or when the number is none of ours. */
  since(seq: number): readonly Change[] | null {
    if (seq > this.#seq || seq < 1) return null;
    const missed = this.#seq - seq;
    if (missed > this.#changes.length) return null;
    return this.#changes.slice(this.#changes.length - missed).map(({ change }) => change);
  }
}

import { type Frame, isRow, timeOf } from './frames.js';

/**
 * How old data is, by channel. A pong proves the line and nothing else, so only frames with rows count, by the time at which
 * their newest row happened. The gateway's clock is followed, so that a clock of this machine that is wrong makes nothing
 * look fresh or old.
 */
export class DataClock {
  readonly #newestAt = new Map<string, number>();
  /** The gateway's clock minus this machine's, in milliseconds, by the frame that was under way for the shortest time. */
  #ahead: number | null = null;

  /** @param receivedAt by this machine's clock, milliseconds since the epoch */
  hear(frame: Frame, receivedAt: number): void {
    const sentAt = frame.ts === null ? Number.NaN : Date.parse(frame.ts);
    if (!Number.isNaN(sentAt)) this.#ahead = Math.max(this.#ahead ?? Number.NEGATIVE_INFINITY, sentAt - receivedAt);
    const newest = frame.ageMs === null || Number.isNaN(sentAt) ? newestOf(frame.data) : sentAt - frame.ageMs;
    if (newest !== null) this.#newestAt.set(frame.ch, Math.max(newest, this.#newestAt.get(frame.ch) ?? newest));
  }

  /** Of a new connection the clocks are compared anew. */
  restart(): void {
    this.#ahead = null;
  }

  /** Milliseconds since the newest data of that channel happened; null before the first. */
  ageOf(channel: string, now: number): number | null {
    const newest = this.#newestAt.get(channel);
    return newest === undefined ? null : this.since(newest, now);
  }

  /** Milliseconds since `at`, a time of the gateway. */
  since(at: number, now: number): number {
    return Math.max(0, now + (this.#ahead ?? 0) - at);
  }
}

function newestOf(rows: readonly unknown[]): number | null {
  let newest: number | null = null;
  for (const row of rows) {
    const at = isRow(row) ? Date.parse(timeOf(row)) : Number.NaN;
    if (!Number.isNaN(at)) newest = Math.max(newest ?? at, at);
  }
  return newest;
}

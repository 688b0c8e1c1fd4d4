import type { Micros, Timestamp } from '@scalpstorm/kernel';

/** At most one value in every interval; the newest waits and nothing older is ever given after it. */
export class Pace<Value> {
  private waiting: Value | null = null;
  private allowedAt: Timestamp | null = null;

  constructor(private readonly interval: Micros) {}

  /** Gives the value back when it may go now; otherwise it replaces the one that waits. */
  offer(value: Value, now: Timestamp): Value | null {
    this.waiting = value;
    return this.due(now);
  }

  /** The waiting value, once its time has come. */
  due(now: Timestamp): Value | null {
    if (this.waiting === null || (this.allowedAt !== null && now < this.allowedAt)) return null;
    const value = this.waiting;
    this.waiting = null;
    this.allowedAt = (now + this.interval) as Timestamp;
    return value;
  }
}

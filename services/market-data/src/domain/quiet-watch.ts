import type { Micros, Timestamp } from '@scalpstorm/kernel';

/** A market that stays quiet is asked about less and less often: at the most so many times the first interval. */
const intervalFactorMax = 64;

/** When to ask whether a silent stream is quiet or dead: after `first` of silence, then after twice as long each time. */
export class QuietWatch {
  private since: Timestamp | null = null;
  private interval: Micros;

  constructor(private readonly first: Micros) {
    this.interval = first;
  }

  /** Something came, or the connection is new. */
  heard(now: Timestamp): void {
    this.since = now;
    this.interval = this.first;
  }

  /** Nothing is expected: there is no connection. */
  rest(): void {
    this.since = null;
  }

  /** True once for each interval of silence. */
  due(now: Timestamp): boolean {
    if (this.since === null || now - this.since < this.interval) return false;
    this.since = now;
    this.interval = Math.min(this.interval * 2, this.first * intervalFactorMax);
    return true;
  }
}

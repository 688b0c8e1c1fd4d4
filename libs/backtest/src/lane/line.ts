import type { Rng } from '@scalpstorm/kernel';
import type { Latency } from './lane-options.js';

/** One way of a connection: what leaves first arrives first. */
export class Line {
  private lastArrival = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly latency: Latency,
    private readonly rng: Rng,
  ) {}

  /** When what leaves now arrives; microseconds since the epoch. */
  arrival(now: number): number {
    const { fixed, spread } = this.latency;
    const at = now + fixed + (spread > 0 ? this.rng.below(spread + 1) : 0);
    this.lastArrival = Math.max(this.lastArrival, at);
    return this.lastArrival;
  }
}

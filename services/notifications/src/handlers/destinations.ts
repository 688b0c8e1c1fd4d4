import type { Timestamp } from '@scalpstorm/kernel';
import { Breaker, type BreakerSettings } from '../domain/breaker.js';
import type { Attempt } from '../ports/channel.js';

const entriesMax = 10_000;

/** The destinations of one channel that failed last, each with a breaker of its own. In memory: a restart tries each of them anew. */
export class Destinations {
  private readonly troubled = new Map<string, Breaker>();

  constructor(private readonly settings: BreakerSettings) {}

  isTroubled(destination: string): boolean {
    return this.troubled.has(destination);
  }

  /** Null: one message may try. */
  blockedUntil(destination: string, now: Timestamp): Timestamp | null {
    return this.troubled.get(destination)?.blockedUntil(now) ?? null;
  }

  /** An outage or a throttle of the channel says nothing of the destination. Until when it is left alone now; null: it is not. */
  learn(destination: string, { kind }: Attempt, now: Timestamp): Timestamp | null {
    if (kind === 'outage' || kind === 'throttled') return null;
    if (kind !== 'failed') {
      this.troubled.delete(destination);
      return null;
    }
    const breaker = this.troubled.get(destination) ?? new Breaker(this.settings);
    breaker.failed(now);
    // The newest goes to the end; the first is the one that has not been heard of for longest.
    this.troubled.delete(destination);
    this.troubled.set(destination, breaker);
    const [oldest] = this.troubled.keys();
    if (this.troubled.size > entriesMax && oldest !== undefined) this.troubled.delete(oldest);
    return breaker.blockedUntil(now);
  }
}

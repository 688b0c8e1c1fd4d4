import { type Micros, millisecond, Timestamp } from '@scalpstorm/kernel';

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Keeps a lane from hammering a service that is down: one message tries, the others wait. */
export class Breaker {
  private failures = 0;
  private until: Timestamp | null = null;

  constructor(private readonly settings: BreakerSettings) {}

  /** Null: closed, or so long open that one may try. */
  blockedUntil(now: Timestamp): Timestamp | null {
    return this.until !== null && now < this.until ? this.until : null;
  }

  /** True while it is not known whether the channel is well again. */
  get isOpen(): boolean {
    return this.until !== null;
  }

  succeeded(): void {
    this.failures = 0;
    this.until = null;
  }

  failed(now: Timestamp): void {
    this.failures += 1;
    const { failuresMax, firstMs, longestMs } = this.settings;
    if (this.failures < failuresMax) return;
    const doublings = Math.min(this.failures - failuresMax, 20);
    this.until = Timestamp.plus(now, Math.min(firstMs * 2 ** doublings, longestMs) * millisecond);
  }

  /** The channel itself says how long to wait. */
  pause(until: Timestamp): void {
    this.until = until;
  }
}

export interface RetrySettings {
  readonly attemptsMax: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

/** How long to wait after that many attempts; null: give it up, where a person can see it. `chance` in [0, 1) spreads them. */
export function retryDelay(attempts: number, settings: RetrySettings, chance: number): Micros | null {
  if (attempts >= settings.attemptsMax) return null;
  const full = Math.min(settings.firstMs * 2 ** Math.min(attempts - 1, 30), settings.longestMs);
  return Math.round(full * (0.75 + chance / 2)) * millisecond;
}

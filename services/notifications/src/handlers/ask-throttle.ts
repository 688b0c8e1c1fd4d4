import { Injectable } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';

const window = 600 * second;
const perWindowMax = 5;
const entriesMax = 10_000;

/** Bounds what one person can make the platform send or guess: five in ten minutes, whatever the key stands for. */
@Injectable()
export class AskThrottle {
  private readonly windows = new Map<string, { readonly until: Timestamp; count: number }>();

  /** Counts it. */
  allows(key: string, now: Timestamp): boolean {
    const known = this.windows.get(key);
    if (known !== undefined && now < known.until) {
      known.count += 1;
      return known.count <= perWindowMax;
    }
    this.makeRoom(now);
    this.windows.set(key, { until: Timestamp.plus(now, window), count: 1 });
    return true;
  }

  private makeRoom(now: Timestamp): void {
    if (this.windows.size < entriesMax) return;
    for (const [key, { until }] of this.windows) if (until <= now) this.windows.delete(key);
    for (const key of this.windows.keys()) {
      if (this.windows.size < entriesMax) return;
      this.windows.delete(key);
    }
  }
}

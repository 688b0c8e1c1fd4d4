import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { History } from '../ports/history.js';
import { Pause } from '../ports/pause.js';

const everyMs = 60 * 60 * 1_000;
/** So many small deletions in a row, each followed by a breath: trading must not feel them. */
const batchesMax = 500;
const breathMs = 20;
const day = 24 * 3_600 * second;

/** Forgets the old part of what only grows, in bounded steps. */
@Injectable()
export class PruneHistory implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly history: History,
    private readonly pause: Pause,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(keptDays: number): void {
    this.timer = setInterval(() => void this.round(keptDays), everyMs);
    void this.round(keptDays);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
  }

  /** Gives how many rows were forgotten. Never throws: the next round goes on. */
  async round(keptDays: number): Promise<number> {
    const before = Timestamp.plus(this.clock.now(), -keptDays * day);
    let forgotten = 0;
    try {
      for (let batch = 0; batch < batchesMax && !this.stopped; batch += 1) {
        const count = await this.history.prune(before);
        forgotten += count;
        if (count === 0) break;
        await this.pause.for(breathMs);
      }
    } catch (error) {
      this.log.warn({ error }, 'the history could not be pruned; the next round goes on');
    }
    if (forgotten > 0) this.log.info({ forgotten, keptDays }, 'old history was forgotten');
    return forgotten;
  }
}

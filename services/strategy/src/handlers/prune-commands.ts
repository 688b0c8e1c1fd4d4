import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { BotStore } from '../ports/bot-store.js';

/** Nobody repeats a command after so long. */
const keptDays = 7;
const everyMs = 60 * 60 * 1_000;

/** Forgets carried-out commands that are old. */
@Injectable()
export class PruneCommands implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: BotStore,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const prune = () => {
      this.prune().catch((error: unknown) => this.log.warn({ error }, 'old commands could not be forgotten'));
    };
    this.timer = setInterval(prune, everyMs);
    prune();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  prune(): Promise<number> {
    return this.store.pruneCommands(keptDays);
  }
}

import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { BotStore } from '../ports/bot-store.js';
import { JournalStore } from '../ports/journal-store.js';

/** Nobody repeats a command after so long. */
const commandDays = 7;
const journalBounds = { days: 14, rowsMax: 20_000 };
const everyMs = 60 * 60 * 1_000;

/** Forgets what is old: carried-out commands, and what journals have beyond their bounds. */
@Injectable()
export class PruneRecord implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: BotStore,
    private readonly journal: JournalStore,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const prune = () => {
      this.prune().catch((error: unknown) => this.log.warn({ error }, 'old rows could not be forgotten'));
    };
    this.timer = setInterval(prune, everyMs);
    prune();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async prune(): Promise<void> {
    await this.store.pruneCommands(commandDays);
    await this.journal.prune(journalBounds);
  }
}

import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { NoAnswer } from '@scalpstorm/bus';
import { Log } from '@scalpstorm/observability';
import { Directory } from '../ports/directory.js';
import { Fleet } from './fleet.js';
import { RestoreBots } from './restore-bots.js';

/** Venues change tick and lot sizes; orders priced by old ones would be denied. */
const everyMs = 3 * 60 * 1_000;
/** Until market-data has answered, or while a bot waits for it or for its strategy. */
const soonMs = 2_000;

/** Keeps what is known of the instruments new, and runs the bots whose instrument has appeared. */
@Injectable()
export class RefreshInstruments implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly directory: Directory,
    private readonly restoreBots: RestoreBots,
    private readonly fleet: Fleet,
    private readonly log: Log,
  ) {}

  /** When the bots are loaded: it looks then which of them wait. */
  start(): void {
    this.again(0);
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One round. @throws nothing; the next round comes sooner after a failure */
  async refresh(): Promise<void> {
    let nextMs = everyMs;
    try {
      await this.directory.refresh();
      await this.restoreBots.again();
      if (this.fleet.waiting().length > 0) nextMs = soonMs;
    } catch (error) {
      nextMs = soonMs;
      if (!(error instanceof NoAnswer)) this.log.error({ error }, 'the instruments could not be refreshed');
    }
    this.again(nextMs);
  }

  private again(afterMs: number): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.refresh(), afterMs);
  }
}

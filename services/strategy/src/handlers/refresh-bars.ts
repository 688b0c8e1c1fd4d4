import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Log, WallClock } from '@scalpstorm/observability';
import { BarHistory } from '../ports/bar-history.js';
import { Market, type WantedBars } from '../ports/directory.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

const everyMs = 250;
const atOnce = 8;

/** Asks for the history of the bars that bots decide by: at the start, and where one was lost on its way. */
@Injectable()
export class RefreshBars implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly market: Market,
    private readonly history: BarHistory,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @throws nothing */
  async round(): Promise<void> {
    const due = this.market.barsDue(this.clock.now()).values();
    const lane = async () => {
      for (const wanted of due) await this.ask(wanted);
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, lane));
    } catch (error) {
      this.log.error({ error }, 'the history of bars could not be asked for');
    }
  }

  private async ask(wanted: WantedBars): Promise<void> {
    const bars = await this.history.recent(wanted);
    if (bars === null || !this.market.learnBars(wanted, bars)) return;
    this.fleet.hearBars(wanted, ofItself);
  }
}

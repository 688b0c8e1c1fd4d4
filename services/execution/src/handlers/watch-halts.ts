import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RiskScope } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant } from '@scalpstorm/observability';
import { TradingHalts, type TradingWord } from '../ports/trading-halts.js';
import { ObeyTradingWord } from './obey-trading-word.js';

const everyMs = 1_000;

/**
 * Whoever stood still and lost its accounts may wake, keep a word that the bus still had for it, and acknowledge it: nobody else is told it then.
 * The word is in the table, so whoever writes for the accounts now looks there, and does about news what it does about news from the bus.
 */
@Injectable()
export class WatchHalts implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private failing = false;
  /** What was read and not done yet, the newest of each scope. */
  private readonly owed = new Map<string, TradingWord>();

  constructor(
    private readonly halts: TradingHalts,
    private readonly obey: ObeyTradingWord,
    private readonly log: Log,
  ) {}

  /** What stands at the start may have been kept by a life that died before it was done: it is done again, which changes nothing else. */
  start(): void {
    for (const word of this.halts.ending()) this.owed.set(RiskScope.format(word.scope), word);
    this.goOn();
  }

  private goOn(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.look().then(() => this.goOn());
    }, everyMs);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Never rejects: what could not be read or done is, the next time. */
  async look(): Promise<void> {
    try {
      for (const word of await this.halts.unheard()) this.owed.set(RiskScope.format(word.scope), word);
      for (const [scope, word] of this.owed) {
        await this.obey.run(word, null);
        this.owed.delete(scope);
      }
      this.failing = false;
    } catch (error) {
      stopOnBrokenInvariant(error);
      if (!this.failing)
        this.log.warn({ error }, 'what was said of trading could not be read again; it is tried every second');
      this.failing = true;
    }
  }
}

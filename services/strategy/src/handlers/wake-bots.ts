import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { millisecond, type Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { Fleet } from './fleet.js';

/** One timer for all bots. */
const everyMs = 200;
/** Every bot hears the time at least this often, so that it can ask again for what has no answer. */
const tickEvery = 1_000 * millisecond;

/** Lets time pass for the bots, and writes down what could not be written before. */
@Injectable()
export class WakeBots implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private lastTick = 0 as Timestamp;

  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private round(): void {
    const now = this.clock.now();
    const everybody = now - this.lastTick >= tickEvery;
    if (everybody) this.lastTick = now;
    for (const { bot, wakeAt } of this.fleet.all()) {
      if (!everybody && (wakeAt === null || wakeAt > now)) continue;
      if (bot.observed === 'stopped') continue;
      try {
        this.fleet.step(bot.id, { kind: 'tick' }, { eventId: null, marketAt: null });
      } catch (error) {
        this.log.fatal({ botId: bot.id, error }, 'a bot broke an invariant');
        throw error;
      }
    }
    for (const botId of this.fleet.unsaved()) this.fleet.saveBehind(botId);
  }
}

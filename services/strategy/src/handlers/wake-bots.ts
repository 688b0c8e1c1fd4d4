import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { millisecond, type Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/** One timer for all bots. */
const everyMs = 200;
/** Every bot hears the time at least this often, so that it can ask again for what has no answer. */
const tickEvery = 1_000 * millisecond;
/** The process must stop within five seconds; what is not written by then is decided once more after the start. */
const lastWriteMsMax = 1_000;

/** Lets time pass for the bots, and writes down what could not be written before. */
@Injectable()
export class WakeBots implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private lastTick = 0 as Timestamp;

  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.round(), everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.fleet.writes.close(lastWriteMsMax);
  }

  private round(): void {
    const now = this.clock.now();
    const everybody = now - this.lastTick >= tickEvery;
    if (everybody) this.lastTick = now;
    for (const { bot, wakeAt } of this.fleet.all()) {
      const due = wakeAt !== null && wakeAt <= now;
      // One that has stopped may still have asked to be woken: to cancel again what will not go.
      if (!due && (!everybody || bot.observed === 'stopped')) continue;
      this.fleet.step(bot.id, { kind: 'tick' }, ofItself);
    }
    for (const botId of this.fleet.writes.unwritten()) this.fleet.writes.writeSoon(botId);
  }
}

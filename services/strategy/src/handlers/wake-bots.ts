import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { WallClock } from '@scalpstorm/observability';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/** One timer for all bots. */
const everyMs = 200;
/** A bot that asked for nothing hears the time in one of so many rounds, or in a later one where there are many of them. */
const roundsMin = 5;
/** Such bots in one round: with ten thousand each hears it every eight seconds, and all of them cost no more than some do. */
const unaskedMax = 250;
/** The process must stop within five seconds; what is not written by then is decided once more after the start. */
const lastWriteMsMax = 1_000;

/** Lets time pass for the bots, and writes down what could not be written before. */
@Injectable()
export class WakeBots implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private rounds = 0;

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
    const all = this.fleet.all();
    // Thousands at once would hold up every price that comes meanwhile: each round takes its share of them.
    const roundsForAll = Math.max(roundsMin, Math.ceil(all.length / unaskedMax));
    this.rounds += 1;
    for (const [place, { bot, wakeAt }] of all.entries()) {
      const due = wakeAt !== null && wakeAt <= now;
      const turn = place % roundsForAll === this.rounds % roundsForAll;
      // One that has stopped may still have asked to be woken: to cancel again what will not go.
      if (!due && (!turn || bot.observed === 'stopped')) continue;
      this.fleet.step(bot.id, { kind: 'tick' }, ofItself);
    }
    for (const botId of this.fleet.writes.unwritten()) this.fleet.writes.writeSoon(botId);
  }
}

import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type BotChanged, botChanged, type CycleCompleted, cycleCompleted } from '@scalpstorm/contracts';
import { noticeOfBot, noticeOfCycle } from '../domain/bot-notices.js';
import { localTime } from '../domain/local-time.js';
import { KnownBots } from '../ports/known-bots.js';
import { Profiles } from '../ports/profiles.js';
import { Notify } from './notify.js';

/** Bots that start, stop or fail, and what their cycles earned. */
@Controller()
export class BotEventsHandler {
  constructor(
    private readonly bots: KnownBots,
    private readonly profiles: Profiles,
    private readonly notify: Notify,
  ) {}

  /** The notice goes first: should the process die before the bot is known anew, the event comes again and is told once. */
  @Hears(botChanged, { keyOf: (event) => event.bot.id })
  async changed(event: BotChanged): Promise<Outcome> {
    if (this.bots.isNews(event)) {
      const notice = noticeOfBot(this.bots.get(event.bot.id), event);
      if (notice !== null) await this.notify.tell(notice);
      await this.bots.fold(event);
    }
    return done;
  }

  /** One whose fees are valued later is no other cycle: it counts anew, and the owner was told of it as it was then. */
  @Hears(cycleCompleted, { keyOf: (event) => event.cycle.botId })
  async completed(event: CycleCompleted): Promise<Outcome> {
    const profile = this.profiles.of(event.userId);
    if (profile === null) return done;
    const { day } = localTime(event.cycle.completedAt, profile.preferences.timeZone);
    await this.bots.countCycle(event.userId, event.cycle, day);
    if (!event.amends) await this.notify.tell(noticeOfCycle(event, this.bots.get(event.cycle.botId)));
    return done;
  }
}

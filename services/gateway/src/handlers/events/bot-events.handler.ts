import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type BotChanged, botChanged, type CycleCompleted, cycleCompleted } from '@scalpstorm/contracts';
import { botView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { LiveHub } from '../stream/live-hub.js';
import { foldsAtOnce } from './concurrency.js';

/** Bots and their cycles, for their owners. */
@Controller()
export class BotEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly hub: LiveHub,
  ) {}

  @Hears(botChanged, { ...foldsAtOnce, keyOf: (event: BotChanged) => event.bot.id })
  async changed(event: BotChanged): Promise<Outcome> {
    await this.projection.fold({ kind: 'bot-changed', event });
    const { bot, deleted, meta } = event;
    // Also when the answer to the owner's own command was folded first: other windows have not seen it, and the version tells.
    const row = deleted ? { id: bot.id, version: bot.version, deleted } : botView(bot);
    this.hub.push(bot.userId, { channel: 'bots', row, at: meta.occurredAt });
    return done;
  }

  @Hears(cycleCompleted, { ...foldsAtOnce, keyOf: (event: CycleCompleted) => event.cycle.botId })
  async completed(event: CycleCompleted): Promise<Outcome> {
    await this.projection.fold({ kind: 'cycle-completed', event });
    return done;
  }
}

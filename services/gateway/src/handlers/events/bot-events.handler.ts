import { Controller } from '@nestjs/common';
import { done, Hears, type MessageContext, type Outcome } from '@scalpstorm/bus';
import { type BotChanged, botChanged, type CycleCompleted, cycleCompleted } from '@scalpstorm/contracts';
import { botView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { LiveTells } from '../stream/live-tells.js';
import { foldsAtOnce } from './concurrency.js';

/** Bots and their cycles, for their owners. */
@Controller()
export class BotEventsHandler {
  constructor(
    private readonly projection: Projection,
    private readonly live: LiveTells,
  ) {}

  @Hears(botChanged, { ...foldsAtOnce, keyOf: (event: BotChanged) => event.bot.id })
  async changed(event: BotChanged, context: MessageContext): Promise<Outcome> {
    const isNew = await this.projection.fold({ kind: 'bot-changed', event });
    const { bot, deleted, meta } = event;
    // Also when the answer to the owner's own command was folded first: other windows have not seen it, and the version tells.
    const isFirst = isNew || context.deliveries === 1;
    const row = deleted ? { id: bot.id, version: bot.version, deleted } : botView(bot);
    // A deleted bot may have the version that it had.
    const entity = { id: bot.id, rank: 2 * bot.version + (deleted ? 1 : 0) };
    await this.live.tell({ channel: 'bots', userId: bot.userId, row, entity, at: meta.occurredAt }, isFirst);
    return done;
  }

  @Hears(cycleCompleted, { ...foldsAtOnce, keyOf: (event: CycleCompleted) => event.cycle.botId })
  async completed(event: CycleCompleted): Promise<Outcome> {
    await this.projection.fold({ kind: 'cycle-completed', event });
    return done;
  }
}

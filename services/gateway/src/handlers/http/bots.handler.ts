import { Controller } from '@nestjs/common';
import { Bots } from '../../use-cases/bots.js';
import { openOf, pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

type BotReply = Promise<ReplyOf<typeof routes.getBot>>;
type WarnedBotReply = Promise<ReplyOf<typeof routes.createBot>>;

@Controller()
export class BotsHandler {
  constructor(private readonly bots: Bots) {}

  @Serves(routes.listBots)
  list(@Asked() call: Call<typeof routes.listBots>): Promise<ReplyOf<typeof routes.listBots>> {
    return this.bots.list(call.user.userId, pageOf(call.query));
  }

  @Serves(routes.getBot)
  get(@Asked() call: Call<typeof routes.getBot>): BotReply {
    return this.bots.get(call.user.userId, call.params.id);
  }

  @Serves(routes.createBot)
  create(@Asked() call: Call<typeof routes.createBot>): WarnedBotReply {
    return this.bots.create(call, call.body);
  }

  @Serves(routes.editBot)
  edit(@Asked() call: Call<typeof routes.editBot>): WarnedBotReply {
    return this.bots.edit(call, call.params.id, call.body);
  }

  @Serves(routes.deleteBot)
  async delete(@Asked() call: Call<typeof routes.deleteBot>): Promise<null> {
    await this.bots.delete(call, call.params.id);
    return null;
  }

  @Serves(routes.commandBot)
  command(@Asked() call: Call<typeof routes.commandBot>): BotReply {
    return this.bots.command(call, call.params.id, call.params.verb);
  }

  @Serves(routes.closePosition)
  close(@Asked() call: Call<typeof routes.closePosition>): BotReply {
    return this.bots.close(call, call.body.bot);
  }

  @Serves(routes.listBotCycles)
  cycles(@Asked() call: Call<typeof routes.listBotCycles>): Promise<ReplyOf<typeof routes.listBotCycles>> {
    return this.bots.cycles(call.user.userId, call.params.id, pageOf(call.query));
  }

  @Serves(routes.listBotOrders)
  orders(@Asked() call: Call<typeof routes.listBotOrders>): Promise<ReplyOf<typeof routes.listBotOrders>> {
    const filter = { bot: call.params.id, open: openOf(call.query.status) };
    return this.bots.orders(call.user.userId, filter, pageOf(call.query));
  }

  @Serves(routes.listBotJournal)
  journal(@Asked() call: Call<typeof routes.listBotJournal>): Promise<ReplyOf<typeof routes.listBotJournal>> {
    return this.bots.journal(call.user.userId, call.params.id, pageOf(call.query));
  }

  @Serves(routes.listBotFills)
  fills(@Asked() call: Call<typeof routes.listBotFills>): Promise<ReplyOf<typeof routes.listBotFills>> {
    return this.bots.fills(call.user.userId, call.params.id, pageOf(call.query));
  }
}

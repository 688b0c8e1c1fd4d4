import { Controller } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type BotCommand, botQuestion } from '@scalpstorm/contracts';
import { AccountId, type BotId, InstrumentId, type JsonObject, type UserId } from '@scalpstorm/model';
import { type Problem, ProblemRaised, problems } from '../../domain/problem.js';
import { type BotView, botView } from '../../domain/views.js';
import { Projection } from '../../ports/projection.js';
import { ReadModel } from '../../ports/read-model.js';
import { openOf, pageOf } from './paging.js';
import { accepted } from './refusals.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

type BotReply = ReplyOf<typeof routes.getBot>;

/** Bots: what the strategy service decides, asked on behalf of their owner. */
@Controller()
export class BotsHandler {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly projection: Projection,
  ) {}

  @Serves(routes.listBots)
  async list(@Asked() call: Call<typeof routes.listBots>): Promise<ReplyOf<typeof routes.listBots>> {
    return this.readModel.bots(call.user.userId, pageOf(call.query));
  }

  @Serves(routes.getBot)
  async get(@Asked() call: Call<typeof routes.getBot>): Promise<BotReply> {
    return this.#own(call.user.userId, call.params.id);
  }

  @Serves(routes.createBot)
  async create(@Asked() call: Call<typeof routes.createBot>): Promise<BotReply> {
    const { name, strategy, account, venue, symbol, mode, parameters } = call.body;
    const { userId } = call.user;
    const accountId = AccountId.of(account);
    if (!(await this.readModel.ownsAccount(userId, accountId))) throw new ProblemRaised(accountUnknown(account));
    const config = {
      name,
      strategy,
      accountId,
      mode,
      instrumentId: InstrumentId.of(venue, symbol),
      parameters,
    };
    return this.#ask({ kind: 'create', commandId: call.commandId, userId, config });
  }

  @Serves(routes.editBot)
  async edit(@Asked() call: Call<typeof routes.editBot>): Promise<BotReply> {
    const bot = await this.#own(call.user.userId, call.params.id);
    return this.#ask({
      kind: 'edit',
      commandId: call.commandId,
      userId: call.user.userId,
      botId: call.params.id,
      name: call.body.name ?? null,
      parameters: merged(bot.parameters, call.body.parameters ?? {}),
    });
  }

  @Serves(routes.deleteBot)
  async delete(@Asked() call: Call<typeof routes.deleteBot>): Promise<null> {
    const { userId } = call.user;
    await this.#own(userId, call.params.id);
    await this.#ask({ kind: 'delete', commandId: call.commandId, userId, botId: call.params.id });
    return null;
  }

  @Serves(routes.commandBot)
  async command(@Asked() call: Call<typeof routes.commandBot>): Promise<BotReply> {
    const { userId } = call.user;
    const { id, verb } = call.params;
    await this.#own(userId, id);
    return this.#ask({ kind: 'verb', commandId: call.commandId, userId, botId: id, verb });
  }

  @Serves(routes.listBotCycles)
  async cycles(@Asked() call: Call<typeof routes.listBotCycles>): Promise<ReplyOf<typeof routes.listBotCycles>> {
    await this.#own(call.user.userId, call.params.id);
    return this.readModel.cycles(call.user.userId, call.params.id, pageOf(call.query));
  }

  @Serves(routes.listBotOrders)
  async orders(@Asked() call: Call<typeof routes.listBotOrders>): Promise<ReplyOf<typeof routes.listBotOrders>> {
    await this.#own(call.user.userId, call.params.id);
    const filter = { bot: call.params.id, open: openOf(call.query.status) };
    return this.readModel.orders(call.user.userId, filter, pageOf(call.query));
  }

  @Serves(routes.listBotFills)
  async fills(@Asked() call: Call<typeof routes.listBotFills>): Promise<ReplyOf<typeof routes.listBotFills>> {
    await this.#own(call.user.userId, call.params.id);
    return this.readModel.fills(call.user.userId, call.params.id, pageOf(call.query));
  }

  async #own(userId: UserId, botId: BotId): Promise<BotView> {
    const bot = await this.readModel.bot(userId, botId);
    if (bot === null) throw new ProblemRaised(problems.notFound('bot'));
    return bot;
  }

  /** The answer is folded at once, so that the next read of this user shows it. */
  async #ask(command: BotCommand): Promise<BotReply> {
    const bot = accepted(await this.bus.ask(botQuestion, command));
    await this.projection.foldAnswer({ bot, deleted: command.kind === 'delete' });
    return botView(bot);
  }
}

/** JSON merge patch (RFC 7396) of the first level: null removes. */
function merged(current: JsonObject, patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...current, ...patch }).filter(([, value]) => value !== null));
}

const accountUnknown = (account: string): Problem =>
  problems.invalid([
    {
      pointer: '/account',
      code: 'ACCOUNT_NOT_FOUND',
      detail: `you have no account ${account}.`,
      allowed: 'an id from GET /v1/accounts',
      next: 'Choose one of your accounts.',
    },
  ]);

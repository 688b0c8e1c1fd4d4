import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type BotAnswer, type BotCommand, botQuestion, type Refusal, strategiesQuestion } from '@scalpstorm/contracts';
import { unreachable } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { StrategyCatalogue } from '@scalpstorm/strategies';
import { refused } from '../domain/bot-name.js';
import { InTurn } from '../domain/in-turn.js';
import { BotStore } from '../ports/bot-store.js';
import { CommandBots } from './command-bots.js';
import { CreateBot, warned } from './create-bot.js';
import { Fleet } from './fleet.js';

type CarriedOut = NonNullable<Awaited<ReturnType<BotStore['commandTarget']>>>;

/** Commands of users. A repeated command id does nothing and is answered with the bot as it is now, however late it comes. */
@Controller()
export class BotQuestionHandler {
  private readonly turns = new InTurn();

  constructor(
    private readonly createBot: CreateBot,
    private readonly commandBots: CommandBots,
    private readonly store: BotStore,
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly catalogue: StrategyCatalogue,
  ) {}

  @Answers(botQuestion)
  answer(command: BotCommand): Promise<BotAnswer> {
    return this.turns.run(this.keysOf(command), () => this.carryOut(command));
  }

  @Answers(strategiesQuestion)
  async describe() {
    const known = [...this.catalogue.all.values()];
    return { strategies: known.map(({ id, title, description, schema }) => ({ id, title, description, schema })) };
  }

  /**
   * A name is a user's while it is given away or becomes free, everything else is a bot's. Commands that share none of these are
   * carried out at the same time and share a transaction: bots of one user are created and edited without waiting for each other.
   */
  private keysOf(command: BotCommand): readonly string[] {
    const { commandId, userId, kind } = command;
    const bot = kind === 'create' ? [] : [`bot ${command.botId}`];
    const name = this.nameOf(command);
    return [`command ${commandId}`, ...bot, ...(name === null ? [] : [`name ${userId} ${name}`])];
  }

  private nameOf(command: BotCommand): string | null {
    if (command.kind === 'create') return command.config.name;
    if (command.kind === 'edit') return command.name;
    if (command.kind !== 'delete') return null;
    const { fleet } = this;
    return (fleet.get(command.botId) ?? fleet.aside.get(command.botId))?.bot.config.name ?? null;
  }

  private async carryOut(command: BotCommand): Promise<BotAnswer> {
    const before = await this.store.commandTarget(command.commandId);
    if (before) return this.answerAgain(command, before);
    // A service that hung carries out nothing of what piled up meanwhile: who asked may have said the opposite since.
    if (command.until !== undefined && this.clock.now() >= command.until) return expired;
    switch (command.kind) {
      case 'create':
        return this.createBot.create(command);
      case 'edit':
        return this.commandBots.edit(command);
      case 'delete':
        return this.commandBots.delete(command);
      case 'verb':
        return this.commandBots.verb(command);
      default:
        return unreachable(command, 'bot command');
    }
  }

  /** Also when the database had carried it out, and its answer was lost on the way: then memory is brought up to it. */
  private async answerAgain(command: BotCommand, { userId, botId }: CarriedOut): Promise<BotAnswer> {
    const found = userId === command.userId && botId !== null ? await this.store.find(botId) : null;
    if (!found) return { ok: false, refusals: [gone] };
    const { stored, deleted } = found;
    if (deleted) this.fleet.forget(stored.bot.id);
    else await this.fleet.takeIn(stored);
    if (deleted && command.kind !== 'delete') return { ok: false, refusals: [gone] };
    const answer: BotAnswer = { ok: true, value: this.fleet.get(stored.bot.id)?.bot ?? stored.bot };
    const configures = command.kind === 'create' || command.kind === 'edit';
    return configures ? warned(answer, this.fleet.warningsOf(stored.bot.id)) : answer;
  }
}

const gone: Refusal = {
  code: 'BOT_NOT_FOUND',
  field: '',
  text: 'this command was carried out before, and its bot is gone',
  allowed: '',
  next: 'List your bots to see what is there.',
};

const expired: BotAnswer = {
  ok: false,
  refusals: [
    refused(
      'COMMAND_EXPIRED',
      'the command came after whoever sent it had stopped waiting; nothing was done',
      'Look at the bot, and send it again if you still want it. If that is refused too, the clocks of the machines differ.',
    ),
  ],
};

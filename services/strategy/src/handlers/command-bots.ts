import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand } from '@scalpstorm/contracts';
import { type Bot, type BotId, type BotVerb, Quantity, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { StrategyEvent } from '@scalpstorm/strategies';
import { type LiveBot, live } from '../domain/advance.js';
import { nameRefusal, refused } from '../domain/bot-name.js';
import { memoryToJson } from '../domain/memory.js';
import { BotStore } from '../ports/bot-store.js';
import { CreateBot, nameTaken } from './create-bot.js';
import { Fleet } from './fleet.js';

type Of<Kind extends BotCommand['kind']> = Extract<BotCommand, { kind: Kind }>;

/** Edit, delete and the verbs. Durable before they are answered. */
@Injectable()
export class CommandBots {
  constructor(
    private readonly fleet: Fleet,
    private readonly store: BotStore,
    private readonly createBot: CreateBot,
    private readonly clock: WallClock,
  ) {}

  async verb({ commandId, userId, botId, verb }: Of<'verb'>): Promise<BotAnswer> {
    const current = this.own(botId, userId);
    if (!current) return notFound(botId);
    const next = live(current.bot, { kind: verb }, this.clock.now());
    if (!next.ok) return { ok: false, refusals: [{ ...next.error, field: '' }] };
    if (next.bot !== current.bot) this.fleet.setBot(botId, next.bot);
    this.fleet.step(botId, eventOf(verb), { eventId: null, marketAt: null });
    await this.fleet.save(botId, commandId);
    return this.answer(botId);
  }

  async edit({ commandId, userId, botId, name, parameters }: Of<'edit'>): Promise<BotAnswer> {
    const current = this.own(botId, userId);
    if (!current) return notFound(botId);
    if (current.bot.observed !== 'stopped') return mustStop(current.bot, 'edited');
    const config = { ...current.bot.config, name: name ?? current.bot.config.name, parameters };
    const nameFault = nameRefusal(config.name);
    const taken = await this.store.nameTaken(userId, config.name, botId);
    const checked = await this.createBot.check(config);
    const refusals = [
      ...(nameFault ? [nameFault] : []),
      ...(taken ? [nameTaken(config.name)] : []),
      ...(checked.ok ? [] : checked.refusals),
    ];
    if (!checked.ok || refusals.length > 0) return { ok: false, refusals };
    // The strategy keeps its memory: cycles go on counting, so no order id is ever used twice.
    this.fleet.join({ ...current.bot, config }, current.memory, checked.value.configured);
    this.fleet.setBot(botId, { ...current.bot, config });
    await this.fleet.save(botId, commandId);
    return this.answer(botId);
  }

  async delete({ commandId, userId, botId }: Of<'delete'>): Promise<BotAnswer> {
    const current = this.own(botId, userId);
    if (!current) return notFound(botId);
    const { bot, memory } = current;
    if (bot.observed !== 'stopped' && bot.observed !== 'error') return mustStop(bot, 'deleted');
    if (bot.totals.held > 0n && !(await this.isDust(bot))) return mustFlatten(bot);
    const gone: Bot = { ...bot, version: bot.version + 1 };
    const text = `${bot.config.name} was deleted`;
    await this.store.commitCommand(commandId, {
      stored: { bot: gone, state: memoryToJson(memory) },
      visible: true,
      deleted: true,
      cycles: [],
      activities: [{ level: 'INFO', code: 'BOT_DELETED', text, userId, botId, data: {} }],
      causedBy: null,
    });
    this.fleet.leave(botId);
    return { ok: true, value: gone };
  }

  /** What is too small to sell can not be flattened, so it must not keep a bot from being deleted. */
  private async isDust(bot: Bot): Promise<boolean> {
    const sellable = this.fleet.sellableStep(bot);
    return sellable !== null && bot.totals.held < sellable;
  }

  private own(botId: BotId, userId: UserId): LiveBot | null {
    const current = this.fleet.get(botId);
    return current?.bot.userId === userId ? current : null;
  }

  private answer(botId: BotId): BotAnswer {
    const current = this.fleet.get(botId);
    return current ? { ok: true, value: current.bot } : notFound(botId);
  }
}

function eventOf(verb: BotVerb): StrategyEvent {
  switch (verb) {
    case 'start':
      return { kind: 'started' };
    case 'pause':
      return { kind: 'paused' };
    case 'resume':
      return { kind: 'resumed' };
    case 'stop':
      return { kind: 'stop-asked', reason: 'stop' };
    case 'flatten':
      return { kind: 'flatten-asked' };
  }
}

function notFound(botId: string): BotAnswer {
  return {
    ok: false,
    refusals: [refused('BOT_NOT_FOUND', `you have no bot ${botId}`, 'List your bots to see what is there.')],
  };
}

function mustStop(bot: Bot, what: string): BotAnswer {
  const text = `${bot.config.name} is ${bot.observed} and can not be ${what}`;
  return { ok: false, refusals: [refused('BOT_NOT_STOPPED', text, 'Stop it first.', { allowed: 'stopped' })] };
}

function mustFlatten(bot: Bot): BotAnswer {
  const text = `${bot.config.name} still holds ${Quantity.format(bot.totals.held)}`;
  return { ok: false, refusals: [refused('BOT_NOT_FLAT', text, 'Flatten it first, or start it again to sell.')] };
}

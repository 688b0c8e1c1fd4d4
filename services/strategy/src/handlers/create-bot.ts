import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand, Refusal } from '@scalpstorm/contracts';
import { type Activity, type Bot, BotId, type BotTotals, type Instrument, Money, Quantity } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ParameterFault } from '@scalpstorm/strategies';
import { nameRefusal, refused } from '../domain/bot-name.js';
import { memoryToJson, newMemory } from '../domain/memory.js';
import { BotStore } from '../ports/bot-store.js';
import { CheckConfig, placed } from './check-config.js';
import { Fleet } from './fleet.js';

export type CreateCommand = Extract<BotCommand, { kind: 'create' }>;

export abstract class CreateSettings {
  abstract readonly botsPerUserMax: number;
}

/** Checks everything about a new bot and says everything that is wrong with it; stores it only when nothing is. */
@Injectable()
export class CreateBot {
  constructor(
    private readonly fleet: Fleet,
    private readonly store: BotStore,
    private readonly checkConfig: CheckConfig,
    private readonly clock: WallClock,
    private readonly settings: CreateSettings,
  ) {}

  async create({ commandId, userId, config }: CreateCommand): Promise<BotAnswer> {
    const nameFault = nameRefusal(config.name);
    const taken = await this.store.nameTaken(userId, config.name, null);
    const count = await this.store.countOf(userId);
    const checked = await this.checkConfig.check(config);
    const { botsPerUserMax } = this.settings;
    const refusals = [
      ...(count >= botsPerUserMax ? [tooManyBots(count, botsPerUserMax)] : []),
      ...(nameFault ? [nameFault] : []),
      ...(taken ? [nameTaken(config.name)] : []),
      ...(checked.ok ? [] : checked.refusals),
    ];
    if (!checked.ok || refusals.length > 0) return { ok: false, refusals };
    const { configured, instrument } = checked.value;
    const bot = this.newBot({ userId, config }, instrument);
    const memory = newMemory(configured.init());
    await this.store.commitCommand(commandId, {
      stored: { bot, state: memoryToJson(memory), instrument },
      visible: true,
      deleted: false,
      cycles: [],
      amended: [],
      activities: [created(bot), ...configured.warnings.map((warning) => warningOf(bot, warning))],
      causedBy: null,
    });
    this.fleet.join(bot, memory, checked.value);
    return warned({ ok: true, value: bot }, configured.warnings);
  }

  private newBot({ userId, config }: Pick<CreateCommand, 'userId' | 'config'>, instrument: Instrument): Bot {
    const now = this.clock.now();
    return {
      id: this.unusedId(),
      userId,
      config,
      desired: 'stopped',
      observed: 'stopped',
      reason: { code: 'CREATED', text: 'created; start it when you are ready' },
      since: now,
      totals: noTotals(instrument),
      version: 1,
      createdAt: now,
    };
  }

  private unusedId(): BotId {
    for (;;) {
      const id = BotId.of(`bot_${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('')}`);
      if (this.fleet.get(id) === null && this.fleet.aside.get(id) === null) return id;
    }
  }
}

export function nameTaken(name: string): Refusal {
  return refused('NAME_TAKEN', `you have a bot named "${name}" already`, 'Choose another name.', { field: '/name' });
}

function tooManyBots(count: number, most: number): Refusal {
  const next = 'Delete one that you no longer need, or ask the operator to raise BOTS_PER_USER_MAX.';
  return refused('TOO_MANY_BOTS', `you have ${count} bots already`, next, { allowed: `at most ${most}` });
}

function noTotals({ quote }: Instrument): BotTotals {
  return { cycles: 0, fills: 0, pnl: Money.zero(quote), fees: Money.zero(quote), held: Quantity.zero };
}

function created(bot: Bot): Activity {
  const text = `${bot.config.name} was created: ${bot.config.strategy} on ${bot.config.instrumentId}`;
  return { level: 'INFO', code: 'BOT_CREATED', text, userId: bot.userId, botId: bot.id, data: {} };
}

/** What is odd about the parameters goes with the answer, too: whoever asked may not read the log. */
export function warned(answer: BotAnswer, faults: readonly ParameterFault[]): BotAnswer {
  if (!answer.ok || faults.length === 0) return answer;
  const warnings = faults.map(({ code, field, text, next }) => ({ code, field: placed(field), text, next }));
  return { ...answer, warnings };
}

export function warningOf(bot: Bot, { code, text, field }: ParameterFault): Activity {
  return { level: 'WARNING', code, text, userId: bot.userId, botId: bot.id, data: { field } };
}

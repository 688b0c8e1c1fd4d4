import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand, Refusal } from '@scalpstorm/contracts';
import {
  type Activity,
  type Bot,
  BotId,
  type BotTotals,
  type Instrument,
  Money,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ParameterFault } from '@scalpstorm/strategies';
import { nameRefusal, refused } from '../domain/bot-name.js';
import { memoryToJson, newMemory } from '../domain/memory.js';
import type { Runnable } from '../domain/prepare.js';
import { BotStore, type Standing } from '../ports/bot-store.js';
import { CheckConfig, placed } from './check-config.js';
import { Fleet } from './fleet.js';

export type CreateCommand = Extract<BotCommand, { kind: 'create' }>;

export abstract class CreateSettings {
  abstract readonly botsPerUserMax: number;
}

/** Checks everything about a new bot and says everything that is wrong with it; stores it only when nothing is. */
@Injectable()
export class CreateBot {
  /** Of each user, those that are checked and not yet written: each takes a place already. */
  private readonly coming = new Map<UserId, Set<BotId>>();

  constructor(
    private readonly fleet: Fleet,
    private readonly store: BotStore,
    private readonly checkConfig: CheckConfig,
    private readonly clock: WallClock,
    private readonly settings: CreateSettings,
  ) {}

  /** Many of one user at the same time share their questions and their transaction. */
  async create(command: CreateCommand): Promise<BotAnswer> {
    const { userId, config } = command;
    const nameFault = nameRefusal(config.name);
    const checked = await this.checkConfig.check(config, userId);
    const faults = [...(nameFault ? [nameFault] : []), ...(checked.ok ? [] : checked.refusals)];
    const coming = this.comingOf(userId);
    const besides = [...coming];
    const id = this.unusedId();
    // From here on it counts for those that come behind it, which need not wait until it is written.
    if (faults.length === 0) coming.add(id);
    try {
      const standing = await this.store.standing({ userId, name: config.name, besides });
      const refusals = [...this.standingRefusals(config.name, standing, besides.length), ...faults];
      if (!checked.ok || refusals.length > 0) return { ok: false, refusals };
      return await this.write(command, id, checked.value);
    } finally {
      coming.delete(id);
      if (coming.size === 0) this.coming.delete(userId);
    }
  }

  private standingRefusals(name: string, standing: Standing, coming: number): readonly Refusal[] {
    const { botsPerUserMax } = this.settings;
    const count = standing.bots + coming;
    return [
      ...(count >= botsPerUserMax ? [tooManyBots(count, botsPerUserMax)] : []),
      ...(standing.nameTaken ? [nameTaken(name)] : []),
    ];
  }

  private async write({ commandId, userId, config }: CreateCommand, id: BotId, runnable: Runnable): Promise<BotAnswer> {
    const { configured, instrument } = runnable;
    const bot = this.newBot({ id, userId, config }, instrument);
    const memory = newMemory(configured.init(), configured.lanes);
    await this.store.commitCommand(commandId, {
      stored: { bot, state: memoryToJson(memory), instrument },
      visible: true,
      deleted: false,
      cycles: [],
      amended: [],
      journal: [],
      activities: [created(bot), ...configured.warnings.map((warning) => warningOf(bot, warning))],
      causedBy: null,
    });
    this.fleet.join(bot, memory, runnable);
    return warned({ ok: true, value: bot }, configured.warnings);
  }

  private newBot(given: Pick<Bot, 'id' | 'userId' | 'config'>, instrument: Instrument): Bot {
    const now = this.clock.now();
    return {
      ...given,
      desired: 'stopped',
      observed: 'stopped',
      reason: { code: 'CREATED', text: 'created; start it when you are ready' },
      since: now,
      totals: noTotals(instrument),
      version: 1,
      createdAt: now,
    };
  }

  private comingOf(userId: UserId): Set<BotId> {
    const coming = this.coming.get(userId) ?? new Set<BotId>();
    this.coming.set(userId, coming);
    return coming;
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

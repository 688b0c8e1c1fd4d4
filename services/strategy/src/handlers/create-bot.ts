import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand, Refusal } from '@scalpstorm/contracts';
import {
  type Activity,
  type Bot,
  type BotConfig,
  BotId,
  type BotTotals,
  type Instrument,
  Money,
  Quantity,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { type ParameterFault, strategies } from '@scalpstorm/strategies';
import { nameRefusal, refused } from '../domain/bot-name.js';
import { memoryToJson, newMemory } from '../domain/memory.js';
import type { Runnable } from '../domain/prepare.js';
import { BotStore } from '../ports/bot-store.js';
import { Directory } from '../ports/directory.js';
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
    private readonly directory: Directory,
    private readonly clock: WallClock,
    private readonly settings: CreateSettings,
  ) {}

  async create({ commandId, userId, config }: CreateCommand): Promise<BotAnswer> {
    const nameFault = nameRefusal(config.name);
    const taken = await this.store.nameTaken(userId, config.name, null);
    const count = await this.store.countOf(userId);
    const checked = await this.check(config);
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
      activities: [created(bot), ...configured.warnings.map((warning) => warningOf(bot, warning))],
      causedBy: null,
    });
    this.fleet.join(bot, memory, checked.value);
    return { ok: true, value: bot };
  }

  /** Venue, account, strategy and parameters; all faults at once. */
  async check(config: BotConfig): Promise<{ ok: true; value: Runnable } | { ok: false; refusals: readonly Refusal[] }> {
    const refusals: Refusal[] = [];
    const accountFault = await this.accountFault(config);
    if (accountFault) refusals.push(accountFault);
    const instrument = await this.directory.instrument(config.instrumentId, config.accountId);
    if (!instrument) refusals.push(unknownSymbol(config));
    const strategy = strategies.get(config.strategy);
    if (!strategy) refusals.push(unknownStrategy(config.strategy));
    if (!instrument || !strategy) return { ok: false, refusals };
    const configured = strategy.configure(config.parameters, instrument);
    if (!configured.ok) refusals.push(...configured.error.map(parameterRefusal));
    if (!configured.ok || refusals.length > 0) return { ok: false, refusals };
    return { ok: true, value: { configured: configured.value, instrument } };
  }

  private async accountFault(config: BotConfig): Promise<Refusal | null> {
    const accounts = await this.directory.accounts();
    const account = accounts.find(({ id }) => id === config.accountId);
    if (!account) {
      return refused('UNKNOWN_ACCOUNT', `there is no account "${config.accountId}"`, 'Choose one of your accounts.', {
        field: '/account',
        allowed: accounts.map(({ id }) => id).join(', '),
      });
    }
    if (!config.instrumentId.startsWith(`${account.venue}:`)) {
      return refused('WRONG_VENUE', `account "${account.id}" is at ${account.venue}`, `Use venue "${account.venue}".`, {
        field: '/venue',
        allowed: account.venue,
      });
    }
    if (account.mode === config.mode) return null;
    return refused(
      'WRONG_MODE',
      `account "${account.id}" trades in mode ${account.mode}`,
      `Use mode "${account.mode}".`,
      {
        field: '/mode',
        allowed: account.mode,
      },
    );
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

/** A fault of a parameter as a user sees it: its place is within the whole body. */
export function parameterRefusal(fault: ParameterFault): Refusal {
  return { ...fault, field: `/parameters${fault.field}` };
}

export function nameTaken(name: string): Refusal {
  return refused('NAME_TAKEN', `you have a bot named "${name}" already`, 'Choose another name.', { field: '/name' });
}

function tooManyBots(count: number, most: number): Refusal {
  const next = 'Delete one that you no longer need, or ask the operator to raise BOTS_PER_USER_MAX.';
  return refused('TOO_MANY_BOTS', `you have ${count} bots already`, next, { allowed: `at most ${most}` });
}

function unknownSymbol({ instrumentId }: BotConfig): Refusal {
  const symbol = instrumentId.slice(instrumentId.indexOf(':') + 1);
  return refused('UNKNOWN_SYMBOL', `the venue has no "${symbol}"`, 'Choose one from GET /v1/instruments.', {
    field: '/symbol',
    allowed: 'a symbol that the venue lists, e.g. BTC-USDT',
  });
}

function unknownStrategy(id: string): Refusal {
  return refused('UNKNOWN_STRATEGY', `there is no strategy "${id}"`, 'Choose one from GET /v1/strategies.', {
    field: '/strategy',
    allowed: [...strategies.keys()].join(', '),
  });
}

function noTotals({ quote }: Instrument): BotTotals {
  return { cycles: 0, fills: 0, pnl: Money.zero(quote), fees: Money.zero(quote), held: Quantity.zero };
}

function created(bot: Bot): Activity {
  const text = `${bot.config.name} was created: ${bot.config.strategy} on ${bot.config.instrumentId}`;
  return { level: 'INFO', code: 'BOT_CREATED', text, userId: bot.userId, botId: bot.id, data: {} };
}

export function warningOf(bot: Bot, { code, text, field }: ParameterFault): Activity {
  return { level: 'WARNING', code, text, userId: bot.userId, botId: bot.id, data: { field } };
}

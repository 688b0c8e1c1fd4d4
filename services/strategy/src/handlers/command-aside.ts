import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand } from '@scalpstorm/contracts';
import {
  type Activity,
  type Bot,
  type BotConfig,
  type BotId,
  InstrumentId,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { type AsideBot, storedAside } from '../domain/aside.js';
import { refused } from '../domain/bot-name.js';
import { Fleet } from './fleet.js';
import { RestoreBots } from './restore-bots.js';

type VerbCommand = Extract<BotCommand, { kind: 'verb' }>;

/** Commands for bots that were set aside: what can be done without their strategy, and a new attempt to run them. */
@Injectable()
export class CommandAside {
  constructor(
    private readonly fleet: Fleet,
    private readonly restoreBots: RestoreBots,
  ) {}

  /** Null: the bot runs, or runs again, and takes the verb itself. */
  async verb({ commandId, userId, botId, verb }: VerbCommand): Promise<BotAnswer | null> {
    const aside = this.own(botId, userId);
    if (!aside) return null;
    if (!isQuarantined(aside)) return notReady(aside);
    if (verb === 'stop') {
      this.fleet.aside.cancelAll(botId, 'stop');
      await this.fleet.writes.write(botId, commandId);
      return { ok: true, value: aside.bot };
    }
    if (verb !== 'start' && verb !== 'resume') return notReady(aside);
    return (await this.runAgain(botId)) ? null : notReady(this.own(botId, userId) ?? aside);
  }

  /** The bot whose parameters may be mended; null when it is none of those. */
  editable(botId: BotId, userId: UserId): Bot | null {
    const aside = this.own(botId, userId);
    return aside && isQuarantined(aside) ? aside.bot : null;
  }

  async edit(commandId: string, botId: BotId, config: BotConfig): Promise<BotAnswer> {
    const aside = this.fleet.aside.get(botId);
    if (!aside) return notFound(botId);
    const { instrument, ...parts } = storedAside(aside);
    if (
      await this.fleet.takeIn({ ...parts, instrument, bot: { ...aside.bot, config, version: aside.bot.version + 1 } })
    )
      this.restoreBots.restore(botId);
    const current = this.fleet.get(botId);
    if (!current) return notReady(this.fleet.aside.get(botId) ?? aside);
    this.fleet.setBot(botId, { ...current.bot, config });
    await this.fleet.writes.write(botId, commandId);
    return { ok: true, value: this.fleet.get(botId)?.bot ?? current.bot };
  }

  /** Also one that holds something: nothing but a person can sell it any more. Null when it is not one of these. */
  async delete(commandId: string, botId: BotId, userId: UserId): Promise<BotAnswer | null> {
    const aside = this.own(botId, userId);
    if (!aside || !isQuarantined(aside)) return null;
    this.fleet.aside.cancelAll(botId, 'delete');
    return { ok: true, value: await this.fleet.delete(botId, commandId, deleted(aside.bot)) };
  }

  private async runAgain(botId: BotId): Promise<boolean> {
    if (!(await this.fleet.takeBack(botId))) return false;
    this.restoreBots.restore(botId);
    return this.fleet.get(botId) !== null;
  }

  private own(botId: BotId, userId: UserId): AsideBot | null {
    const aside = this.fleet.aside.get(botId);
    return aside?.bot.userId === userId ? aside : null;
  }
}

const isQuarantined = ({ fault }: AsideBot): boolean => fault !== null && !fault.passing;

export function notFound(botId: string): BotAnswer {
  return {
    ok: false,
    refusals: [refused('BOT_NOT_FOUND', `you have no bot ${botId}`, 'List your bots to see what is there.')],
  };
}

/** It waits for its market, or was set aside and needs somebody. */
export function notReady({ bot, fault }: AsideBot): BotAnswer {
  if (fault === null) return notFound(bot.id);
  const code = fault.passing ? fault.code : 'BOT_QUARANTINED';
  const text = `${bot.config.name} does not run: ${fault.text}`;
  const allowed = fault.passing ? '' : 'start, stop, edit, delete';
  return { ok: false, refusals: [refused(code, text, fault.next, { allowed })] };
}

export function deleted({ config, totals, userId, id: botId }: Bot): Activity {
  const { name } = config;
  const left = Quantity.format(totals.held);
  if (totals.held === 0n) {
    return { level: 'INFO', code: 'BOT_DELETED', text: `${name} was deleted`, userId, botId, data: {} };
  }
  const symbol = InstrumentId.parse(config.instrumentId)?.symbol ?? config.instrumentId;
  const text = `${name} was deleted; ${left} ${symbol.split('-', 1)[0] ?? symbol} that it held stay in the account`;
  const next = 'Sell them at the venue, together with more of the same where it takes no order of so little.';
  return { level: 'WARNING', code: 'BOT_DELETED', text, userId, botId, data: { held: left, next } };
}

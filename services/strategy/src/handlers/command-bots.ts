import { Injectable } from '@nestjs/common';
import type { BotAnswer, BotCommand } from '@scalpstorm/contracts';
import {
  type Activity,
  type Bot,
  type BotConfig,
  type BotId,
  type BotVerb,
  isDust,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { StrategyEvent } from '@scalpstorm/strategies';
import { type LiveBot, live } from '../domain/advance.js';
import { nameRefusal, refused } from '../domain/bot-name.js';
import { edition, isOutdated, versionChanged } from '../domain/edition.js';
import type { Runnable } from '../domain/prepare.js';
import { BotStore, type BotWish } from '../ports/bot-store.js';
import { Directory, Market } from '../ports/directory.js';
import { AskCertificate } from './ask-certificate.js';
import { CheckConfig, type CheckedConfig } from './check-config.js';
import { CommandAside, deleted, notFound, notReady } from './command-aside.js';
import { nameTaken, warned, warningOf } from './create-bot.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

type Of<Kind extends BotCommand['kind']> = Extract<BotCommand, { kind: Kind }>;

/** Edit, delete and the verbs. Durable before they are answered. */
@Injectable()
export class CommandBots {
  constructor(
    private readonly fleet: Fleet,
    private readonly store: BotStore,
    private readonly checkConfig: CheckConfig,
    private readonly commandAside: CommandAside,
    private readonly directory: Directory,
    private readonly market: Market,
    private readonly clock: WallClock,
    private readonly certificate: AskCertificate,
  ) {}

  async verb(command: Of<'verb'>): Promise<BotAnswer> {
    const { commandId, userId, botId, verb } = command;
    const refusal =
      (await this.commandAside.verb(command)) ?? (await this.withheld(command)) ?? (await this.uncertified(command));
    if (refusal) return refusal;
    const current = this.own(botId, userId);
    if (!current) return notFound(botId);
    const next = live(current.bot, { kind: verb }, this.clock.now());
    if (!next.ok) return { ok: false, refusals: [{ ...next.error, field: '' }] };
    if (next.bot !== current.bot) this.fleet.setBot(botId, next.bot, [asked(next.bot)]);
    this.fleet.step(botId, eventOf(verb), ofItself);
    await this.fleet.writes.write(botId, commandId);
    return this.answer(botId);
  }

  /** One that was kept from opening is let go when the cause is gone; nothing keeps it from its end. */
  private async withheld({ userId, botId, verb }: Of<'verb'>): Promise<BotAnswer | null> {
    const bot = this.own(botId, userId)?.bot;
    if (!bot || (verb !== 'start' && verb !== 'resume')) return null;
    await this.fleet.releaseWithheld(botId);
    const fault = this.fleet.withheldOf(botId);
    if (fault === null) return null;
    const { code, text, next } = fault;
    return { ok: false, refusals: [refused(code, `${bot.config.name} may not open anything: ${text}`, next)] };
  }

  /** Only of a start after a rest: a bot that is at work goes on, and nothing keeps one from its end. */
  private async uncertified({ userId, botId, verb }: Of<'verb'>): Promise<BotAnswer | null> {
    const bot = this.own(botId, userId)?.bot;
    const configured = this.fleet.configuredOf(botId);
    if (verb !== 'start' || bot?.desired !== 'stopped' || configured === null) return null;
    const verdict = await this.certificate.verdict({ userId, config: bot.config, configured });
    if (!verdict.ok) return { ok: false, refusals: [{ ...verdict.refusal, field: '' }] };
    if (verdict.version !== null) this.fleet.certify(botId, verdict.version);
    return null;
  }

  async edit(command: Of<'edit'>): Promise<BotAnswer> {
    const { commandId, userId, botId } = command;
    const before = this.own(botId, userId)?.bot ?? this.commandAside.editable(botId, userId);
    if (!before) return this.absent(botId, userId);
    if (isOutdated(command, before, this.fleet.configuredAt(botId))) return versionChanged(before);
    if (before.observed === 'stopping' || before.observed === 'flattening') return mustStop(before, 'edited');
    const config = edition(before.config, command);
    const checked = await this.checkEdition(before, config);
    if (!checked.ok) return checked;
    // A late fill may have come while others were asked: the bot is taken as it is now.
    const latest = this.own(botId, userId);
    const { warnings: odd } = checked.value.configured;
    if (!latest) return warned(await this.commandAside.edit(commandId, botId, config), odd);
    this.fleet.reconfigure(botId, config, checked.value);
    this.fleet.setBot(botId, { ...latest.bot, config }, [
      edited(latest.bot, config),
      ...warnings(latest.bot, checked.value),
    ]);
    // Durable before a cancel of it leaves: the reason goes with the cancel, and execution commits it first.
    this.fleet.step(botId, { kind: 'reconfigured' }, ofItself);
    await this.fleet.writes.write(botId, commandId);
    return warned(this.answer(botId), odd);
  }

  /** All that is wrong with it at once; nobody is asked whether a name is free that the bot has already. */
  private async checkEdition({ id, userId, config: { name } }: Bot, config: BotConfig): Promise<CheckedConfig> {
    const renamed = config.name !== name;
    const nameFault = renamed ? nameRefusal(config.name) : null;
    const [taken, checked] = await Promise.all([
      renamed && this.nameTaken({ userId, name: config.name, besides: [id] }),
      this.checkConfig.check(config, userId, this.fleet.withheldOf(id) === null ? this.fleet.configuredOf(id) : null),
    ]);
    const refusals = [
      ...(nameFault ? [nameFault] : []),
      ...(taken ? [nameTaken(config.name)] : []),
      ...(checked.ok ? [] : checked.refusals),
    ];
    return refusals.length > 0 ? { ok: false, refusals } : checked;
  }

  private async nameTaken(wish: BotWish): Promise<boolean> {
    return (await this.store.standing(wish)).nameTaken;
  }

  async delete({ commandId, userId, botId }: Of<'delete'>): Promise<BotAnswer> {
    const current = this.own(botId, userId);
    if (!current) return (await this.commandAside.delete(commandId, botId, userId)) ?? this.absent(botId, userId);
    const { bot } = current;
    if (bot.observed !== 'stopped' && bot.observed !== 'error') return mustStop(bot, 'deleted');
    if (!this.isFlat(bot)) return mustFlatten(bot);
    return { ok: true, value: await this.fleet.delete(botId, commandId, deleted(bot)) };
  }

  /** What is left is too small to trade: less than the least quantity, or worth too little when a flatten has left it. */
  private isFlat({ totals, reason, config }: Bot): boolean {
    if (totals.held === 0n) return true;
    const instrument = this.directory.knownInstrument(config.instrumentId, config.accountId);
    if (!instrument) return false;
    // Before a flatten it might be sold with what is bought next.
    const quote = reason.code === 'FLATTENED' ? this.market.quote(instrument.id, this.clock.now()) : null;
    return isDust(instrument, totals.held, quote?.askPrice ?? null);
  }

  private own(botId: BotId, userId: UserId): LiveBot | null {
    const current = this.fleet.get(botId);
    return current?.bot.userId === userId ? current : null;
  }

  private absent(botId: BotId, userId: UserId): BotAnswer {
    const aside = this.fleet.aside.get(botId);
    return aside?.bot.userId === userId ? notReady(aside) : notFound(botId);
  }

  private answer(botId: BotId): BotAnswer {
    const current = this.fleet.get(botId);
    return current ? { ok: true, value: current.bot } : notFound(botId);
  }
}

export function eventOf(verb: BotVerb): StrategyEvent {
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

/** What a user asked for, in the log. */
export function asked({ config, reason, userId, id: botId }: Bot): Activity {
  return { level: 'INFO', code: reason.code, text: `${config.name}: ${reason.text}`, userId, botId, data: {} };
}

function edited({ config: before, userId, id: botId }: Bot, config: BotConfig): Activity {
  const names = new Set([...Object.keys(before.parameters), ...Object.keys(config.parameters)]);
  const differs = (name: string) => JSON.stringify(before.parameters[name]) !== JSON.stringify(config.parameters[name]);
  const changed = [...(before.name === config.name ? [] : ['name']), ...[...names].filter(differs)];
  const text = `${config.name} was edited: ${changed.join(', ') || 'nothing changed'}`;
  return { level: 'INFO', code: 'BOT_EDITED', text, userId, botId, data: { changed } };
}

const warnings = (bot: Bot, { configured }: Runnable): readonly Activity[] =>
  configured.warnings.map((warning) => warningOf(bot, warning));

function mustStop(bot: Bot, what: string): BotAnswer {
  const text = `${bot.config.name} is ${bot.observed} and can not be ${what}`;
  const ending = bot.observed === 'stopping' || bot.observed === 'flattening';
  const next = ending ? 'Wait until it has stopped.' : 'Stop it first.';
  return { ok: false, refusals: [refused('BOT_NOT_STOPPED', text, next, { allowed: 'stopped' })] };
}

function mustFlatten(bot: Bot): BotAnswer {
  const text = `${bot.config.name} still holds ${Quantity.format(bot.totals.held)}`;
  return { ok: false, refusals: [refused('BOT_NOT_FLAT', text, 'Flatten it first, or start it again to sell.')] };
}

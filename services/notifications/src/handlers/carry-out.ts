import { type Bus, NoAnswer, newMeta } from '@scalpstorm/bus';
import {
  activityLogged,
  type BotAnswer,
  type BotCommand,
  botQuestion,
  haltSweepQuestion,
  type RiskAnswer,
  riskQuestion,
  type SweepLevel,
  type TradingState,
  type UserStanding,
  userStandingQuestion,
} from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { BotVerb, UserId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import { lines, refusalText } from '../domain/chat-replies.js';
import { refusalLines, warningLines } from '../domain/configure-reply.js';
import { cut } from '../domain/cut.js';
import { commandIdOf, haltedBots, haltVerb, type Intent, intentVerb, type NamedBot } from '../domain/intent.js';
import type { Formatted } from '../domain/markup.js';
import { type BotOutcome, outcomeLines } from '../domain/outcome-reply.js';
import { onlyReduces, refusalFor } from '../domain/standing.js';
import { sweptLines } from '../domain/swept-reply.js';
import type { Confirmation } from '../ports/confirmations.js';
import type { KnownBots } from '../ports/known-bots.js';

const askMs = 5_000;
/** The command id makes a repeat harmless, so a lost answer is asked for again. */
const asksMax = 3;
/** What makes less of what is open does not wait longer to hear who asks. */
const briefMs = 1_500;
/** The gateway answers within five seconds, however much there is to sweep. */
const sweepMs = 8_000;
const sweepsMax = 2;
const atOnceMax = 8;
/** Strategy that answers for none of so many bots in a row is away: the others are not waited for. */
const silentMax = 8;
const textMax = 500;
const lineMax = 200;

/** What an operator's word over everybody does. */
const words = { halted: 'HALTED the whole platform', reducing: 'held the whole platform to REDUCING' } as const;

type HaltIntent = Extract<Intent, { kind: 'halt' }>;
type ConfigureIntent = Extract<Intent, { kind: 'create' | 'edit' | 'delete' }>;
type Command = Pick<Confirmation, 'userId' | 'commandId'>;

/** Asks the services that decide, with the same questions as the gateway asks them. */
export class CarryOut {
  constructor(
    private readonly bus: Bus,
    private readonly bots: KnownBots,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Null: nobody answered. */
  async tradingState(userId: UserId): Promise<{ state: TradingState; text: string } | null> {
    const command = { kind: 'state' as const, commandId: `telegram:${userId}:state`, userId, text: '' };
    const answer = await this.asked(() => this.bus.ask(riskQuestion, command, askMs), 1);
    return answer?.ok === true ? answer.value : null;
  }

  /** Who the user is now, and their accounts; null: nobody answered. */
  standing(userId: UserId): Promise<UserStanding | null> {
    return this.asked(() => this.bus.ask(userStandingQuestion, { userId }, askMs), asksMax);
  }

  /** What was not answered is said to be unknown, because it is. */
  async intent({ intent, ...command }: Confirmation): Promise<Formatted[]> {
    const { userId } = command;
    const standing = onlyReduces(intent)
      ? await this.asked(() => this.bus.ask(userStandingQuestion, { userId }, briefMs), 1)
      : await this.standing(userId);
    const refusal = refusalFor(intent, standing);
    if (refusal !== null) return lines(refusal);
    const said = await this.done(command, intent);
    await this.record(command.userId, intent, said);
    return lines(...said);
  }

  private done(command: Command, intent: Intent): Promise<string[]> {
    switch (intent.kind) {
      case 'halt':
        return this.halt(command, intent);
      case 'release':
        return this.release(command, intent.text);
      case 'bots':
        return this.tellBots(command, intent.verb, intent.bots);
      case 'create':
      case 'edit':
      case 'delete':
        return this.configure(command, intent);
    }
  }

  private async configure({ userId, commandId }: Command, intent: ConfigureIntent): Promise<string[]> {
    const name = intent.kind === 'create' ? intent.config.name : intent.bot.name;
    const command = questionOf(intent, { userId, commandId });
    const answer = await this.askBots(command);
    if (answer === null) {
      return [`${name}: no answer, it is not known whether the ${intent.kind} was carried out. Look at /bots.`];
    }
    if (!answer.ok) {
      return [`${name}: ${intent.kind} was refused; nothing was changed.`, ...refusalLines(answer.refusals)];
    }
    const { id, config, observed } = answer.value;
    const done = {
      create: `${config.name} was created as ${id} and is ${observed}. /start ${config.name} lets it trade.`,
      edit: `${config.name} was edited and is ${observed}.`,
      delete: `${config.name} was deleted.`,
    };
    return [done[intent.kind], ...warningLines(answer.warnings ?? [])];
  }

  /** The halt first, because it is durable before any bot is told. A gate that does not answer keeps no bot from being stopped. */
  private async halt(command: Command, { level, text }: HaltIntent): Promise<string[]> {
    const why = text === '' ? 'halted over Telegram' : text;
    const answer = await this.askGate('halt', command, why);
    if (answer !== null && !answer.ok) return [refusalText(answer.refusals)];
    const state =
      answer === null
        ? 'The risk gate did not answer: it is NOT known whether trading is halted. Ask /status, and halt again.'
        : `Trading is HALTED for all your bots: ${why}. /release ends it.`;
    // One that was asked for by the version before has no level.
    if (level !== 'cancel' && level !== 'flatten') return [state];
    return [state, ...(await this.sweep(command, level))];
  }

  /** The gateway does it for every face. While it is away the bots are told from here: a halt must not need it. */
  private async sweep(command: Command, level: SweepLevel): Promise<string[]> {
    const { userId, commandId } = command;
    const own = this.bots.of(userId);
    const request = { userId, commandId, level };
    const answer = await this.asked(() => this.bus.ask(haltSweepQuestion, request, sweepMs), sweepsMax);
    if (answer !== null) return answer.ok ? sweptLines(level, answer.value, own) : [refusalText(answer.refusals)];
    const named = haltedBots(level, own).map(({ id, config }) => ({ id, name: config.name }));
    return [
      ...(await this.tellBots(command, haltVerb[level], named)),
      `The gateway did not answer: open orders without a bot may be left. Repeat /halt ${level} later.`,
    ];
  }

  private async release(command: Command, text: string): Promise<string[]> {
    const answer = await this.askGate('release', command, text === '' ? 'released over Telegram' : text);
    if (answer === null) return ['The risk gate did not answer: it is not known whether trading goes on. Ask /status.'];
    if (!answer.ok) return [refusalText(answer.refusals)];
    return answer.value.state === 'active'
      ? ['Trading goes on for your bots.']
      : [`Your own halt is released, but an operator has ${words[answer.value.state]}: ${answer.value.text}`];
  }

  private askGate(kind: 'halt' | 'release', { userId, commandId }: Command, text: string): Promise<RiskAnswer | null> {
    return this.asked(() => this.bus.ask(riskQuestion, { kind, commandId, userId, text }, askMs), asksMax);
  }

  private async tellBots(command: Command, verb: BotVerb, bots: readonly NamedBot[]): Promise<string[]> {
    const outcomes: BotOutcome[] = [];
    let silent = 0;
    for (let from = 0; from < bots.length; from += atOnceMax) {
      const group = bots.slice(from, from + atOnceMax);
      if (silent >= silentMax) {
        outcomes.push(...group.map((bot) => ({ bot, observed: null, says: 'was not asked, strategy is away' })));
        continue;
      }
      const told = await Promise.all(group.map((bot) => this.tellBot(command, verb, bot)));
      silent = told.every(({ isSilent }) => isSilent) ? silent + told.length : 0;
      outcomes.push(...told);
    }
    return outcomeLines(outcomes);
  }

  private async tellBot(
    { userId, commandId }: Command,
    verb: BotVerb,
    bot: NamedBot,
  ): Promise<BotOutcome & { readonly isSilent: boolean }> {
    const command = { kind: 'verb' as const, commandId: commandIdOf(commandId, bot.id), userId, botId: bot.id, verb };
    const answer = await this.askBots(command);
    if (answer === null) {
      const says = `no answer, it is not known whether it will ${verb}. Look at /bots.`;
      return { bot, observed: null, says, isSilent: true };
    }
    return answer.ok
      ? { bot, observed: answer.value.observed, says: '', isSilent: false }
      : { bot, observed: null, says: refusalText(answer.refusals), isSilent: false };
  }

  /** Each question says until when it may be carried out: what nobody waits for any more must not happen later. */
  private askBots(command: BotCommand): Promise<BotAnswer | null> {
    return this.asked(() => {
      const until = Timestamp.fromMicros(this.clock.now() + askMs * millisecond);
      return this.bus.ask(botQuestion, { ...command, until }, askMs);
    }, asksMax);
  }

  private async asked<T>(ask: () => Promise<T>, asks: number): Promise<T | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (attempt >= asks) return null;
      }
    }
  }

  /** What was done over Telegram stands in the activity log; that it could not be written there undoes nothing. */
  private async record(userId: UserId, intent: Intent, said: readonly string[]): Promise<void> {
    const bots = intent.kind === 'bots' ? intent.bots : 'bot' in intent ? [intent.bot] : [];
    const named = intent.kind === 'create' ? [intent.config] : bots;
    const names = named.map(({ name }) => ` ${name}`).join(',');
    const [only, ...others] = bots;
    const botId = only === undefined || others.length > 0 ? null : only.id;
    const text = cut(`Over Telegram: ${intentVerb(intent)}${names}`, textMax, '…');
    const data = { said: said.slice(0, 20).map((line) => cut(line, lineMax, '…')) };
    const activity = { level: 'TELEGRAM' as const, code: 'TELEGRAM_COMMAND', text, userId, botId, data };
    try {
      await this.bus.send(activityLogged, { meta: newMeta(this.clock, null), activity });
    } catch (error) {
      this.log.warn({ error }, 'a command over Telegram could not be written into the activity log');
    }
  }
}

/** As the gateway asks; the parameters of an edit are merged where the bot lives. */
function questionOf(intent: ConfigureIntent, command: Command): BotCommand {
  if (intent.kind === 'create') return { kind: 'create', ...command, config: intent.config };
  const { id: botId } = intent.bot;
  if (intent.kind === 'delete') return { kind: 'delete', ...command, botId };
  const { name, parameters, version: expectedVersion } = intent;
  return { kind: 'edit', ...command, botId, name, parameters, merge: true, expectedVersion };
}

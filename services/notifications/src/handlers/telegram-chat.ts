import { nearest, second, Timestamp } from '@scalpstorm/kernel';
import type { BotVerb } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import { type ChatCommand, chatCommands, isChatCommand, parseChatCommand } from '../domain/chat-command.js';
import { botsReply, helpReply, lines, profitReply, statusReply } from '../domain/chat-replies.js';
import { botNamed, choose, chooseOne } from '../domain/choose-bots.js';
import { createIntent, editIntent, wordsOf } from '../domain/configure-bot.js';
import { confirmReply } from '../domain/confirm-reply.js';
import { haltIntent, type Intent, intentVerb, neededRole } from '../domain/intent.js';
import { type Formatted, telegramParts } from '../domain/markup.js';
import type { UserProfile } from '../domain/profile.js';
import { isCode, normalCode } from '../domain/typed.js';
import { type Buttons, ChatFailed, type ChatService, type ChatUpdate } from '../ports/chat-service.js';
import type { Codes } from '../ports/codes.js';
import type { Confirmations } from '../ports/confirmations.js';
import type { KnownBots } from '../ports/known-bots.js';
import type { Profiles } from '../ports/profiles.js';
import type { AskThrottle } from './ask-throttle.js';
import type { CarryOut } from './carry-out.js';
import type { UnlinkChat } from './unlink-chat.js';

export interface ChatParts {
  readonly chats: ChatService;
  readonly codes: Codes;
  readonly profiles: Profiles;
  readonly bots: KnownBots;
  readonly confirmations: Confirmations;
  readonly carryOut: CarryOut;
  readonly ending: UnlinkChat;
  readonly throttle: AskThrottle;
  readonly clock: WallClock;
  readonly log: Log;
}

const confirmLife = 60 * second;
const confirmPrefix = 'y:';
const cancelPrefix = 'n:';

type Wrote = Extract<ChatUpdate, { kind: 'wrote' }>;
type Pressed = Extract<ChatUpdate, { kind: 'pressed' }>;

/** What people write to the bot, and what they are answered. */
export class TelegramChat {
  constructor(private readonly parts: ChatParts) {}

  /** Never rejects: an update that cannot be handled is said and passed, so that it holds up no other and is not answered again. */
  async take(update: ChatUpdate): Promise<void> {
    const { log } = this.parts;
    try {
      if (update.kind === 'wrote') await this.written(update);
      else await this.pressed(update);
    } catch (error) {
      // An answer that Telegram does not take is lost for this chat; what was done is told by the notices and the activity log.
      if (error instanceof ChatFailed) return log.info({ reason: error.message }, 'a chat could not be answered');
      log.error({ updateId: update.updateId, error }, 'an update of Telegram could not be handled; it is passed');
      await this.sayUnhandled(update).catch((failure: unknown) => {
        log.warn({ updateId: update.updateId, error: failure }, 'a chat could not be told so');
      });
    }
  }

  /** To whom we answer at all. */
  private async sayUnhandled(update: ChatUpdate): Promise<void> {
    if (update.kind === 'pressed') return this.parts.chats.answerButton(update.buttonId, unhandledText);
    if (this.parts.profiles.linkedTo(update.chatId, update.telegramUserId) !== null) {
      await this.say(update, lines(unhandledText));
    }
  }

  /** A command counts only from the very person who linked that very chat. */
  private async written(wrote: Wrote): Promise<void> {
    const command = parseChatCommand(wrote.text);
    if (command === null) return;
    const profile = this.parts.profiles.linkedTo(wrote.chatId, wrote.telegramUserId);
    if (command.name === 'link' || (command.name === 'start' && this.isForLink(profile, command.argument))) {
      return this.link(wrote, command.argument);
    }
    if (profile === null) return this.stranger(wrote);
    if (!isChatCommand(command.name)) return this.say(wrote, unknownReply(command.name));
    return this.answer(wrote, profile, command);
  }

  /** Telegram's own link sends `/start CODE`; in a linked chat `/start BOT` starts a bot, and a bot of that name comes first. */
  private isForLink(profile: UserProfile | null, argument: string): boolean {
    if (argument === '') return false;
    if (profile === null) return true;
    return isCode(argument) && botNamed(argument, this.parts.bots.of(profile.userId)) === undefined;
  }

  /** In a group nothing, so that nobody makes us talk there; alone the way to a link, now and then. */
  private async stranger(wrote: Wrote): Promise<void> {
    const { throttle, clock } = this.parts;
    const isPrivate = wrote.chatId === wrote.telegramUserId;
    if (isPrivate && throttle.allows(`stranger:${wrote.chatId}`, clock.now()))
      await this.say(wrote, lines(strangerText));
  }

  private async answer(wrote: Wrote, profile: UserProfile, command: ChatCommand): Promise<void> {
    const bots = this.parts.bots.of(profile.userId);
    switch (command.name) {
      case 'status':
        return this.say(wrote, statusReply(bots, await this.parts.carryOut.tradingState(profile.userId)));
      case 'bots':
        return this.say(wrote, botsReply(bots));
      case 'profit':
        return this.say(wrote, profitReply(bots));
      case 'unlink':
        return this.unlink(wrote, profile);
      case 'start':
        // Telegram's button to begin a chat sends it bare.
        if (command.argument === '') return this.say(wrote, helpReply());
        return this.command(wrote, profile, 'start', command.argument);
      case 'startbot':
        return this.command(wrote, profile, 'start', command.argument);
      case 'pause':
      case 'resume':
      case 'stop':
      case 'flatten':
        return this.command(wrote, profile, command.name, command.argument);
      case 'create':
      case 'edit':
      case 'delete':
        return this.configure(wrote, profile, command.name, command.argument);
      case 'halt':
        return this.confirm(wrote, profile, haltIntent(command.argument));
      case 'release':
        return this.confirm(wrote, profile, { kind: 'release', text: command.argument });
      default:
        return this.say(wrote, helpReply());
    }
  }

  private async command(wrote: Wrote, profile: UserProfile, verb: BotVerb, argument: string): Promise<void> {
    return this.confirmOrSay(wrote, profile, choose(verb, argument, this.parts.bots.of(profile.userId)));
  }

  private async configure(
    wrote: Wrote,
    profile: UserProfile,
    ...[verb, argument]: ['create' | 'edit' | 'delete', string]
  ): Promise<void> {
    if (profile.role === 'viewer') return this.onlyLooks(wrote);
    const bots = this.parts.bots.of(profile.userId);
    if (verb === 'create') {
      const standing = await this.parts.carryOut.standing(profile.userId);
      if (standing === null) return this.say(wrote, lines(noAccountsText));
      return this.confirmOrSay(wrote, profile, createIntent(argument, standing.accounts, bots));
    }
    const [typed = '', ...words] = verb === 'edit' ? wordsOf(argument) : [argument];
    const bot = chooseOne(verb, typed, bots);
    if (!('config' in bot)) return this.say(wrote, bot);
    const named = { id: bot.id, name: bot.config.name };
    const chosen = verb === 'edit' ? editIntent(bot, words) : { intent: { kind: verb, bot: named } };
    return this.confirmOrSay(wrote, profile, chosen);
  }

  private confirmOrSay(
    wrote: Wrote,
    profile: UserProfile,
    chosen: { readonly intent: Intent } | { readonly says: Formatted[] },
  ): Promise<void> {
    return 'says' in chosen ? this.say(wrote, chosen.says) : this.confirm(wrote, profile, chosen.intent);
  }

  private onlyLooks(wrote: Wrote): Promise<void> {
    return this.say(wrote, lines(`Your role may look and not act; this needs the role ${neededRole}.`));
  }

  private async link(wrote: Wrote, argument: string): Promise<void> {
    const { throttle, profiles, clock, codes } = this.parts;
    const { chatId, telegramUserId, label } = wrote;
    if (argument === '') return this.stranger(wrote);
    // Codes are fifty bits; five guesses in ten minutes for one account of Telegram lead nowhere.
    if (!throttle.allows(`link:${telegramUserId}`, clock.now())) {
      return this.say(wrote, lines('Too many codes were tried. Wait ten minutes.'));
    }
    const hash = codes.hash(normalCode(argument), 'telegram-link');
    const linkId = codes.token();
    const linked = await profiles.link({ codeHash: hash, linkId, chatId, telegramUserId, label }, clock.now());
    if (linked === null) {
      const again = profiles.linkedTo(chatId, telegramUserId) === null ? '' : ' This chat is linked already.';
      return this.say(
        wrote,
        lines(`This code does not work: it is wrong, was used, or is older than ten minutes.${again}`),
      );
    }
    return this.say(wrote, [...lines('This chat is linked. You are told here from now on.'), ...helpReply()]);
  }

  private async unlink(wrote: Wrote, { userId, links }: UserProfile): Promise<void> {
    for (const { id, chatId, telegramUserId } of links) {
      if (chatId === wrote.chatId && telegramUserId === wrote.telegramUserId)
        await this.parts.ending.unlink(userId, id);
    }
    return this.say(wrote, lines('This chat is not linked any more.'));
  }

  /** Nothing happens before the button is pressed: by this person, in this chat, within a minute, once. */
  private async confirm(wrote: Wrote, profile: UserProfile, intent: Intent): Promise<void> {
    if (profile.role === 'viewer') return this.onlyLooks(wrote);
    const { confirmations, clock, bots, codes } = this.parts;
    const { chatId, telegramUserId, updateId } = wrote;
    const token = codes.token();
    const expiresAt = Timestamp.plus(clock.now(), confirmLife);
    const commandId = `telegram:${chatId}:${updateId}`;
    const { userId } = profile;
    await confirmations.ask(codes.hash(token, 'confirm'), {
      userId,
      chatId,
      telegramUserId,
      commandId,
      intent,
      expiresAt,
    });
    await this.say(wrote, confirmReply(intent, bots.of(userId)), [
      { text: `Yes, ${intentVerb(intent)}`, data: `${confirmPrefix}${token}` },
      { text: 'No', data: `${cancelPrefix}${token}` },
    ]);
  }

  private async pressed(pressed: Pressed): Promise<void> {
    const { chats, codes, confirmations, clock, profiles, carryOut } = this.parts;
    const { buttonId, data, chatId, telegramUserId } = pressed;
    const agreed = data.startsWith(confirmPrefix);
    if (!agreed && !data.startsWith(cancelPrefix)) return chats.answerButton(buttonId, '');
    const hash = codes.hash(data.slice(confirmPrefix.length), 'confirm');
    const taken = await confirmations.take(hash, chatId, telegramUserId, clock.now());
    const profile = profiles.linkedTo(chatId, telegramUserId);
    if (taken === null || profile === null || profile.userId !== taken.userId) {
      return chats.answerButton(buttonId, 'This button is not yours, was used, or is older than a minute. Ask again.');
    }
    if (!agreed) return this.close(pressed, lines('Nothing was changed.'));
    if (profile.role === 'viewer') return chats.answerButton(buttonId, `This needs the role ${neededRole}.`);
    return this.close(pressed, await carryOut.intent(taken));
  }

  /** The answer stands in place of the question, whose buttons are gone with it. */
  private async close({ buttonId, chatId, messageId }: Pressed, said: readonly Formatted[]): Promise<void> {
    const { chats } = this.parts;
    const [first = '', ...rest] = telegramParts(said);
    // The button may have stopped waiting meanwhile; what was done is said anyway.
    await chats.answerButton(buttonId, '').catch((error: unknown) => this.unsaid(error));
    await chats.edit(chatId, messageId, first);
    for (const part of rest) await chats.send(chatId, part);
  }

  private unsaid(error: unknown): void {
    if (!(error instanceof ChatFailed)) throw error;
    this.parts.log.info({ reason: error.message }, 'a button could not be answered');
  }

  private async say({ chatId }: Wrote, said: readonly Formatted[], buttons: Buttons = []): Promise<void> {
    const parts = telegramParts(said);
    for (const [index, part] of parts.entries()) {
      await this.parts.chats.send(chatId, part, index === parts.length - 1 ? buttons : []);
    }
  }
}

const unhandledText = 'This could not be handled. Look at /status before you try again.';

const noAccountsText = 'The gateway did not answer which accounts you have: nothing was created. Try again.';

const strangerText =
  'This chat is not linked. Open Notifications in your dashboard, press "Link Telegram", and send /link with the code here.';

const names = chatCommands.map(({ name }) => name);

function unknownReply(name: string): Formatted[] {
  const meant = nearest(name, names);
  return lines(
    `There is no command /${name}.${meant === null ? '' : ` Did you mean /${meant}?`} /help lists them all.`,
  );
}

import { randomBytes } from 'node:crypto';
import { second, Timestamp } from '@scalpstorm/kernel';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { CallbackQuery, Message, Update } from 'grammy/types';
import { type TelegramApi, TelegramFailed } from '../adapters/telegram-api.js';
import { type ChatCommand, chatCommands, isChatCommand, nearest, parseChatCommand } from '../domain/chat-command.js';
import { botsReply, confirmReply, helpReply, lines, profitReply, statusReply } from '../domain/chat-replies.js';
import { choose } from '../domain/choose-bots.js';
import { codeHash, normalCode } from '../domain/codes.js';
import { type Intent, neededRole } from '../domain/intent.js';
import { type Formatted, telegramParts } from '../domain/markup.js';
import type { UserProfile } from '../domain/profile.js';
import type { Confirmations } from '../ports/confirmations.js';
import type { KnownBots } from '../ports/known-bots.js';
import type { Profiles } from '../ports/profiles.js';
import type { AskThrottle } from './ask-throttle.js';
import type { CarryOut } from './carry-out.js';

export interface ChatParts {
  readonly api: TelegramApi;
  readonly profiles: Profiles;
  readonly bots: KnownBots;
  readonly confirmations: Confirmations;
  readonly carryOut: CarryOut;
  readonly throttle: AskThrottle;
  readonly clock: WallClock;
  readonly log: Log;
}

const confirmLife = 60 * second;
const labelMax = 64;
const confirmPrefix = 'y:';
const cancelPrefix = 'n:';

/** Somebody in a chat: a command counts only from the very person who linked that very chat. */
interface Asking {
  readonly chatId: number;
  readonly telegramUserId: number;
  readonly updateId: number;
}

/** What people write to the bot, and what they are answered. */
export class TelegramChat {
  constructor(private readonly parts: ChatParts) {}

  async take(update: Update): Promise<void> {
    try {
      if (update.message?.text !== undefined) await this.written(update.message, update.message.text, update.update_id);
      else if (update.callback_query !== undefined) await this.pressed(update.callback_query);
    } catch (error) {
      // An answer that Telegram does not take is lost for this chat, not for the others; an outage is the poller's business.
      if (!(error instanceof TelegramFailed) || error.attempt.kind === 'outage') throw error;
      this.parts.log.info({ reason: error.message }, 'a chat could not be answered');
    }
  }

  private async written(message: Message, text: string, updateId: number): Promise<void> {
    const command = parseChatCommand(text);
    if (command === null || message.from === undefined || message.from.is_bot) return;
    const asking = { chatId: message.chat.id, telegramUserId: message.from.id, updateId };
    const profile = this.parts.profiles.linkedTo(asking.chatId, asking.telegramUserId);
    if (command.name === 'link' || (command.name === 'start' && command.argument !== '')) {
      return this.link(asking, command, labelOf(message));
    }
    if (profile === null) return this.say(asking, lines(strangerText));
    if (!isChatCommand(command.name)) return this.say(asking, unknownReply(command.name));
    return this.answer(asking, profile, { ...command, name: command.name });
  }

  private async answer(asking: Asking, profile: UserProfile, command: ChatCommand): Promise<void> {
    const bots = this.parts.bots.of(profile.userId);
    switch (command.name) {
      case 'status':
        return this.say(asking, statusReply(bots, await this.parts.carryOut.tradingState(profile.userId)));
      case 'bots':
        return this.say(asking, botsReply(bots));
      case 'profit':
        return this.say(asking, profitReply(bots));
      case 'unlink':
        return this.unlink(asking, profile);
      case 'pause':
      case 'resume':
      case 'stop': {
        const chosen = choose(command.name, command.argument, bots);
        return 'says' in chosen ? this.say(asking, chosen.says) : this.confirm(asking, profile, chosen.intent);
      }
      case 'halt':
        return this.confirm(asking, profile, { kind: 'halt', text: command.argument });
      default:
        return this.say(asking, helpReply());
    }
  }

  private async link(asking: Asking, { argument }: ChatCommand, label: string): Promise<void> {
    const { throttle, profiles, clock } = this.parts;
    const { chatId, telegramUserId } = asking;
    if (argument === '') return this.say(asking, lines(strangerText));
    // Codes are fifty bits; five guesses in ten minutes for one account of Telegram lead nowhere.
    if (!throttle.allows(`link:${telegramUserId}`, clock.now())) {
      return this.say(asking, lines('Too many codes were tried. Wait ten minutes.'));
    }
    const hash = codeHash(normalCode(argument), 'telegram-link');
    const linkId = randomBytes(9).toString('base64url');
    const linked = await profiles.link({ codeHash: hash, linkId, chatId, telegramUserId, label }, clock.now());
    if (linked === null) {
      const again = profiles.linkedTo(chatId, telegramUserId) === null ? '' : ' This chat is linked already.';
      return this.say(
        asking,
        lines(`This code does not work: it is wrong, was used, or is older than ten minutes.${again}`),
      );
    }
    return this.say(asking, [...lines('This chat is linked. You are told here from now on.'), ...helpReply()]);
  }

  private async unlink(asking: Asking, { userId, links }: UserProfile): Promise<void> {
    for (const { id, chatId, telegramUserId } of links) {
      if (chatId === asking.chatId && telegramUserId === asking.telegramUserId)
        await this.parts.profiles.unlink(userId, id);
    }
    return this.say(asking, lines('This chat is not linked any more.'));
  }

  /** Nothing happens before the button is pressed: by this person, in this chat, within a minute, once. */
  private async confirm(asking: Asking, profile: UserProfile, intent: Intent): Promise<void> {
    if (profile.role === 'viewer') {
      return this.say(asking, lines(`Your role may look and not act; this needs the role ${neededRole}.`));
    }
    const { confirmations, clock, bots } = this.parts;
    const { chatId, telegramUserId, updateId } = asking;
    const token = randomBytes(18).toString('base64url');
    const expiresAt = Timestamp.plus(clock.now(), confirmLife);
    const commandId = `telegram:${chatId}:${updateId}`;
    const { userId } = profile;
    await confirmations.ask(codeHash(token, 'confirm'), {
      userId,
      chatId,
      telegramUserId,
      commandId,
      intent,
      expiresAt,
    });
    const verb = intent.kind === 'halt' ? 'halt' : intent.verb;
    await this.say(asking, confirmReply(intent, bots.of(userId)), [
      { text: `Yes, ${verb}`, data: `${confirmPrefix}${token}` },
      { text: 'No', data: `${cancelPrefix}${token}` },
    ]);
  }

  private async pressed({ id, data = '', from, message }: CallbackQuery): Promise<void> {
    const { api, confirmations, clock, profiles, carryOut } = this.parts;
    const agreed = data.startsWith(confirmPrefix);
    if (message === undefined || (!agreed && !data.startsWith(cancelPrefix))) return api.answerButton(id, '');
    const chatId = message.chat.id;
    const taken = await confirmations.take(
      codeHash(data.slice(confirmPrefix.length), 'confirm'),
      chatId,
      from.id,
      clock.now(),
    );
    const profile = profiles.linkedTo(chatId, from.id);
    if (taken === null || profile === null || profile.userId !== taken.userId) {
      return api.answerButton(id, 'This button is not yours, was used, or is older than a minute. Ask again.');
    }
    if (!agreed) return this.close(id, { chatId, messageId: message.message_id, said: lines('Nothing was changed.') });
    if (profile.role === 'viewer') return api.answerButton(id, `This needs the role ${neededRole}.`);
    const said = await carryOut.intent(taken);
    await this.close(id, { chatId, messageId: message.message_id, said });
  }

  /** The answer stands in place of the question, whose buttons are gone with it. */
  private async close(
    id: string,
    { chatId, messageId, said }: { chatId: number; messageId: number; said: readonly Formatted[] },
  ): Promise<void> {
    const [first = '', ...rest] = telegramParts(said);
    await this.parts.api.answerButton(id, '');
    await this.parts.api.edit(chatId, messageId, first);
    for (const part of rest) await this.parts.api.send(chatId, part);
  }

  private async say(
    { chatId }: Asking,
    said: readonly Formatted[],
    buttons: Parameters<TelegramApi['send']>[2] = [],
  ): Promise<void> {
    const parts = telegramParts(said);
    for (const [index, part] of parts.entries()) {
      await this.parts.api.send(chatId, part, index === parts.length - 1 ? buttons : []);
    }
  }
}

const strangerText =
  'This chat is not linked. Open Notifications in your dashboard, press "Link Telegram", and send /link with the code here.';

const names = chatCommands.map(({ name }) => name);

function unknownReply(name: string): Formatted[] {
  const meant = nearest(name, names);
  return lines(
    `There is no command /${name}.${meant === null ? '' : ` Did you mean /${meant}?`} /help lists them all.`,
  );
}

function labelOf({ chat, from }: Message): string {
  const person = from?.username === undefined ? (from?.first_name ?? '') : `@${from.username}`;
  return (chat.type === 'private' ? person : `${chat.title ?? 'group'}: ${person}`).slice(0, labelMax);
}

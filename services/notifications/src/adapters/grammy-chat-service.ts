import type { Api } from 'grammy';
import type { InlineKeyboardButton, Message, Update } from 'grammy/types';
import { cut } from '../domain/cut.js';
import type { Attempt } from '../ports/channel.js';
import { type Buttons, ChatFailed, ChatService, type ChatUpdate, type ChatUpdates } from '../ports/chat-service.js';

const answerSeconds = 15;
const updatesMax = 50;
const labelMax = 64;
const throttleMsMax = 600_000;

/** The Bot API over grammY, which is loaded with the first call. */
export class GrammyChatService extends ChatService {
  private api: Promise<{ api: Api; failureOf: (error: unknown, method: string) => ChatFailed }> | null = null;

  constructor(private readonly settings: { readonly token: string; readonly apiRoot: string }) {
    super();
  }

  async name(): Promise<string> {
    const { username } = await this.call('getMe', (api) => api.getMe(timeLimit()));
    return username ?? '';
  }

  async updates(from: number, waitSeconds: number, signal: AbortSignal): Promise<ChatUpdates> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout((waitSeconds + answerSeconds) * 1_000)]);
    const allowed_updates = ['message', 'callback_query'] as const;
    const options = { offset: from, timeout: waitSeconds, limit: updatesMax, allowed_updates };
    const updates = await this.call('getUpdates', (api) => api.getUpdates(options, limit as never));
    const last = updates.at(-1);
    return { updates: updates.flatMap(chatUpdates), next: last === undefined ? from : last.update_id + 1 };
  }

  async send(chatId: number, html: string, buttons: Buttons = []): Promise<void> {
    const reply_markup = buttons.length === 0 ? undefined : { inline_keyboard: [keyboardOf(buttons)] };
    const options = { parse_mode: 'HTML' as const, link_preview_options: { is_disabled: true }, reply_markup };
    await this.call('sendMessage', (api) => api.sendMessage(chatId, html, options, timeLimit()));
  }

  /** Takes the buttons away with it. */
  async edit(chatId: number, messageId: number, html: string): Promise<void> {
    const options = { parse_mode: 'HTML' as const };
    await this.call('editMessageText', (api) => api.editMessageText(chatId, messageId, html, options, timeLimit()));
  }

  async answerButton(id: string, text: string): Promise<void> {
    await this.call('answerCallbackQuery', (api) => api.answerCallbackQuery(id, { text }, timeLimit()));
  }

  private async call<T>(method: string, work: (api: Api) => Promise<T>): Promise<T> {
    this.api ??= this.open();
    const { api, failureOf } = await this.api;
    try {
      return await work(api);
    } catch (error) {
      throw failureOf(error, method);
    }
  }

  private async open() {
    const { Api: Client, GrammyError } = await import('grammy');
    const { token, apiRoot } = this.settings;
    const api = new Client(token, { apiRoot: apiRoot.replace(/\/+$/, ''), timeoutSeconds: 60 });
    const failureOf = (error: unknown, method: string) =>
      new ChatFailed(error instanceof GrammyError ? attemptOf(error) : unreachableApi(error), method);
    return { api, failureOf };
  }
}

/** Texts that people wrote and buttons that they pressed; everything else of Telegram is of no interest. */
function chatUpdates({ update_id, message, callback_query: pressed }: Update): ChatUpdate[] {
  if (message?.text !== undefined && message.from !== undefined && !message.from.is_bot) {
    const who = { updateId: update_id, chatId: message.chat.id, telegramUserId: message.from.id };
    return [{ kind: 'wrote', ...who, text: message.text, label: labelOf(message) }];
  }
  if (pressed?.message === undefined) return [];
  const { chat, message_id } = pressed.message;
  const who = { updateId: update_id, chatId: chat.id, telegramUserId: pressed.from.id };
  return [{ kind: 'pressed', ...who, buttonId: pressed.id, data: pressed.data ?? '', messageId: message_id }];
}

function labelOf({ chat, from }: Message): string {
  const person = from?.username === undefined ? (from?.first_name ?? '') : `@${from.username}`;
  return cut(chat.type === 'private' ? person : `${chat.title ?? 'group'}: ${person}`, labelMax);
}

const timeLimit = () => AbortSignal.timeout(answerSeconds * 1_000) as never;

const keyboardOf = (buttons: Buttons): InlineKeyboardButton[] =>
  buttons.map(({ text, data }) => ({ text, callback_data: data }));

interface ApiRefusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters: { readonly retry_after?: number };
}

const chatIsGone = /chat not found|group chat was (deleted|upgraded)|PEER_ID_INVALID|user is deactivated/i;

/** What Telegram's error codes mean for a message. Its descriptions hold no secret. */
function attemptOf({ error_code, description, parameters }: ApiRefusal): Exclude<Attempt, { kind: 'delivered' }> {
  if (error_code === 429) {
    return { kind: 'throttled', waitMs: Math.min((parameters.retry_after ?? 1) * 1_000, throttleMsMax) };
  }
  const text = `Telegram answered ${error_code}: ${cut(description, 200)}`;
  // 401 and 404 concern the token, and with it everybody.
  if (error_code >= 500 || error_code === 401 || error_code === 404 || error_code === 409)
    return { kind: 'outage', text };
  return { kind: 'refused', text, gone: error_code === 403 || chatIsGone.test(description) };
}

function unreachableApi(error: unknown): Exclude<Attempt, { kind: 'delivered' }> {
  const inner = (error as { error?: { code?: unknown; type?: unknown } }).error;
  const code =
    typeof inner?.code === 'string' ? inner.code : typeof inner?.type === 'string' ? inner.type : 'no answer';
  return { kind: 'outage', text: `Telegram cannot be reached: ${code}` };
}

import type { Api } from 'grammy';
import type { InlineKeyboardButton, Update, User } from 'grammy/types';
import type { Attempt } from '../ports/channel.js';

export type Buttons = readonly { readonly text: string; readonly data: string }[];

const answerSeconds = 15;
const throttleMsMax = 600_000;

/** A failure that carries nothing of the request: its URL holds the token. */
export class TelegramFailed extends Error {
  override readonly name = 'TelegramFailed';

  constructor(
    readonly attempt: Exclude<Attempt, { kind: 'delivered' }>,
    method: string,
  ) {
    super(`${method}: ${attempt.kind === 'throttled' ? `wait ${attempt.waitMs} ms` : attempt.text}`);
  }
}

/** The Bot API over grammY, which is loaded with the first call. Every failure is a {@link TelegramFailed}. */
export class TelegramApi {
  private api: Promise<{ api: Api; failureOf: (error: unknown, method: string) => TelegramFailed }> | null = null;

  constructor(private readonly settings: { readonly token: string; readonly apiRoot: string }) {}

  me(): Promise<User> {
    return this.call('getMe', (api) => api.getMe());
  }

  updates(offset: number, waitSeconds: number, signal: AbortSignal): Promise<Update[]> {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout((waitSeconds + answerSeconds) * 1_000)]);
    const options = {
      offset,
      timeout: waitSeconds,
      limit: 50,
      allowed_updates: ['message', 'callback_query'] as const,
    };
    return this.call('getUpdates', (api) => api.getUpdates(options, timeout as never));
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
      new TelegramFailed(error instanceof GrammyError ? attemptOf(error) : unreachableApi(error), method);
    return { api, failureOf };
  }
}

const timeLimit = () => AbortSignal.timeout(answerSeconds * 1_000) as never;

const keyboardOf = (buttons: Buttons): InlineKeyboardButton[] =>
  buttons.map(({ text, data }) => ({ text, callback_data: data }));

interface ApiRefusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters: { readonly retry_after?: number };
}

/** What Telegram's error codes mean for a message. Its descriptions hold no secret. */
function attemptOf({ error_code, description, parameters }: ApiRefusal): Exclude<Attempt, { kind: 'delivered' }> {
  if (error_code === 429) {
    return { kind: 'throttled', waitMs: Math.min((parameters.retry_after ?? 1) * 1_000, throttleMsMax) };
  }
  const text = `Telegram answered ${error_code}: ${description.slice(0, 200)}`;
  // 401 and 404 concern the token, and with it everybody.
  if (error_code >= 500 || error_code === 401 || error_code === 404 || error_code === 409)
    return { kind: 'outage', text };
  return { kind: 'refused', text };
}

function unreachableApi(error: unknown): Exclude<Attempt, { kind: 'delivered' }> {
  const inner = (error as { error?: { code?: unknown; type?: unknown } }).error;
  const code =
    typeof inner?.code === 'string' ? inner.code : typeof inner?.type === 'string' ? inner.type : 'no answer';
  return { kind: 'outage', text: `Telegram cannot be reached: ${code}` };
}

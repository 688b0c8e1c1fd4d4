import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface SentMessage {
  readonly messageId: number;
  readonly chatId: number;
  readonly text: string;
  readonly buttons: readonly { readonly text: string; readonly callback_data: string }[];
}
interface Fault {
  readonly status: number;
  readonly description: string;
  readonly retryAfter?: number;
}

type Fields = Record<string, unknown>;

const textMax = 4_096;
const tags = /<\/?b>/g;

/** Speaks Telegram's Bot API as far as we use it, and refuses what Telegram would refuse. */
export class BotApiServer {
  readonly sent: SentMessage[] = [];
  readonly edits: { readonly messageId: number; readonly text: string }[] = [];
  readonly answers: string[] = [];
  readonly requests: string[] = [];
  readonly blocked = new Set<number>();
  private readonly updates: Fields[] = [];
  private readonly faults = new Map<string, Fault[]>();
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private isAway = false;
  private nextUpdate = 100;
  private nextMessage = 1;
  private readonly polls = new Set<() => void>();

  constructor(readonly token: string) {}

  get root(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Until it comes back, every connection is cut; the port stays ours. */
  leave(): void {
    this.isAway = true;
    this.wake();
    for (const socket of this.sockets) socket.destroy();
  }

  comeBack(): void {
    this.isAway = false;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => void this.take(request, response));
    server.on('connection', (socket) => {
      if (this.isAway) return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    this.wake();
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  failNext(method: string, fault: Fault): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), fault]);
  }

  /** Somebody writes; returns the update, so that a test can have it come twice. */
  write(text: string, { chatId = 7, userId = 7 }: { chatId?: number; userId?: number } = {}): Fields {
    const chat = { id: chatId, type: chatId < 0 ? 'group' : 'private', title: 'Group', first_name: 'Ann' };
    const from = { id: userId, is_bot: false, first_name: 'Ann', username: `user${userId}` };
    const message = { message_id: this.nextMessage++, date: 1, chat, from, text };
    return this.bring({ update_id: this.nextUpdate++, message });
  }

  press(data: string, message: SentMessage, userId: number = 7): Fields {
    const chat = { id: message.chatId, type: 'private', first_name: 'Ann' };
    const from = { id: userId, is_bot: false, first_name: 'Ann' };
    const pressed = { message_id: message.messageId, date: 1, chat, text: message.text };
    return this.bring({
      update_id: this.nextUpdate++,
      callback_query: { id: `q${this.nextUpdate}`, from, chat_instance: '1', data, message: pressed },
    });
  }

  /** Telegram repeats what was not confirmed. */
  bring(update: Fields): Fields {
    this.updates.push(update);
    this.wake();
    return update;
  }

  private wake(): void {
    for (const end of [...this.polls]) end();
  }

  textsTo(chatId: number): string[] {
    return this.sent.filter((message) => message.chatId === chatId).map(({ text }) => text);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString() || '{}') as Fields);
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    this.requests.push(method);
    const fault =
      token === this.token ? this.faults.get(method)?.shift() : { status: 401, description: 'Unauthorized' };
    if (fault !== undefined) return refuse(response, fault);
    const result = await this.answer(method, body);
    if ('status' in result) return refuse(response, result as unknown as Fault);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, ...result }));
  }

  private async answer(method: string, body: Fields): Promise<Fields> {
    switch (method) {
      case 'getMe':
        return { result: { id: 1, is_bot: true, first_name: 'Bot', username: 'scalpstorm_test_bot' } };
      case 'getUpdates':
        return { result: await this.poll(Number(body['offset'] ?? 0), Number(body['timeout'] ?? 0)) };
      case 'sendMessage':
        return this.send(body);
      case 'editMessageText':
        this.edits.push({ messageId: Number(body['message_id']), text: String(body['text']) });
        return faultOfText(String(body['text'])) ?? { result: { message_id: body['message_id'] } };
      case 'answerCallbackQuery':
        this.answers.push(String(body['text'] ?? ''));
        return { result: true };
      default:
        return { status: 404, description: 'Not Found' };
    }
  }

  private send(body: Fields): Fields {
    const chatId = Number(body['chat_id']);
    const text = String(body['text']);
    if (this.blocked.has(chatId)) return { status: 403, description: 'Forbidden: bot was blocked by the user' };
    const fault = faultOfText(text);
    if (fault !== null) return fault;
    const markup = body['reply_markup'] as { inline_keyboard?: SentMessage['buttons'][] } | undefined;
    const messageId = this.nextMessage++;
    this.sent.push({ messageId, chatId, text, buttons: markup?.inline_keyboard?.flat() ?? [] });
    return { result: { message_id: messageId, date: 1, chat: { id: chatId, type: 'private' }, text } };
  }

  private async poll(offset: number, seconds: number): Promise<Fields[]> {
    const due = () => this.updates.filter((update) => Number(update['update_id']) >= offset);
    if (due().length === 0 && seconds > 0) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          this.polls.delete(end);
          resolve();
        };
        const timer = setTimeout(end, seconds * 1_000);
        this.polls.add(end);
      });
    }
    return due();
  }
}

/** Only <b> is a tag of ours; any other < is one that was not escaped. */
function faultOfText(text: string): Fields | null {
  const bare = text.replace(tags, '');
  if (/[<>]/.test(bare) || /&(?!(amp|lt|gt|quot|#39);)/.test(bare)) {
    return { status: 400, description: "Bad Request: can't parse entities" };
  }
  const read = bare.replace(/&(amp|lt|gt|quot|#39);/g, 'x');
  if (read.length > textMax) return { status: 400, description: 'Bad Request: message is too long' };
  return read.trim() === '' ? { status: 400, description: 'Bad Request: message text is empty' } : null;
}

function refuse(response: ServerResponse, { status, description, retryAfter }: Fault): void {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ ok: false, error_code: status, description, ...parameters }));
}

import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

type Fields = Record<string, unknown>;

const portOf = (server: Server | HttpServer): number => (server.address() as AddressInfo).port;
const listen = (server: Server | HttpServer): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Where messages to people arrive in a journey: Telegram, a mail server and somebody's own server, as far as they are used. */
export class Receivers {
  /** What was sent to chats. */
  readonly told: string[] = [];
  readonly mails: string[] = [];
  readonly posts: { readonly body: string; readonly signature: string }[] = [];
  private readonly updates: Fields[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly sockets = new Set<Socket>();
  private readonly web = createHttpServer(
    (request, response) =>
      void this.take(request).then((body) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      }),
  );
  private readonly mail = createServer((socket) => this.converse(socket));

  async open(): Promise<void> {
    await Promise.all([listen(this.web), listen(this.mail)]);
  }

  /** What the operator sets so that messages come here. */
  get environment(): Readonly<Record<string, string>> {
    return {
      TELEGRAM_BOT_TOKEN: '1234567:of-a-journey',
      TELEGRAM_API_ROOT: `http://127.0.0.1:${portOf(this.web)}`,
      SMTP_URL: `smtp://127.0.0.1:${portOf(this.mail)}`,
      SMTP_FROM: 'Scalpstorm <bots@scalpstorm.example>',
      SMTP_TLS: 'none',
      WEBHOOK_PRIVATE_ALLOWED: 'true',
      WEBHOOK_HTTP_ALLOWED: 'true',
    };
  }

  get hook(): string {
    return `http://127.0.0.1:${portOf(this.web)}/hook`;
  }

  async close(): Promise<void> {
    for (const end of [...this.waiting]) end();
    for (const socket of this.sockets) socket.destroy();
    this.web.closeAllConnections();
    await Promise.all([this.web, this.mail].map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** Somebody writes to the bot. */
  write(text: string): void {
    const person = { id: 7, is_bot: false, first_name: 'Ann', username: 'ann' };
    const message = { message_id: 1, date: 1, chat: { id: 7, type: 'private', first_name: 'Ann' }, from: person, text };
    this.updates.push({ update_id: 100 + this.updates.length, message });
    for (const end of [...this.waiting]) end();
  }

  private async take(request: IncomingMessage): Promise<Fields> {
    const body = await bodyOf(request);
    if (request.url === '/hook') {
      this.posts.push({ body, signature: String(request.headers['scalpstorm-signature']) });
      return {};
    }
    const fields = JSON.parse(body || '{}') as Fields;
    const method = /\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (method === 'getMe') return answer({ id: 1, is_bot: true, first_name: 'Bot', username: 'journey_bot' });
    if (method === 'getUpdates')
      return answer(await this.newer(Number(fields['offset'] ?? 0), Number(fields['timeout'] ?? 0)));
    if (method === 'sendMessage') this.told.push(String(fields['text']));
    return answer({ message_id: 2, date: 1, chat: { id: 7, type: 'private' }, text: fields['text'] });
  }

  /** Held until somebody writes, or for as long as was asked, as Telegram does: who is never answered asks ever more seldom. */
  private async newer(offset: number, seconds: number): Promise<readonly Fields[]> {
    const due = () => this.updates.filter((update) => Number(update['update_id']) >= offset);
    if (due().length === 0) {
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          this.waiting.delete(end);
          resolve();
        };
        const timer = setTimeout(end, seconds * 1_000);
        this.waiting.add(end);
      });
    }
    return due();
  }

  /** RFC 5321, as much as a client needs that submits one mail. */
  private converse(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    let waiting = '';
    let data: string[] | null = null;
    const replyTo = (line: string): string | null => {
      if (data !== null) {
        if (line !== '.') data.push(line);
        else this.mails.push(data.join('\n'));
        if (line === '.') data = null;
        return line === '.' ? '250 taken' : null;
      }
      if (line === 'DATA') data = [];
      return data !== null ? '354 go on' : line === 'QUIT' ? '221 bye' : '250 ok';
    };
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => {
      waiting += chunk.toString();
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const reply = replyTo(waiting.slice(0, end));
        waiting = waiting.slice(end + 2);
        if (reply !== null) socket.write(`${reply}\r\n`);
      }
    });
  }
}

const answer = (result: unknown): Fields => ({ ok: true, result });

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { selfSigned } from './self-signed.js';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
  readonly encrypted: boolean;
  readonly user: string | null;
}

interface Conversation {
  from: string;
  to: string[];
  /** Null outside of DATA. */
  data: string[] | null;
  user: string | null;
}

const user = 'mailer';
const password = 'let-me-in';

/** RFC 5321 with STARTTLS and AUTH PLAIN, as much as a client that submits mail needs. AUTH only after STARTTLS. */
export class SmtpServer {
  readonly mails: ReceivedMail[] = [];
  /** Answers to RCPT TO, by address; 250 by default. */
  readonly verdicts = new Map<string, string>();
  readonly certificate = selfSigned();
  /** The greeting; another one turns clients away. */
  greeting = '220 mail.test ESMTP';
  offersTls = true;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private isAway = false;

  get url(): string {
    return `smtp://${user}:${password}@127.0.0.1:${this.port}`;
  }

  /** Until it comes back, every connection is cut; the port stays ours. */
  leave(): void {
    this.isAway = true;
    for (const socket of this.sockets) socket.destroy();
  }

  comeBack(): void {
    this.isAway = false;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      if (this.isAway) return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.write(`${this.greeting}\r\n`);
      this.converse(socket, false);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private converse(socket: Socket | TLSSocket, encrypted: boolean): void {
    const state: Conversation = { from: '', to: [], data: null, user: null };
    const say = (line: string) => socket.write(`${line}\r\n`);
    let waiting = '';
    const listen = (chunk: Buffer) => {
      waiting += chunk.toString('latin1');
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (state.data !== null) {
          if (line !== '.') {
            state.data.push(line.startsWith('.') ? line.slice(1) : line);
            continue;
          }
          const data = Buffer.from(state.data.join('\r\n'), 'latin1').toString('utf8');
          this.mails.push({ from: state.from, to: state.to, data, encrypted, user: state.user });
          Object.assign(state, { from: '', to: [], data: null });
          say('250 taken');
          continue;
        }
        if (/^STARTTLS/i.test(line) && this.offersTls && !encrypted) {
          socket.off('data', listen);
          say('220 go ahead');
          const secureContext = createSecureContext(this.certificate);
          const secured = new TLSSocket(socket, { isServer: true, secureContext });
          secured.on('error', () => undefined);
          return this.converse(secured, true);
        }
        const reply = this.reply(line, state, encrypted);
        say(reply);
        if (reply.startsWith('221')) socket.end();
      }
    };
    socket.on('data', listen);
  }

  private reply(line: string, conversation: Conversation, encrypted: boolean): string {
    const [verb = ''] = line.toUpperCase().split(' ');
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        return `250-mail.test\r\n250-${this.offersTls && !encrypted ? 'STARTTLS' : 'AUTH PLAIN'}\r\n250 SIZE 1000000`;
      case 'AUTH':
        conversation.user = userOf(line.split(' ')[2] ?? '');
        return conversation.user === null ? '535 wrong' : '235 welcome';
      case 'MAIL':
        conversation.from = address;
        return '250 ok';
      case 'RCPT': {
        const verdict = this.verdicts.get(address) ?? '250 ok';
        if (verdict.startsWith('2')) conversation.to.push(address);
        return verdict;
      }
      case 'DATA':
        conversation.data = [];
        return '354 go on';
      case 'RSET':
        Object.assign(conversation, { from: '', to: [] });
        return '250 ok';
      case 'NOOP':
        return '250 ok';
      case 'QUIT':
        return '221 bye';
      default:
        return '502 not known';
    }
  }
}

/** RFC 4616; null for a wrong name or password. */
function userOf(given: string): string | null {
  const [, name, secret] = Buffer.from(given, 'base64').toString().split('\0');
  return name === user && secret === password ? name : null;
}

import { createHmac } from 'node:crypto';
import type { Announcement } from '../src/sim-exchange.module.js';

type Event = Record<string, unknown>;

interface HeldRow {
  readonly a: string;
  readonly f: string;
  readonly l: string;
}

/** Everything that the user stream of an account says, kept in order. */
export class UserEvents {
  private readonly heard: Event[] = [];
  private waiting: (() => void)[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => {
      const { event } = JSON.parse(String(data)) as { event?: Event };
      if (event !== undefined) this.heard.push(event);
      const { waiting } = this;
      this.waiting = [];
      for (const look of waiting) look();
    };
  }

  static async subscribe({ wsApi, account }: Announcement): Promise<UserEvents> {
    const socket = new WebSocket(wsApi);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('no connection'));
    });
    const events = new UserEvents(socket);
    const signed = { apiKey: account.apiKey, timestamp: Date.now() };
    const payload = `apiKey=${signed.apiKey}&timestamp=${signed.timestamp}`;
    const signature = createHmac('sha256', account.secret).update(payload).digest('hex');
    const message = { id: 1, method: 'userDataStream.subscribe.signature', params: { ...signed, signature } };
    const answered = new Promise<void>((resolve) => events.waiting.push(resolve));
    socket.send(JSON.stringify(message));
    await answered;
    return events;
  }

  /** The result of a call of the same connection. */
  async ask(method: string): Promise<unknown> {
    const id = `ask-${method}`;
    const answer = new Promise<unknown>((resolve) => {
      const hear = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data)) as { id?: unknown; result?: unknown };
        if (message.id !== id) return;
        this.socket.removeEventListener('message', hear);
        resolve(message.result);
      };
      this.socket.addEventListener('message', hear);
    });
    this.socket.send(JSON.stringify({ id, method }));
    return answer;
  }

  /** The reports about an order, as soon as there are that many. */
  async of(clientOrderId: string, count: number): Promise<readonly Event[]> {
    for (;;) {
      const own = this.heard.filter(({ e, c }) => e === 'executionReport' && c === clientOrderId);
      if (own.length >= count) return own;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The first events of any kind, in the order in which they came. */
  async first(count: number): Promise<readonly Event[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.heard.slice(0, count);
  }

  /** What the account holds, by what the stream has told of it so far; waits until it has told something. */
  async balances(): Promise<Readonly<Record<string, { readonly free: string; readonly locked: string }>>> {
    for (;;) {
      const rows = this.heard.filter(({ e }) => e === 'outboundAccountPosition').flatMap(({ B }) => B as HeldRow[]);
      if (rows.length > 0) return Object.fromEntries(rows.map(({ a, f, l }) => [a, { free: f, locked: l }]));
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  close(): void {
    this.socket.close();
  }
}

import { WebSocket } from 'ws';
import { z } from 'zod';
import { type ApiClient, notLoggedIn, type Row, unreachable } from './api-client.js';
import { exitCodes, Failure } from './failure.js';

const backOffFirstMs = 500;
const backOffMaxMs = 30_000;
const openMs = 10_000;
const renewEveryMs = 60_000;
/** Two heartbeats missed: the line is dead, whatever the system thinks of it. */
const silentMs = 35_000;
const unauthenticated = 4401;

const frameSchema = z.object({
  op: z.string().optional(),
  ch: z.string().optional(),
  type: z.enum(['snapshot', 'delta', 'resumed']).optional(),
  seq: z.number().optional(),
  epoch: z.string().optional(),
  data: z.array(z.record(z.string(), z.unknown())).optional(),
  ageMs: z.number().optional(),
  ts: z.string().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
});
export type LiveFrame = z.infer<typeof frameSchema>;

export interface LiveListener {
  frame(frame: LiveFrame): void;
  /** Why it is away; null when it is back. */
  away(reason: string | null): void;
}

/** The stream of the gateway: comes back after a cut, and goes on where it was. */
export class LiveStream {
  /** Where each channel is. */
  readonly #points = new Map<string, { epoch: string; seq: number }>();

  constructor(
    private readonly api: ApiClient,
    private readonly channels: readonly string[],
    private readonly listener: LiveListener,
  ) {}

  /** Until it is aborted. @throws Failure when the first attempt fails, or when the log-in is no good any more */
  async run(signal: AbortSignal): Promise<void> {
    let backOffMs = backOffFirstMs;
    let first = true;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const reason = await this.#session(await this.api.token(), signal).catch((error: unknown) => {
        if (first || (error instanceof Failure && error.exitCode === exitCodes.notLoggedIn)) throw error;
        return error instanceof Error ? error.message : String(error);
      });
      first = false;
      if (signal.aborted) return;
      this.listener.away(reason);
      backOffMs = Date.now() - startedAt > backOffMaxMs ? backOffFirstMs : Math.min(backOffMs * 2, backOffMaxMs);
      await pause(backOffMs * (0.5 + Math.random() / 2), signal);
    }
  }

  /** One connection, from its log-in to its end; resolves with the reason of the end. */
  #session(token: string, signal: AbortSignal): Promise<string> {
    const socket = new WebSocket(`${this.api.url.replace(/^http/, 'ws')}/v1/stream`, { handshakeTimeout: openMs });
    const say = (message: object) => socket.send(JSON.stringify(message));
    const renewal = setInterval(() => void this.#renew(say), renewEveryMs);
    let lastHeardAt = Date.now();
    const watchdog = setInterval(() => Date.now() - lastHeardAt > silentMs && socket.terminate(), 1_000);
    const leave = () => socket.close(1000);
    signal.addEventListener('abort', leave);
    return new Promise<string>((resolve, reject) => {
      socket.on('open', () => {
        say({ op: 'auth', token });
        const resume = Object.fromEntries(this.#points);
        say({ op: 'subscribe', channels: this.channels, resume });
      });
      socket.on('message', (data) => {
        lastHeardAt = Date.now();
        this.#hear(String(data));
      });
      socket.on('ping', () => {
        lastHeardAt = Date.now();
      });
      socket.on('error', (error) => reject(unreachable(this.api.url, error)));
      socket.on('close', (code, why) => {
        if (code === unauthenticated) reject(notLoggedIn(String(why)));
        else resolve(`${code} ${String(why)}`.trim());
      });
    }).finally(() => {
      clearInterval(renewal);
      clearInterval(watchdog);
      signal.removeEventListener('abort', leave);
      socket.terminate();
    });
  }

  /** The gateway ends a session whose token has expired, so the next one is sent in time. */
  async #renew(say: (message: object) => void): Promise<void> {
    try {
      say({ op: 'auth', token: await this.api.token() });
    } catch {
      // The session then ends with its token, and the next attempt says why.
    }
  }

  #hear(text: string): void {
    const frame = frameSchema.parse(JSON.parse(text));
    const { ch, type, seq, epoch } = frame;
    if (frame.op === 'ready') this.listener.away(null);
    if (ch !== undefined && type !== undefined && seq !== undefined) {
      const known = this.#points.get(ch);
      this.#points.set(ch, { seq, epoch: epoch ?? known?.epoch ?? '' });
    }
    this.listener.frame(frame);
  }
}

/** Rows by id; a row with an older version than the known one is ignored, and a deleted one goes. */
export class RowBook {
  readonly #rows = new Map<string, Row>();

  constructor(private readonly key: string) {}

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** The rows that are new or changed. */
  take({ type, data = [] }: LiveFrame): readonly Row[] {
    if (type === 'snapshot') this.#rows.clear();
    return data.filter((row) => {
      const id = String(row[this.key]);
      const known = this.#rows.get(id);
      if (known !== undefined && Number(row['version'] ?? 0) < Number(known['version'] ?? 0)) return false;
      if (row['deleted'] === true) this.#rows.delete(id);
      else this.#rows.set(id, row);
      return true;
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

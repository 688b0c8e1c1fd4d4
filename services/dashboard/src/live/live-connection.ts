import { type Frame, frameOf, type Position, positionAfter } from './frames.js';

export type LiveStatus = 'connecting' | 'live' | 'reconnecting';

export interface LiveListener {
  readonly onFrames: (frames: readonly Frame[]) => void;
  readonly onStatus: (status: LiveStatus) => void;
  /** Anything was heard: what is shown is as old as this. */
  readonly onHeard: () => void;
  readonly token: () => Promise<string>;
  /** The gateway ended the stream because the log-in does not stand any more. */
  readonly onShutOut: () => void;
}

const pingMs = 4_000;
/** A line that has been silent for so long is given up, also one that never came to a greeting. */
const deadMs = 12_000;
/** A line that has just been heard, or has just been begun, is left alone by whoever asks for another. */
const freshMs = 6_000;
/** Close code of the gateway: who is behind the stream is not let in any more. */
const shutOutCode = 4401;
/** Frames are handed on together, so that a busy market costs one rendering in this time. */
const batchMs = 60;
const backOffMs = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

/**
 * The one source of what changes: snapshots, then numbered changes. It comes back by itself after a loss and goes on where
 * it was; a missing number makes it ask for that channel from its last number on.
 */
export class LiveConnection {
  readonly #users = new Map<string, number>();
  readonly #positions = new Map<string, Position>();
  /** Channels that were asked for again and have not been answered. */
  readonly #gaps = new Set<string>();
  #socket: WebSocket | null = null;
  #attempt = 0;
  /** When the line was last heard; at first, when it was begun. */
  #heardAt = 0;
  #ready = false;
  #pending: Frame[] = [];
  #flush: ReturnType<typeof setTimeout> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #watch: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly listener: LiveListener) {}

  start(): void {
    this.#watch ??= setInterval(() => this.#beat(), pingMs);
    addEventListener('online', this.reconnect);
    this.#connect();
  }

  /** It may be started again, and goes on where it was: what was heard and not handed on is asked for anew then. */
  stop(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#flush !== null) clearTimeout(this.#flush);
    this.#watch = null;
    this.#retry = null;
    this.#flush = null;
    for (const { ch } of this.#pending.splice(0)) this.#positions.delete(ch);
    removeEventListener('online', this.reconnect);
    this.#forsake();
  }

  /** At once: instead of after the wait, and instead of a line that is silent. */
  readonly reconnect = (): void => {
    if (this.#socket !== null && Date.now() - this.#heardAt < freshMs) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#forsake();
    this.#connect();
  };

  /** @returns how to leave again; a channel is given up when the last one leaves */
  subscribe(channel: string): () => void {
    const users = this.#users.get(channel) ?? 0;
    this.#users.set(channel, users + 1);
    if (users === 0 && this.#ready) this.#ask([channel]);
    return () => this.#leave(channel);
  }

  /** The stream ends with its token, so it is given the next one in time. */
  renew(token: string): void {
    this.#say({ op: 'auth', token });
  }

  #leave(channel: string): void {
    const users = (this.#users.get(channel) ?? 1) - 1;
    if (users > 0) {
      this.#users.set(channel, users);
      return;
    }
    this.#users.delete(channel);
    this.#positions.delete(channel);
    this.#say({ op: 'unsubscribe', channels: [channel] });
  }

  #connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/v1/stream`);
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.listener.onStatus(this.#attempt === 0 ? 'connecting' : 'reconnecting');
    socket.onopen = () => {
      this.listener.token().then(
        (token) => socket.send(JSON.stringify({ op: 'auth', token })),
        () => socket.close(),
      );
    };
    // One that was forsaken may speak for a long time yet.
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#hear(String(data));
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      if (code === shutOutCode) this.listener.onShutOut();
      this.#lost();
    };
  }

  #hear(text: string): void {
    this.#heardAt = Date.now();
    this.listener.onHeard();
    const message = parsed(text);
    if (isReady(message)) {
      this.#attempt = 0;
      this.#greeted();
      return;
    }
    const frame = frameOf(message);
    if (frame === null || !this.#users.has(frame.ch)) return;
    const position = positionAfter(this.#positions.get(frame.ch), frame);
    if (position === null) {
      if (!this.#gaps.has(frame.ch)) this.#ask([frame.ch]);
      this.#gaps.add(frame.ch);
      return;
    }
    this.#gaps.delete(frame.ch);
    this.#positions.set(frame.ch, position);
    this.#pending.push(frame);
    this.#flush ??= setTimeout(() => {
      this.#flush = null;
      this.listener.onFrames(this.#pending.splice(0));
    }, batchMs);
  }

  /** The first greeting subscribes; a later one answers a renewed token. */
  #greeted(): void {
    if (!this.#ready && this.#users.size > 0) this.#ask([...this.#users.keys()]);
    this.#ready = true;
    this.listener.onStatus('live');
  }

  #lost(): void {
    this.#forsake();
    const wait = backOffMs[Math.min(this.#attempt, backOffMs.length - 1)] ?? 0;
    this.#attempt += 1;
    // Spread out, so that a restarted gateway does not meet everybody at once.
    this.#retry = setTimeout(() => this.reconnect(), wait * (0.5 + Math.random()));
  }

  /** Nothing is waited for: of a line that is half open the browser tells the end only after a minute and more. */
  #forsake(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    this.#gaps.clear();
    socket?.close();
    this.listener.onStatus('reconnecting');
  }

  #beat(): void {
    if (this.#socket === null) return;
    if (Date.now() - this.#heardAt > deadMs) this.#lost();
    else this.#say({ op: 'ping' });
  }

  #ask(channels: readonly string[]): void {
    const resume = Object.fromEntries([...this.#positions].filter(([channel]) => channels.includes(channel)));
    this.#say({ op: 'subscribe', channels, resume });
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

const isReady = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'op' in message && message.op === 'ready';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

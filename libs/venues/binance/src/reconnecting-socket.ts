import { type Micros, second } from '@scalpstorm/kernel';
import { AnswerLate, AnswerRefused } from './answers.js';
import { backoffDelay } from './backoff.js';
import type { CcxtBinance, CcxtSocket } from './ccxt-binance.js';
import type { ResolvedOptions } from './options.js';

export interface SocketUser {
  /** Subscribes; a rejection counts as a lost connection. */
  connected(socket: CcxtSocket): Promise<void>;
  message(payload: unknown): void;
  /** Asks whether the venue still has the subscriptions; a rejection counts as a lost connection. */
  probe(): Promise<void>;
  /** For how long nobody may dial; none without it. */
  heldBack?(): Micros;
  /** After a connection that had been `connected`, or was on the way to it. */
  lost(detail: string): void;
}

/** A connection that lasted so long was a good one: the next loss begins with the shortest delay again. */
const stableAfter: Micros = 10 * second;

/** However long the venue holds us back: who would not be let in then hears so, and waits on. */
const dialAfterMax: Micros = 3_600 * second;

/** One address, connected for ever: exponential back-off with jitter, a watch over silence, and probes of what is subscribed. */
export class ReconnectingSocket {
  private socket: CcxtSocket | null = null;
  private heardAt = 0;
  private probedAt = 0;
  private watchedAt: number;
  private connectedAt: number | null = null;
  private attempt = 0;
  private generation = 0;
  private retry: NodeJS.Timeout | null = null;
  private readonly watch: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly exchange: CcxtBinance,
    private readonly url: string,
    private readonly options: ResolvedOptions,
    private readonly user: SocketUser,
  ) {
    this.watchedAt = options.clock.now();
    this.watch = setInterval(() => this.watchOver(), options.silenceMax / 4_000);
    this.watch.unref();
  }

  connect(): void {
    if (this.closed) return;
    this.generation += 1;
    const mine = this.generation;
    const current = (): boolean => this.generation === mine && !this.closed;
    this.heardAt = this.options.clock.now();
    this.socket = this.exchange.openSocket(this.url, {
      opened: () => {
        if (current()) void this.subscribe(mine);
      },
      message: (payload) => {
        if (!current()) return;
        this.heardAt = this.options.clock.now();
        this.user.message(payload);
      },
      closed: (detail) => {
        if (current()) this.lose(detail);
      },
    });
  }

  async send(message: unknown): Promise<void> {
    await this.socket?.send(message);
  }

  /** Gives the connection up and makes a new one: the stream cannot be trusted any more. */
  restart(detail: string): void {
    if (!this.closed && this.retry === null) this.lose(detail);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watch);
    if (this.retry !== null) clearTimeout(this.retry);
    if (this.socket !== null) this.exchange.dropSocket(this.socket);
    this.socket = null;
  }

  private async subscribe(generation: number): Promise<void> {
    const { socket } = this;
    if (socket === null) return;
    try {
      await this.user.connected(socket);
      if (this.generation !== generation) return;
      this.connectedAt = this.options.clock.now();
      this.probedAt = this.connectedAt;
    } catch (error) {
      if (this.generation === generation && !this.closed)
        this.lose(error instanceof Error ? error.message : String(error));
    }
  }

  private lose(detail: string): void {
    // A later message or close of this socket is not ours any more.
    this.generation += 1;
    if (this.socket !== null) this.exchange.dropSocket(this.socket);
    this.socket = null;
    this.options.onNotice({ code: 'SOCKET_LOST', text: detail });
    this.user.lost(detail);
    const { connectedAt } = this;
    this.connectedAt = null;
    if (connectedAt !== null && this.options.clock.now() - connectedAt > stableAfter) this.attempt = 0;
    const backoff: Micros = backoffDelay(this.attempt, this.options.backoff, this.options.rng);
    const delay = Math.min(Math.max(backoff, this.user.heldBack?.() ?? 0), dialAfterMax);
    this.attempt += 1;
    this.retry = setTimeout(() => {
      this.retry = null;
      this.connect();
    }, delay / 1_000);
  }

  private watchOver(): void {
    const { socket, watchedAt } = this;
    const now = this.options.clock.now();
    this.watchedAt = now;
    // We had no turn for so long ourselves: what came meanwhile is read only after this.
    if (socket === null || now - watchedAt > this.options.silenceMax / 2) return;
    if (this.connectedAt !== null && now - this.probedAt >= this.options.silenceMax / 2) {
      this.probedAt = now;
      void this.probe(this.generation);
    }
    const heardAt = Math.max(this.heardAt, (socket.lastPong ?? 0) * 1_000);
    const silent = now - heardAt;
    if (silent <= this.options.silenceMax) return;
    this.options.onNotice({ code: 'SOCKET_SILENT', text: `nothing heard for ${silent} µs` });
    this.lose(`silent for ${Math.round(silent / 1_000)} ms`);
  }

  /** Pongs come from the venue's edge also when what stands behind it is dead; only an answer proves that it listens. */
  private async probe(generation: number): Promise<void> {
    try {
      await this.user.probe();
    } catch (error) {
      if (this.generation !== generation || this.closed) return;
      // A venue that does not know the question has answered it.
      if (error instanceof AnswerRefused) return;
      const text = error instanceof Error ? error.message : String(error);
      if (error instanceof AnswerLate) this.options.onNotice({ code: 'SOCKET_SILENT', text: `to a probe: ${text}` });
      this.lose(text);
    }
  }
}

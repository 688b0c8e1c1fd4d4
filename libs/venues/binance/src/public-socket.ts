import { AnswerLate, Answers } from './answers.js';
import type { CcxtBinance, CcxtSocket } from './ccxt-binance.js';
import { UnreadablePayload } from './fields.js';
import type { InstrumentChannel } from './instrument-channel.js';
import type { ResolvedOptions } from './options.js';
import { type PublicEvent, parsePublicEvent } from './parse-market.js';
import { ReconnectingSocket } from './reconnecting-socket.js';

/** Three streams each stay well below the venue's 1,024 a connection. */
export const channelsPerSocketMax = 200;

const streamsOf = (channels: readonly InstrumentChannel[]): readonly string[] =>
  channels.flatMap(({ symbol }) => {
    const name = symbol.toLowerCase();
    return [`${name}@trade`, `${name}@bookTicker`, `${name}@depth@100ms`];
  });

/** One pooled connection of the public stream, shared by many instruments. */
export class PublicSocket {
  private readonly channels = new Map<string, InstrumentChannel>();
  private readonly answers = new Answers();
  private readonly socket: ReconnectingSocket;
  private open = false;
  private eventsHeard = 0;
  private readonly watch: NodeJS.Timeout;

  constructor(
    exchange: CcxtBinance,
    url: string,
    private readonly options: ResolvedOptions,
  ) {
    this.socket = new ReconnectingSocket(exchange, url, options, {
      connected: (socket) => this.connected(socket),
      probe: () => this.probe(),
      message: (payload) => this.hear(payload),
      lost: (detail) => this.lost(detail),
    });
    this.watch = setInterval(() => {
      for (const channel of this.channels.values()) channel.watch();
    }, options.silenceMax / 4_000);
    this.watch.unref();
    this.socket.connect();
  }

  get free(): boolean {
    return this.channels.size < channelsPerSocketMax;
  }

  add(channel: InstrumentChannel): void {
    this.channels.set(channel.symbol, channel);
    if (!this.open) return;
    this.request('SUBSCRIBE', [channel])
      .then(() => channel.subscribed())
      .catch((error: unknown) => this.socket.restart(String(error)));
  }

  /** False: it is not on this socket. */
  remove(channel: InstrumentChannel): boolean {
    if (this.channels.get(channel.symbol) !== channel) return false;
    this.channels.delete(channel.symbol);
    channel.stop();
    if (this.open) this.request('UNSUBSCRIBE', [channel]).catch((error: unknown) => this.socket.restart(String(error)));
    return true;
  }

  /** True: it is on this socket, which is connected anew now. */
  restart(channel: InstrumentChannel, detail: string): boolean {
    if (this.channels.get(channel.symbol) !== channel) return false;
    this.socket.restart(detail);
    return true;
  }

  close(): void {
    clearInterval(this.watch);
    for (const channel of this.channels.values()) channel.stop();
    this.answers.abandon('closed');
    this.socket.close();
  }

  private async connected(socket: CcxtSocket): Promise<void> {
    const channels = [...this.channels.values()];
    this.open = true;
    if (channels.length === 0) return;
    await this.request('SUBSCRIBE', channels, socket);
    for (const channel of channels) channel.subscribed();
  }

  /** Asks which streams the venue sends here: one that it forgot looks like a quiet market. */
  private async probe(): Promise<void> {
    const wanted = streamsOf([...this.channels.values()].filter((channel) => channel.subscribedSince !== null));
    const { id, answer } = this.answers.expect(this.options.requestTimeout);
    const before = this.eventsHeard;
    // While events come, the answer waits behind those that we had no time for: connecting anew would only bring more.
    const unlessBehind = answer.catch((error: unknown) => {
      if (!(error instanceof AnswerLate) || this.eventsHeard === before) throw error;
    });
    const question = { method: 'LIST_SUBSCRIPTIONS', id: Number(id) };
    const [, result] = await Promise.all([this.socket.send(question), unlessBehind]);
    if (!Array.isArray(result)) return;
    const sent = new Set<unknown>(result);
    const forgotten = wanted.filter((stream) => !sent.has(stream));
    if (forgotten.length === 0) return;
    this.options.onNotice({ code: 'SUBSCRIPTION_LOST', text: `${forgotten.length}, e.g. ${forgotten[0]}` });
    throw new Error(`the venue forgot ${forgotten.length} subscriptions`);
  }

  private async request(
    method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
    channels: readonly InstrumentChannel[],
    socket?: CcxtSocket,
  ): Promise<void> {
    const params = streamsOf(channels);
    const { id, answer } = this.answers.expect(this.options.requestTimeout);
    const message = { method, params, id: Number(id) };
    await Promise.all([socket === undefined ? this.socket.send(message) : socket.send(message), answer]);
  }

  private hear(payload: unknown): void {
    try {
      const event = parsePublicEvent(payload);
      if (event.kind === 'answer') this.settle(event);
      else if (event.kind !== 'other') {
        this.eventsHeard += 1;
        this.channels.get(event.symbol)?.hear(event);
      }
    } catch (error) {
      if (!(error instanceof UnreadablePayload)) throw error;
      this.options.onNotice({ code: 'UNREADABLE_PAYLOAD', text: error.message });
    }
  }

  private settle({ id, error, result }: Extract<PublicEvent, { kind: 'answer' }>): void {
    if (error === null) this.answers.accept(id, result);
    else this.answers.refuse(id, error);
  }

  private lost(detail: string): void {
    this.open = false;
    this.answers.abandon(detail);
    for (const channel of this.channels.values()) channel.lost(detail);
  }
}

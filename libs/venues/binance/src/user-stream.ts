import { type Micros, Timestamp } from '@scalpstorm/kernel';
import { Answers } from './answers.js';
import type { CcxtBinance, CcxtSocket } from './ccxt-binance.js';
import { type Fields, fieldsOf, text, UnreadablePayload } from './fields.js';
import type { ResolvedOptions } from './options.js';
import { ReconnectingSocket } from './reconnecting-socket.js';

export interface UserStreamListener {
  /** @throws UnreadablePayload */
  event(payload: unknown): void;
  /** Every time, the first one too. */
  subscribed(): void;
  lost(detail: string): void;
  /** Too many requests, or banned: until then nothing may be asked there, nor by REST. */
  throttled(text: string, retryAt: Timestamp | null): void;
  /** For how long nothing may be asked. */
  heldBack(): Micros;
}

const recvWindow: Micros = 5_000_000;

/** The account's own events over the ws-api, by signed subscription: spot has no listen key any more. */
export class UserStream {
  private readonly answers = new Answers();
  private readonly socket: ReconnectingSocket;
  private subscriptionId: unknown = null;

  constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
    private readonly stamp: () => { timestamp: number },
    private readonly listener: UserStreamListener,
  ) {
    this.socket = new ReconnectingSocket(exchange, options.addresses.wsApi, options, {
      connected: (socket) => this.subscribe(socket),
      probe: () => this.probe(),
      heldBack: () => this.listener.heldBack(),
      message: (payload) => this.hear(payload),
      lost: (detail) => {
        this.answers.abandon(detail);
        this.listener.lost(detail);
      },
    });
  }

  connect(): void {
    this.socket.connect();
  }

  close(): void {
    this.answers.abandon('closed');
    this.socket.close();
  }

  restart(detail: string): void {
    this.socket.restart(detail);
  }

  private async subscribe(socket: CcxtSocket): Promise<void> {
    const { id, answer } = this.answers.expect(this.options.requestTimeout);
    const params = this.exchange.signParams({ ...this.stamp(), recvWindow: recvWindow / 1_000 });
    const message = { id, method: 'userDataStream.subscribe.signature', params };
    const [, result] = await Promise.all([socket.send(message), answer]);
    this.subscriptionId = subscriptionIdOf(result);
    this.listener.subscribed();
  }

  /** A quiet account and a subscription that the venue forgot look the same; so it is asked. */
  private async probe(): Promise<void> {
    const { id, answer } = this.answers.expect(this.options.requestTimeout);
    const [, result] = await Promise.all([this.socket.send({ id, method: 'session.subscriptions' }), answer]);
    if (!Array.isArray(result) || this.subscriptionId === null) return;
    if (result.some((entry: unknown) => subscriptionIdOf(entry) === this.subscriptionId)) return;
    this.options.onNotice({ code: 'SUBSCRIPTION_LOST', text: 'the venue forgot the user stream' });
    throw new Error('the venue forgot the subscription');
  }

  private hear(payload: unknown): void {
    try {
      const message = fieldsOf(payload, 'message');
      if ('event' in message) this.listener.event(message['event']);
      else if ('id' in message) this.settle(message);
      else if ('e' in message) this.listener.event(message);
    } catch (error) {
      if (!(error instanceof UnreadablePayload)) throw error;
      this.options.onNotice({ code: 'UNREADABLE_PAYLOAD', text: error.message });
      // What the event said about our money is not known: only a reconciliation tells, and a reconnect asks for one.
      this.restart(`unreadable event: ${error.message}`);
    }
  }

  private settle(message: Fields): void {
    const id = String(message['id']);
    if (message['status'] === 200) {
      this.answers.accept(id, message['result']);
      return;
    }
    const error = message['error'] === undefined ? null : fieldsOf(message['error'], 'error');
    const words = error === null ? `status ${String(message['status'])}` : errorText(error);
    if (message['status'] === 429 || message['status'] === 418) this.listener.throttled(words, retryAtOf(error));
    this.answers.refuse(id, words);
  }
}

/** `data.retryAfter` is a time, in milliseconds; null where there is none. */
function retryAtOf(error: Fields | null): Timestamp | null {
  const data = error?.['data'];
  const at = typeof data === 'object' && data !== null ? (data as Fields)['retryAfter'] : undefined;
  return typeof at === 'number' && Number.isSafeInteger(at) ? Timestamp.fromMillis(at) : null;
}

const errorText = (error: Fields): string => `${String(error['code'])} ${text(error, 'msg')}`;

/** Null where the answer names none: an older venue. */
const subscriptionIdOf = (result: unknown): unknown =>
  typeof result === 'object' && result !== null ? ((result as Fields)['subscriptionId'] ?? null) : null;

import { type Clock, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { type Channel, channelForms, type OwnChannel, parseChannel } from '../../domain/channel.js';
import type { MarketBoard } from '../../domain/market-board.js';
import { type Frame, Subscription } from '../../domain/subscription.js';
import type { AccessTokens, Identified } from '../../ports/access-tokens.js';
import type { Peer, PeerListener } from '../../ports/stream-door.js';
import type { Snapshots } from './snapshots.js';
import { type ClientFrame, clientFrame, closeCodes } from './stream-frames.js';

export const channelsPerSessionMax = 100;
/** Above this many unsent bytes a client is slow; it is caught up when it is below the lower mark. */
export const slowBytes = 1_000_000;
const drainedBytes = 64_000;
const badFramesMax = 10;
const waitingFramesMax = 100;

export interface SessionContext {
  readonly accessTokens: AccessTokens;
  readonly snapshots: Snapshots;
  readonly board: MarketBoard;
  readonly clock: Clock;
  /** A snapshot could not be read; the session asks again with the next tick. */
  readonly onFault: (error: unknown) => void;
}

interface Subscribed {
  readonly channel: Channel;
  readonly subscription: Subscription;
  /** The newest revision of the market board that was sent. */
  revision: number;
}

/** One client of the stream: who it is, what it wants, what it was given. It only ever gets rows of its own user. */
export class StreamSession implements PeerListener {
  readonly #subscribed = new Map<string, Subscribed>();
  #identity: Identified | null = null;
  #badFrames = 0;
  #waitingFrames = 0;
  #handled: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly peer: Peer,
    private readonly context: SessionContext,
    private readonly onGone: (session: StreamSession) => void,
  ) {}

  get userId(): UserId | null {
    return this.#identity?.principal.userId ?? null;
  }

  onText(text: string): void {
    const frame = clientFrame.safeParse(parseJson(text));
    if (frame.success) {
      this.#enqueue(frame.data);
      return;
    }
    this.#badFrames += 1;
    this.#say({ op: 'error', code: 'BAD_FRAME', detail: 'Send {"op":"auth"|"subscribe"|"unsubscribe"|"ping", …}.' });
    if (this.#badFrames > badFramesMax) this.#close(closeCodes.badFrames, 'too many frames that cannot be read');
  }

  onClose(): void {
    this.#closed = true;
    this.#subscribed.clear();
    this.onGone(this);
  }

  /** A row of this session's user changed; `at` is when. */
  change(channel: OwnChannel, row: unknown, at: Timestamp): void {
    const subscribed = this.#subscribed.get(channel);
    const frame = subscribed?.subscription.change(row, this.peer.bufferedBytes > slowBytes);
    if (frame) this.#sendFrame(frame, at);
  }

  /** Called about ten times a second: newest prices, snapshots for those who caught up, an end to expired sessions. */
  tick(): void {
    if (this.#identity !== null && this.context.clock.now() >= this.#identity.expiresAt) {
      this.#close(closeCodes.unauthenticated, 'the access token has expired');
      return;
    }
    const drained = this.peer.bufferedBytes < drainedBytes;
    for (const subscribed of this.#subscribed.values()) {
      if (subscribed.channel.kind !== 'own') this.#sendMarket(subscribed);
      else if (drained && subscribed.subscription.reload()) {
        this.#say({ op: 'gap', ch: subscribed.channel.name, reason: 'slow_consumer' });
        this.#load(subscribed.channel.name, subscribed.subscription);
      }
    }
  }

  /** Ends a client that did not say who it is. */
  endUnlessIdentified(): void {
    if (this.#identity === null) this.#close(closeCodes.noAuthInTime, 'send {"op":"auth","token":…} first');
  }

  /** One after the other, so that a client need not wait for `ready` before it subscribes. */
  #enqueue(frame: ClientFrame): void {
    if (this.#waitingFrames >= waitingFramesMax) {
      this.#close(closeCodes.tooMany, 'too many frames at once');
      return;
    }
    this.#waitingFrames += 1;
    this.#handled = this.#handled
      .then(() => (this.#closed ? undefined : this.#handle(frame)))
      .catch((error: unknown) => this.context.onFault(error))
      .finally(() => {
        this.#waitingFrames -= 1;
      });
  }

  async #handle(frame: ClientFrame): Promise<void> {
    if (frame.op === 'auth') return this.#authenticate(frame.token);
    if (this.#identity === null) {
      this.#close(closeCodes.unauthenticated, 'send {"op":"auth","token":…} first');
      return;
    }
    if (frame.op === 'ping') this.#say({ op: 'pong', id: frame.id ?? null });
    if (frame.op === 'unsubscribe') {
      for (const name of frame.channels) this.#subscribed.delete(name);
      this.#say({ op: 'unsubscribed', id: frame.id ?? null, channels: frame.channels });
    }
    if (frame.op === 'subscribe') this.#subscribe(frame.channels, frame.id ?? null);
  }

  /** Also renews: a client sends its next token before the first one expires. */
  async #authenticate(token: string): Promise<void> {
    const identity = await this.context.accessTokens.identify(token);
    const renews = this.userId === null || this.userId === identity?.principal.userId;
    if (identity === null || !renews) {
      this.#close(closeCodes.unauthenticated, 'the access token is not valid');
      return;
    }
    this.#identity = identity;
    this.#say({ op: 'ready', expiresAt: Timestamp.toIso(identity.expiresAt) });
  }

  #subscribe(names: readonly string[], id: unknown): void {
    const accepted: string[] = [];
    for (const name of names) {
      const channel = parseChannel(name);
      if (channel === null) {
        this.#say({
          op: 'error',
          id,
          code: 'UNKNOWN_CHANNEL',
          detail: `There is no channel ${name}.`,
          allowed: channelForms,
        });
      } else if (this.#subscribed.size >= channelsPerSessionMax && !this.#subscribed.has(name)) {
        this.#close(closeCodes.tooMany, `at most ${channelsPerSessionMax} channels`);
        return;
      } else {
        const subscribed = { channel, subscription: new Subscription(name), revision: -1 };
        this.#subscribed.set(name, subscribed);
        accepted.push(name);
      }
    }
    this.#say({ op: 'subscribed', id, channels: accepted });
    for (const name of accepted) {
      const subscribed = this.#subscribed.get(name);
      if (subscribed?.channel.kind === 'own') this.#load(subscribed.channel.name, subscribed.subscription);
      else if (subscribed) this.#sendMarket(subscribed);
    }
  }

  #load(channel: OwnChannel, subscription: Subscription): void {
    const { userId } = this;
    if (userId === null) return;
    this.context.snapshots.of(channel, userId).then(
      (rows) => {
        if (this.#closed || this.#subscribed.get(channel)?.subscription !== subscription) return;
        for (const frame of subscription.snapshot(rows)) this.#sendFrame(frame, null);
      },
      (error: unknown) => {
        subscription.interrupt();
        this.context.onFault(error);
      },
    );
  }

  /** Newest wins: what a slow client missed is in its next frame. */
  #sendMarket(subscribed: Subscribed): void {
    const { channel, subscription, revision } = subscribed;
    const { board } = this.context;
    if (board.revision === revision || this.peer.bufferedBytes > slowBytes) return;
    const first = revision === -1;
    const rows =
      channel.kind === 'candles'
        ? board.candlesSince(channel.instrumentId, channel.timeframe, revision)
        : board.pricesSince(revision);
    subscribed.revision = board.revision;
    if (first || rows.length > 0) this.#sendFrame(subscription.next(first ? 'snapshot' : 'delta', rows), null);
  }

  #sendFrame(frame: Frame, at: Timestamp | null): void {
    const now = this.context.clock.now();
    const age = at === null ? {} : { ageMs: Math.max(0, Math.round((now - at) / 1_000)) };
    this.#sendText({ ...frame, ts: Timestamp.toIso(now), ...age });
  }

  #say(message: object): void {
    this.#sendText({ ...message, ts: Timestamp.toIso(this.context.clock.now()) });
  }

  #sendText(message: object): void {
    if (!this.#closed) this.peer.send(JSON.stringify(message));
  }

  #close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.peer.close(code, reason);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

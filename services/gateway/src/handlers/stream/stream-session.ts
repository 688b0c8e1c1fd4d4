import { type Clock, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { ResumePoint } from '../../domain/change-log.js';
import { type Channel, channelForms, parseChannel } from '../../domain/channel.js';
import { ProblemRaised } from '../../domain/problem.js';
import { StreamFrame } from '../../domain/stream-frame.js';
import type { Identified } from '../../ports/access-tokens.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import type { Peer, PeerListener } from '../../ports/stream-door.js';
import type { StreamAdmission, StreamCredential } from '../../use-cases/stream-admission.js';
import type { Credential, LiveHub, LiveSession } from './live-hub.js';
import { MarketSubscription } from './market-topic.js';
import type { Outlet, Subscription } from './outlet.js';
import { OwnSubscription } from './own-topic.js';
import type { SnapshotSlots } from './snapshot-slots.js';
import type { Snapshots } from './snapshots.js';
import { type ClientFrame, clientFrame, closeCodes } from './stream-frames.js';

export const channelsPerSessionMax = 100;
/** Above this many unsent bytes a client is slow; it is caught up when it is below the lower mark. */
export const slowBytes = 1_000_000;
const drainedBytes = 64_000;
/** A client that has not drained for so long is cut off. */
/** With more unsent bytes than that a client is not slow but does not read: nothing is kept for it. */
export const unreadBytesMax = 8_000_000;
/** Snapshots that are read for one session at once. */
export const loadsPerSessionMax = 2;
export const slowForMicros = 30_000_000;
/** A client that was told nothing for so long is told that all is well; two missed mean that the line is dead. */
export const heartbeatMicros = 15_000_000;
const badFramesMax = 10;
const waitingFramesMax = 100;
/** RFC 6455 gives a reason 123 bytes. */
const reasonMax = 120;

export interface SessionContext {
  readonly admission: Pick<StreamAdmission, 'admit'>;
  readonly snapshots: Snapshots;
  readonly slots: SnapshotSlots;
  readonly rateLimits: RateLimits;
  readonly hub: LiveHub;
  readonly clock: Clock;
  /** A snapshot could not be read; the session asks again with the next tick. */
  readonly onFault: (error: unknown) => void;
}

/** One client of the stream: who it is, what it wants, what it was given. It only ever gets rows of its own user. */
export class StreamSession implements PeerListener, Outlet, LiveSession {
  readonly #subscriptions = new Map<string, Subscription>();
  #identity: Identified | null = null;
  #badFrames = 0;
  #waitingFrames = 0;
  #loads = 0;
  #handled: Promise<void> = Promise.resolve();
  #closed = false;
  #lastSentAt: Timestamp;
  #behindSince: Timestamp | null = null;

  constructor(
    private readonly peer: Peer,
    private readonly context: SessionContext,
    private readonly onGone: (session: StreamSession) => void,
  ) {
    this.#lastSentAt = context.clock.now();
  }

  get userId(): UserId | null {
    return this.#identity?.principal.userId ?? null;
  }

  get credential(): Credential | null {
    const { apiKey, sessionId } = this.#identity?.principal ?? {};
    if (apiKey !== undefined) return { kind: 'key', id: apiKey.id };
    return sessionId === undefined ? null : { kind: 'session', id: sessionId };
  }

  shutOut(): void {
    this.#close(
      closeCodes.unauthenticated,
      'SESSION_ENDED: the session has ended, or the key was revoked; log in again',
    );
  }

  get isSlow(): boolean {
    return this.peer.bufferedBytes > slowBytes;
  }

  get isDrained(): boolean {
    return this.peer.bufferedBytes < drainedBytes;
  }

  onText(text: string): void {
    const said = parseJson(text);
    const frame = clientFrame.safeParse(said);
    if (frame.success) {
      this.#enqueue(frame.data);
      return;
    }
    this.#badFrames += 1;
    const next = 'Send {"op":"auth"|"subscribe"|"unsubscribe"|"ping", …}.';
    this.#say({ op: 'error', id: idOf(said), code: 'BAD_FRAME', detail: 'The frame cannot be read.', next });
    if (this.#badFrames > badFramesMax) this.#close(closeCodes.badFrames, 'too many frames that cannot be read');
  }

  onClose(): void {
    this.#closed = true;
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
    this.onGone(this);
  }

  onFault(error: unknown): void {
    this.context.onFault(error);
  }

  send(frame: StreamFrame): void {
    if (this.#closed) return;
    if (this.peer.bufferedBytes > unreadBytesMax) {
      this.#close(closeCodes.tooSlow, 'slow_consumer: the client does not read; come back with resume');
      return;
    }
    this.#lastSentAt = this.context.clock.now();
    this.peer.send(frame);
  }

  mayLoad(): boolean {
    if (this.#closed || this.#loads >= loadsPerSessionMax || !this.context.slots.take()) return false;
    this.#loads += 1;
    return true;
  }

  loaded(isGood: boolean): void {
    this.#loads -= 1;
    this.context.slots.free();
    // After a fault the next try waits for the tick.
    if (!isGood) return;
    for (const subscription of this.#subscriptions.values()) subscription.catchUp();
  }

  /** Called about ten times a second: catches up who fell behind, ends expired sessions and those that stay slow. */
  tick(): void {
    const now = this.context.clock.now();
    if (this.#identity === null || this.#closed) return;
    if (now >= this.#identity.expiresAt) {
      this.#close(closeCodes.unauthenticated, 'the access token has expired');
      return;
    }
    let behind = this.isSlow;
    for (const subscription of this.#subscriptions.values()) {
      subscription.catchUp();
      behind ||= subscription.isBehind && !this.isDrained;
    }
    this.#behindSince = behind ? (this.#behindSince ?? now) : null;
    if (this.#behindSince !== null && now - this.#behindSince >= slowForMicros) {
      this.#close(closeCodes.tooSlow, 'slow_consumer: the client did not read for 30 s; come back with resume');
    } else if (now - this.#lastSentAt >= heartbeatMicros) {
      this.#say({ op: 'heartbeat' });
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
    if (frame.op === 'auth') {
      const { ticket, token = '' } = frame;
      return this.#authenticate(ticket === undefined ? { token } : { ticket });
    }
    if (this.#identity === null) {
      this.#close(closeCodes.unauthenticated, 'send {"op":"auth","token":…} first');
      return;
    }
    if (!(await this.#isWithinLimit(this.#identity))) return;
    const id = frame.id ?? null;
    if (frame.op === 'ping') this.#say({ op: 'pong', id });
    if (frame.op === 'unsubscribe') {
      for (const name of frame.channels) this.#unsubscribe(name);
      this.#say({ op: 'unsubscribed', id, channels: frame.channels });
    }
    if (frame.op === 'subscribe') this.#subscribe(frame.channels, frame.resume ?? {}, id);
  }

  /** A frame counts like a request of its user. */
  async #isWithinLimit({ principal }: Identified): Promise<boolean> {
    const { exceeded, resetSeconds } = await this.context.rateLimits.enter('user', principal.userId);
    if (!exceeded) return !this.#closed;
    this.#close(closeCodes.tooMany, `RATE_LIMITED: too many frames and requests; wait ${resetSeconds} s`);
    return false;
  }

  /** Also renews: a client sends its next token before the first one expires. */
  async #authenticate(credential: StreamCredential): Promise<void> {
    const identity = await this.#admitted(credential);
    if (identity === null) return;
    // Of a token the admission has counted it.
    if ('ticket' in credential && !(await this.#isWithinLimit(identity))) return;
    if (this.userId !== null && this.userId !== identity.principal.userId) {
      this.#close(closeCodes.unauthenticated, 'another user cannot take over this stream');
      return;
    }
    this.#identity = identity;
    const heartbeatMs = heartbeatMicros / 1_000;
    this.#say({ op: 'ready', expiresAt: Timestamp.toIso(identity.expiresAt), heartbeatMs });
  }

  /** Null: refused, and told so. */
  async #admitted(credential: StreamCredential): Promise<Identified | null> {
    try {
      return await this.context.admission.admit(credential, this.peer);
    } catch (error) {
      if (!(error instanceof ProblemRaised)) throw error;
      const { status, code, detail } = error.problem;
      const refusal = status === 403 ? closeCodes.forbidden : closeCodes.unauthenticated;
      this.#close(status === 429 ? closeCodes.tooMany : refusal, `${code}: ${detail}`);
      return null;
    }
  }

  #subscribe(names: readonly string[], resume: Readonly<Record<string, ResumePoint>>, id: unknown): void {
    const accepted: Channel[] = [];
    for (const name of new Set(names)) {
      const channel = parseChannel(name);
      if (channel === null) {
        const code = 'UNKNOWN_CHANNEL';
        this.#say({ op: 'error', id, code, detail: `There is no channel ${name}.`, allowed: channelForms });
        continue;
      }
      this.#unsubscribe(name);
      if (this.#subscriptions.size + accepted.length >= channelsPerSessionMax) {
        this.#close(closeCodes.tooMany, `at most ${channelsPerSessionMax} channels`);
        return;
      }
      accepted.push(channel);
    }
    this.#say({ op: 'subscribed', id, channels: accepted.map(({ name }) => name) });
    for (const channel of accepted) {
      const subscription = this.#subscriptionOf(channel);
      if (subscription === null) return;
      this.#subscriptions.set(channel.name, subscription);
      subscription.start(resume[channel.name] ?? null);
    }
  }

  #subscriptionOf(channel: Channel): Subscription | null {
    const { hub, snapshots, clock } = this.context;
    if (channel.kind !== 'own') return new MarketSubscription(channel, hub.marketTopic(channel), this, clock);
    if (this.userId === null) return null;
    return new OwnSubscription(channel, hub.ownTopic(this.userId, channel.name), snapshots, this, clock);
  }

  #unsubscribe(name: string): void {
    this.#subscriptions.get(name)?.end();
    this.#subscriptions.delete(name);
  }

  #say(message: object): void {
    this.send(new StreamFrame({ ...message, ts: Timestamp.toIso(this.context.clock.now()) }));
  }

  #close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.peer.close(code, reason.slice(0, reasonMax));
  }
}

/** Whoever numbers frames learns which one it was. */
const idOf = (said: unknown): unknown => (typeof said === 'object' && said !== null && 'id' in said ? said.id : null);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

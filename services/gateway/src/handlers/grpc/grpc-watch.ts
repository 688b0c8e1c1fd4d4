import { create, fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { FrameType, type WatchRequest, type WatchResponse, WatchResponseSchema } from '@scalpstorm/contracts/api';
import type { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { channelForms, parseChannel } from '../../domain/channel.js';
import { type Problem, ProblemRaised, problems } from '../../domain/problem.js';
import type { StreamFrame } from '../../domain/stream-frame.js';
import { RateLimits } from '../../ports/rate-limits.js';
import type { Peer } from '../../ports/stream-door.js';
import { StreamAdmission } from '../../use-cases/stream-admission.js';
import { LiveHub } from '../stream/live-hub.js';
import { SnapshotSlots } from '../stream/snapshot-slots.js';
import { Snapshots } from '../stream/snapshots.js';
import { closeCodes } from '../stream/stream-frames.js';
import { StreamSession } from '../stream/stream-session.js';
import { type CallContext, GrpcCalls } from './grpc-calls.js';
import { assertReadable } from './unreadable-request.js';

export const watchersMax = 1_000;
export const watchersPerUserMax = 100;

export type WatchCall = ServerWritableStream<WatchRequest, WatchResponse>;

const frameTypes: Readonly<Record<string, FrameType>> = {
  snapshot: FrameType.SNAPSHOT,
  delta: FrameType.DELTA,
  resumed: FrameType.RESUMED,
  gap: FrameType.GAP,
  heartbeat: FrameType.HEARTBEAT,
};

/** The oneof of a row, by channel. */
const rowFields: Readonly<Record<string, string>> = {
  bots: 'bot',
  orders: 'order',
  fills: 'fill',
  activity: 'activity',
  accounts: 'account',
  state: 'state',
  prices: 'price',
  candles: 'candle',
};

/** Live events over gRPC: the same sessions as the websocket's, so the same rows, numbers, bounds and filter. */
@Injectable()
export class GrpcWatch {
  #watchers = 0;
  readonly #watchersOf = new Map<UserId, number>();
  /** A frame goes to many; it is turned into a message once. */
  readonly #messages = new WeakMap<StreamFrame, WatchResponse>();

  constructor(
    private readonly calls: GrpcCalls,
    private readonly hub: LiveHub,
    private readonly admission: StreamAdmission,
    private readonly snapshots: Snapshots,
    private readonly slots: SnapshotSlots,
    private readonly rateLimits: RateLimits,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Runs until one side ends it. @throws ProblemRaised before anything was sent */
  async watch(call: WatchCall, context: CallContext, end: (problem: Problem) => void): Promise<void> {
    const token = (context.authorization ?? '').replace(/^Bearer /i, '');
    await this.calls.countAddress(context.clientAddress);
    assertReadable(call.request);
    const { principal } = await this.admission.admit({ token }, { address: context.clientAddress, origin: null });
    assertChannels(call.request.channels);
    if (this.#watchers >= watchersMax) throw new ProblemRaised(tooMany('streams', `at most ${watchersMax}`));
    const { userId } = principal;
    const own = this.#watchersOf.get(userId) ?? 0;
    if (own >= watchersPerUserMax) throw new ProblemRaised(tooMany('streams', `at most ${watchersPerUserMax} a user`));
    if (context.isOver()) return;
    this.#watchers += 1;
    this.#watchersOf.set(userId, own + 1);
    const session = new StreamSession(this.#peerOf(call, context, end), this.#sessionContext(), (left) => {
      this.#watchers -= 1;
      const others = (this.#watchersOf.get(userId) ?? 1) - 1;
      if (others > 0) this.#watchersOf.set(userId, others);
      else this.#watchersOf.delete(userId);
      this.hub.remove(left);
    });
    this.hub.add(session);
    let gone = false;
    const leave = (): void => {
      if (!gone) session.onClose();
      gone = true;
    };
    call.once('cancelled', leave);
    call.once('close', leave);
    const { channels, resume } = call.request;
    const points = Object.entries(resume).map(([name, { epoch, seq }]) => [name, { epoch, seq: Number(seq) }]);
    session.onText(JSON.stringify({ op: 'auth', token }));
    session.onText(JSON.stringify({ op: 'subscribe', channels, resume: Object.fromEntries(points) }));
  }

  #sessionContext() {
    const onFault = (error: unknown) =>
      this.log.warn({ error }, 'a gRPC stream could not be served; it is tried again');
    const { admission, snapshots, slots, rateLimits, hub, clock } = this;
    return { admission, snapshots, slots, rateLimits, hub, clock, onFault };
  }

  #peerOf(call: WatchCall, context: CallContext, end: (problem: Problem) => void): Peer {
    let unsent = 0;
    return {
      address: context.clientAddress,
      origin: null,
      ticket: null,
      get bufferedBytes() {
        return unsent;
      },
      send: (frame) => {
        if (call.cancelled) return;
        try {
          const message = this.#messageOf(frame);
          if (message === null) return;
          const weight = weightOf(frame);
          unsent += weight;
          call.write(message, () => {
            unsent -= weight;
          });
        } catch (error) {
          // One row that does not fit its message must not stop the changes of everybody else.
          end(this.calls.problemOf(error, { requestId: context.requestId, method: 'Watch', repeat: 'reads' }));
        }
      },
      close: (code, reason) => end(problemOfClose(code, reason)),
    };
  }

  /** Null for frames that gRPC has no need of. */
  #messageOf(frame: StreamFrame): WatchResponse | null {
    const known = this.#messages.get(frame);
    if (known !== undefined) return known;
    const { op, type, ch } = frame.message;
    const kind = frameTypes[String(type ?? op)];
    if (kind === undefined) return null;
    const message = create(WatchResponseSchema, {
      ...fromJson(WatchResponseSchema, jsonOf(frame.message), { ignoreUnknownFields: true }),
      type: kind,
      channel: String(ch ?? ''),
    });
    this.#messages.set(frame, message);
    return message;
  }
}

const bytesPerFrame = 256;
const bytesPerRow = 1_024;

/** About how large a message is; to write it down only to weigh it would cost as much as to send it. */
function weightOf({ message: { data } }: StreamFrame): number {
  return bytesPerFrame + (Array.isArray(data) ? data.length * bytesPerRow : 0);
}

function jsonOf(frame: StreamFrame['message']): JsonObject {
  const { ch, seq, epoch, ts, ageMs, data } = frame as Readonly<Record<string, JsonValue>>;
  const field = rowFields[String(ch ?? '').split(':', 1)[0] ?? ''] ?? '';
  const rows: JsonValue[] = ((data ?? []) as JsonObject[]).map((row) =>
    row['deleted'] === true ? { deletedBot: row } : { [field]: row },
  );
  return { seq: seq ?? 0, epoch: epoch ?? '', ts: ts ?? null, ageMs: ageMs ?? null, rows };
}

function assertChannels(names: readonly string[]): void {
  if (names.length === 0 || names.length > 100) throw new ProblemRaised(badChannel('', 'Name 1 to 100 channels.'));
  names.forEach((name, index) => {
    if (parseChannel(name) !== null) return;
    throw new ProblemRaised(badChannel(`/channels/${index}`, `There is no channel ${name.slice(0, 100)}.`));
  });
}

const badChannel = (pointer: string, detail: string): Problem => ({
  ...problems.invalid([
    { pointer, code: 'UNKNOWN_CHANNEL', detail, allowed: channelForms, next: 'Choose one of these.' },
  ]),
  code: 'UNKNOWN_CHANNEL',
});

const tooMany = (what: string, allowed: string): Problem => ({
  status: 429,
  code: 'TOO_MANY_STREAMS',
  title: `Too many ${what}`,
  detail: `There are too many ${what}.`,
  errors: [{ pointer: '', code: 'TOO_MANY_STREAMS', detail: 'There is no room.', allowed, next: 'Close one.' }],
  retryAfterSeconds: 5,
});

function problemOfClose(code: number, reason: string): Problem {
  if (code === closeCodes.unauthenticated) return problems.unauthenticated();
  return {
    ...tooMany('unread changes', ''),
    code: code === closeCodes.tooSlow ? 'SLOW_CONSUMER' : 'STREAM_ENDED',
    detail: reason,
  };
}

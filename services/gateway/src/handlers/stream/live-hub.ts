import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Clock, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { keptForMicros } from '../../domain/change-log.js';
import type { OwnChannel } from '../../domain/channel.js';
import { MarketBoard } from '../../domain/market-board.js';
import { type MarketChannel, MarketTopic } from './market-topic.js';
import { OwnTopic } from './own-topic.js';

/** With more, those to which nobody has listened for longest are forgotten; their clients start with a snapshot. */
const ownTopicsMax = 10_000;
const marketTopicsMax = 2_000;
const ticksBetweenSweeps = 100;

/** Somebody who listens. */
export interface LiveSession {
  readonly userId: UserId | null;
  /** What it came in with; null: nobody yet. */
  readonly credential: Credential | null;
  tick(): void;
  /** What it came in with stands no more. */
  shutOut(): void;
}
/** The log-in or the API key that a stream hangs on. */
export interface Credential {
  readonly kind: 'session' | 'key';
  readonly id: string;
}

/** Everybody who is listening now, and what each may go on from after a cut. */
@Injectable()
export class LiveHub {
  readonly #sessions = new Set<LiveSession>();
  readonly #own = new Map<string, OwnTopic>();
  readonly #market = new Map<string, MarketTopic>();
  /** A number of another gateway, or of this one before a restart, is never taken for one of ours. */
  readonly #run = randomBytes(6).toString('base64url');
  #topics = 0;
  #ticks = 0;
  readonly #clock: Clock;

  constructor(
    clock: WallClock,
    private readonly board: MarketBoard,
  ) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The users who are listening to that channel, or were a moment ago. */
  usersOf(channel: OwnChannel): ReadonlySet<UserId> {
    return new Set(this.#topicsOf(null, channel).map(({ userId }) => userId));
  }

  add(session: LiveSession): void {
    this.#sessions.add(session);
  }

  remove(session: LiveSession): void {
    this.#sessions.delete(session);
  }

  listening(): readonly LiveSession[] {
    return [...this.#sessions].filter(({ credential }) => credential !== null);
  }

  sessionsOf(userId: UserId): number {
    return [...this.#sessions].filter((session) => session.userId === userId).length;
  }

  /** To the sessions of that user; null: to everybody. */
  push(
    userId: UserId | null,
    { channel, row, at }: { readonly channel: OwnChannel; readonly row: unknown; readonly at: Timestamp },
  ): void {
    for (const topic of this.#topicsOf(userId, channel)) topic.push(row, at);
  }

  /** What changed is not known: whoever listens gets a new snapshot, and nobody goes on from before. */
  renew(userId: UserId | null, channel: OwnChannel): void {
    for (const topic of this.#topicsOf(userId, channel)) topic.renew(this.#nextEpoch());
  }

  renewAll(): void {
    for (const topic of this.#own.values()) topic.renew(this.#nextEpoch());
  }

  ownTopic(userId: UserId, channel: OwnChannel): OwnTopic {
    const key = keyOf(userId, channel);
    const known = this.#own.get(key);
    if (known !== undefined) return known;
    const topic = new OwnTopic(userId, channel, this.#nextEpoch(), this.#clock);
    this.#own.set(key, topic);
    return topic;
  }

  marketTopic(channel: MarketChannel): MarketTopic {
    const known = this.#market.get(channel.name);
    if (known !== undefined) return known;
    const topic = new MarketTopic(channel, this.#nextEpoch(), this.board, this.#clock);
    this.#market.set(channel.name, topic);
    return topic;
  }

  tick(): void {
    this.board.noticeSilence();
    for (const topic of this.#market.values()) topic.tick();
    for (const session of this.#sessions) session.tick();
    this.#ticks += 1;
    if (this.#ticks % ticksBetweenSweeps !== 0) return;
    sweep(this.#own, ownTopicsMax, this.#clock.now());
    sweep(this.#market, marketTopicsMax, this.#clock.now());
  }

  /** Of that user; null: of everybody. */
  #topicsOf(userId: UserId | null, channel: OwnChannel): readonly OwnTopic[] {
    if (userId === null) return [...this.#own.values()].filter((topic) => topic.channel === channel);
    const topic = this.#own.get(keyOf(userId, channel));
    return topic === undefined ? [] : [topic];
  }

  #nextEpoch(): string {
    this.#topics += 1;
    return `${this.#run}.${this.#topics.toString(36)}`;
  }
}

const keyOf = (userId: UserId, channel: OwnChannel): string => `${channel}:${userId}`;

/** Forgets what nobody has listened to for as long as changes are kept, and the longest idle ones when there are too many. */
function sweep<T extends { readonly idleSince: Timestamp | null }>(
  topics: Map<string, T>,
  most: number,
  now: Timestamp,
): void {
  const idle = [...topics].filter(([, { idleSince }]) => idleSince !== null);
  idle.sort(([, left], [, right]) => (left.idleSince ?? 0) - (right.idleSince ?? 0));
  const oldest = Timestamp.plus(now, -keptForMicros);
  for (const [key, { idleSince }] of idle) {
    if (topics.size <= most && (idleSince ?? 0) >= oldest) return;
    topics.delete(key);
  }
}

import { expect } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { eventually, FakeClock } from '@scalpstorm/testkit';
import type { OwnChannel } from '../src/domain/channel.js';
import { MarketBoard } from '../src/domain/market-board.js';
import { ProblemRaised, problems } from '../src/domain/problem.js';
import type { StreamFrame } from '../src/domain/stream-frame.js';
import { LiveHub } from '../src/handlers/stream/live-hub.js';
import { SnapshotSlots } from '../src/handlers/stream/snapshot-slots.js';
import type { Snapshots } from '../src/handlers/stream/snapshots.js';
import { StreamSession } from '../src/handlers/stream/stream-session.js';
import type { Identified } from '../src/ports/access-tokens.js';
import { RateLimits, type RateStanding } from '../src/ports/rate-limits.js';
import type { Peer } from '../src/ports/stream-door.js';
import type { StreamCredential } from '../src/use-cases/stream-admission.js';

export const alice = UserId.of('usr_alice');
export const bob = UserId.of('usr_bob');
export const lifetime = 900_000_000;

class FakePeer implements Peer {
  readonly address = '127.0.0.1';
  readonly origin = null;
  readonly ticket = null;
  readonly frames: Record<string, unknown>[] = [];
  bufferedBytes = 0;
  closedWith: number | null = null;
  send(frame: StreamFrame): void {
    this.frames.push(JSON.parse(Buffer.from(frame.bytes).toString()) as Record<string, unknown>);
  }
  closedFor = '';
  close(code: number, reason: string): void {
    this.closedWith = code;
    this.closedFor = reason;
  }
  /** Type and number of what came on a channel. */
  heads(channel: string) {
    return this.on(channel).map(([type, seq]) => [type, seq]);
  }
  /** What came on a channel, as [type, seq, data]. */
  on(channel: string) {
    return this.frames
      .filter(({ ch, type }) => ch === channel && type !== undefined)
      .map(({ type, seq, data }) => [type, seq, data]);
  }
}

/** Knows a user by name: the token `alice` is Alice's. */
class FakeAdmission {
  constructor(private readonly clock: FakeClock) {}
  async admit(credential: StreamCredential): Promise<Identified> {
    const token = 'token' in credential ? credential.token : '';
    if (token === 'trade-only') throw new ProblemRaised(problems.scopeMissing('read'));
    if (token !== 'alice' && token !== 'bob') throw new ProblemRaised(problems.unauthenticated());
    const principal = {
      userId: token === 'alice' ? alice : bob,
      email: `${token}@example.com`,
      role: 'trader' as const,
    };
    return { principal, expiresAt: Timestamp.plus(this.clock.now(), lifetime) };
  }
}

class FakeSnapshots {
  failing = false;
  /** Reads that have begun. */
  reads = 0;
  /** Reads wait for it. */
  gate: Promise<void> = Promise.resolve();
  rows: Partial<Record<OwnChannel, readonly unknown[]>> = {};
  async of(channel: OwnChannel, userId: UserId): Promise<readonly unknown[]> {
    this.reads += 1;
    await this.gate;
    if (this.failing) throw new Error('no database');
    return this.rows[channel] ?? [`${userId}'s ${channel}`];
  }
}

/** Lets everybody do as much as they like until it is told otherwise. */
class FakeRateLimits extends RateLimits {
  left = Number.POSITIVE_INFINITY;
  async enter(): Promise<RateStanding> {
    this.left -= 1;
    return { name: 'user', limit: 100, remaining: 0, resetSeconds: 7, exceeded: this.left < 0 };
  }
}

/** Sessions, their hub and whatever they are told, without a server. */
export class StreamWorld {
  readonly clock = new FakeClock();
  readonly board = new MarketBoard(this.clock);
  readonly hub = new LiveHub(this.clock, this.board);
  readonly snapshots = new FakeSnapshots();
  readonly slots = new SnapshotSlots();
  readonly rateLimits = new FakeRateLimits();
  readonly faults: unknown[] = [];

  connect() {
    const peer = new FakePeer();
    const context = {
      admission: new FakeAdmission(this.clock),
      snapshots: this.snapshots as unknown as Snapshots,
      slots: this.slots,
      rateLimits: this.rateLimits,
      hub: this.hub,
      clock: this.clock,
      onFault: (error: unknown) => void this.faults.push(error),
    };
    const session = new StreamSession(peer, context, (gone) => this.hub.remove(gone));
    this.hub.add(session);
    const say = (message: object) => session.onText(JSON.stringify(message));
    return { peer, session, say };
  }

  async loggedIn(token: string, channels: readonly string[]) {
    const client = this.connect();
    client.say({ op: 'auth', token });
    await eventually(() => expect(client.peer.frames.at(-1)).toMatchObject({ op: 'ready' }));
    client.say({ op: 'subscribe', channels });
    const own = channels.filter((name) => name !== 'prices' && !name.startsWith('candles'));
    await eventually(() => {
      for (const name of own) expect(client.peer.on(name)).toHaveLength(1);
    });
    return client;
  }

  change(userId: UserId | null, channel: OwnChannel, row: unknown): void {
    this.hub.push(userId, { channel, row, at: this.clock.now() });
  }
}

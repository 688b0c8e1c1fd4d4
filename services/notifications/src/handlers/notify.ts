import { Injectable } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { cut } from '../domain/cut.js';
import { dress } from '../domain/dress.js';
import { type Flow, NoticeFlow } from '../domain/flow.js';
import { quietUntil } from '../domain/local-time.js';
import { messageOf, type Notice } from '../domain/notice.js';
import { type Destination, type UserProfile, wantedAt } from '../domain/profile.js';
import { Deliveries, type Gather, type NewDelivery } from '../ports/deliveries.js';
import { Profiles } from '../ports/profiles.js';
import { Lanes } from './lanes.js';

/** So many may wait for one user on one channel that is down; the rest is gathered, ten minutes a line. */
const waitingMax = 500;
/** Part of a key of the store; the codes in it are words of others. */
const keyMax = 200;
const crowdGather = 600 * second;
const tell: Flow = { kind: 'tell' };

/** Turns a notice into rows of the outbox. Who wants to hear nothing costs one look into memory. */
@Injectable()
export class Notify {
  constructor(
    private readonly profiles: Profiles,
    private readonly deliveries: Deliveries,
    private readonly flow: NoticeFlow,
    private readonly lanes: Lanes,
    private readonly clock: WallClock,
  ) {}

  /** Is there anybody to tell? Whoever makes a notice of something frequent may ask before. */
  hears(userId: UserId): boolean {
    return this.profiles.of(userId) !== null;
  }

  async tellEach(users: Iterable<UserId>, noticeFor: (userId: UserId) => Notice | null): Promise<void> {
    for (const userId of users) {
      const notice = noticeFor(userId);
      if (notice !== null) await this.tell(notice);
    }
  }

  everybody(): UserId[] {
    return [...this.profiles.all()].map(({ userId }) => userId);
  }

  /** Durable when it resolves; told once, however often it is called with the same notice. */
  async tell(notice: Notice): Promise<void> {
    const profile = this.profiles.of(notice.userId);
    if (profile === null) return;
    const wanted = wantedAt(profile, notice).filter(({ channel }) => this.lanes.has(channel));
    if (wanted.length === 0) return;
    const now = this.clock.now();
    const { quietHours, timeZone } = profile.preferences;
    const quiet = quietUntil(now, quietHours, timeZone);
    const flow = this.flow.decide(notice, now, quiet);
    const crowded = await this.deliveries.crowded(profile.userId, waitingMax);
    const flowOf = ({ channel }: Destination): Flow => {
      if (crowded.has(channel)) return { kind: 'gather', key: 'late', dueAt: Timestamp.plus(now, crowdGather) };
      // A machine does not sleep.
      return channel === 'webhook' && flow.kind === 'gather' && flow.key === 'quiet' ? tell : flow;
    };
    const onceId = `${notice.id}:${notice.userId}`;
    const added = await this.deliveries.add({ onceId, userId: profile.userId, ...plan(notice, wanted, flowOf) }, now);
    if (added) for (const { channel } of wanted) this.lanes.wake(channel);
  }

  /** Past every preference: somebody waits for exactly this, at this destination. */
  async tellAt(profile: UserProfile, notice: Notice, destination: Omit<Destination, 'since'>): Promise<void> {
    const at = [{ ...destination, since: notice.at }];
    const onceId = `${notice.id}:${notice.userId}`;
    await this.deliveries.add({ onceId, userId: profile.userId, ...plan(notice, at, () => tell) }, this.clock.now());
    this.lanes.wake(destination.channel);
  }
}

function plan(
  notice: Notice,
  wanted: readonly Destination[],
  flowOf: (destination: Destination) => Flow,
): { deliveries: NewDelivery[]; gathers: Gather[] } {
  const message = messageOf(notice);
  const gathers = new Map<string, Gather>();
  const deliveries: NewDelivery[] = [];
  for (const destination of wanted) {
    const { channel, address } = destination;
    const flow = flowOf(destination);
    if (flow.kind === 'gather') {
      gathers.set(channel, { channel, key: cut(flow.key, keyMax), dueAt: flow.dueAt, notice, title: message.title });
      continue;
    }
    for (const [part, payload] of dress(channel, message, notice).entries()) {
      const { userId, id: noticeId } = notice;
      deliveries.push({ userId, destination: address, noticeId, part, title: message.title, payload });
    }
  }
  return { deliveries, gathers: [...gathers.values()] };
}

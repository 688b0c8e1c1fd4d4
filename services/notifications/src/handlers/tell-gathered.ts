import { Injectable } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Log, WallClock } from '@scalpstorm/observability';
import { dress } from '../domain/dress.js';
import { digestOf, type Gathering } from '../domain/gathering.js';
import { localTime } from '../domain/local-time.js';
import { destinationsOf } from '../domain/profile.js';
import { dueSummary, summaryNotice } from '../domain/summary.js';
import { Confirmations } from '../ports/confirmations.js';
import { Deliveries, type NewDelivery } from '../ports/deliveries.js';
import { KnownBots } from '../ports/known-bots.js';
import { Profiles } from '../ports/profiles.js';
import { NotificationSettings } from '../ports/settings.js';
import { Lanes } from './lanes.js';
import { Notify } from './notify.js';

const everyMs = 1_000;
const pruneEveryMs = 3_600_000;
const day = 86_400 * second;
/** Yesterday's are told, in whatever time zone. */
const resultsKept = 3 * day;

/** What the clock brings: gathered lines, daily summaries, and the end of what is old. */
@Injectable()
export class TellGathered {
  private timers: NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly profiles: Profiles,
    private readonly deliveries: Deliveries,
    private readonly confirmations: Confirmations,
    private readonly bots: KnownBots,
    private readonly settings: NotificationSettings,
    private readonly notify: Notify,
    private readonly lanes: Lanes,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timers = [
      setInterval(() => this.once(() => this.round()), everyMs),
      setInterval(() => this.once(() => this.prune()), pruneEveryMs),
    ];
    this.once(() => this.prune());
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  /** Never two at a time; one that failed is tried again by the next tick. */
  private once(work: () => Promise<void>): void {
    if (this.busy) return;
    this.busy = true;
    this.running = work()
      .catch((error: unknown) => this.log.warn({ error }, 'a round of the clock failed; the next one tries again'))
      .finally(() => {
        this.busy = false;
      });
  }

  private async round(): Promise<void> {
    if (this.notify.everybody().length === 0) return;
    const now = this.clock.now();
    for (const gathering of await this.deliveries.dueGatherings(now)) await this.tell(gathering, now);
    for (const profile of this.profiles.all()) {
      const due = dueSummary(profile, now);
      if (due === null) continue;
      const results = await this.bots.resultsOf(profile.userId, due.of);
      const facts = { day: due.of, results, bots: this.bots.of(profile.userId), at: now };
      await this.notify.tell(summaryNotice(profile.userId, facts));
      await this.profiles.claimSummary(profile.userId, due.day);
    }
  }

  private async tell(gathering: Gathering, now: Timestamp): Promise<void> {
    const { userId, channel, key, from, to } = gathering;
    const profile = this.profiles.of(userId);
    const message = digestOf(gathering);
    const noticeId = `gathered:${userId}:${key}:${from}:${to}:${gathering.count}`;
    const facts = { id: noticeId, kind: 'activity', level: 'INFO', mode: null, botId: null, at: to } as const;
    const places = profile === null ? [] : destinationsOf(profile).filter((one) => one.channel === channel);
    const rows = places.flatMap(({ address }): NewDelivery[] =>
      dress(channel, message, facts).map((payload, part) => ({
        userId,
        destination: address,
        noticeId,
        part,
        title: message.title,
        payload,
      })),
    );
    await this.deliveries.release(gathering, rows, now);
    this.lanes.wake(channel);
  }

  private async prune(): Promise<void> {
    const now = this.clock.now();
    const forgotten = await this.deliveries.prune(Timestamp.plus(now, -this.settings.keptDays * day));
    await this.confirmations.prune(now);
    await this.bots.pruneResults(localTime(Timestamp.plus(now, -resultsKept), 'UTC').day);
    if (forgotten > 0) this.log.info({ forgotten }, 'old messages were forgotten');
  }
}

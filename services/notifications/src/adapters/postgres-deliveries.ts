import { type FailedDelivery, type NotificationChannel, notificationChannels } from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, UserId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { Inbox, Store, Transaction } from '@scalpstorm/store';
import { cut } from '../domain/cut.js';
import type { Payload } from '../domain/dress.js';
import { type Gathering, gathered } from '../domain/gathering.js';
import type { Delivery } from '../ports/channel.js';
import {
  type Claim,
  type Decided,
  Deliveries,
  type FailedPlace,
  type Gather,
  type NewDelivery,
  type Settled,
} from '../ports/deliveries.js';

/** Longer than any attempt can take, so that nobody sends what is being sent. */
const leaseMs = 90_000;
const failedShown = 50;
const gatheringsAtOnce = 100;
const errorMax = 500;
const titleMax = 300;
const pruneBatch = 1_000;
const pruneBatchesMax = 100;
const idPattern = /^\d{1,18}$/;

interface Row {
  readonly id: bigint;
  readonly user_id: string;
  readonly destination: string;
  readonly notice_id: string;
  readonly payload: Payload;
  readonly attempts: number;
  readonly created_at: bigint;
}
interface GatheringRow {
  readonly user_id: string;
  readonly channel: NotificationChannel;
  readonly key: string;
  readonly count: number;
  readonly kinds: Gathering['kinds'];
  readonly titles: readonly string[];
  readonly from_at: bigint;
  readonly to_at: bigint;
  readonly due_at: bigint;
}

const timeOf = (micros: bigint): Timestamp => Timestamp.fromMicros(Number(micros));

/** The outbox in the schema of notifications. */
export class PostgresDeliveries extends Deliveries {
  constructor(
    private readonly store: Store,
    private readonly inbox: Inbox,
    private readonly log: Log,
  ) {
    super();
  }

  add(decided: Decided, now: Timestamp): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      if (!(await this.inbox.fresh(tx, decided.onceId))) return false;
      for (const delivery of decided.deliveries) await this.insert(tx, delivery, now);
      for (const gather of decided.gathers) {
        await this.alone(tx, gather, (nested) => this.gather(nested, decided, gather));
      }
      return true;
    });
  }

  async crowded(userId: UserId, waitingMax: number): Promise<ReadonlySet<NotificationChannel>> {
    const rows = await this.store.sql<{ channel: NotificationChannel }[]>`
      select channel from deliveries where user_id = ${userId} and state = 'waiting'
      group by channel having count(*) >= ${waitingMax}`;
    return new Set(rows.map(({ channel }) => channel));
  }

  async claim(channel: NotificationChannel, { max, except }: Claim, now: Timestamp): Promise<readonly Delivery[]> {
    const until = Timestamp.plus(now, leaseMs * millisecond);
    const rows = await this.store.statement(
      (sql) => sql<Row[]>`
        with due as (
          -- Of each destination one, the oldest that was not tried yet, if there is one.
          select distinct on (destination) id, attempts > 0 as retried from deliveries
          where channel = ${channel} and state = 'waiting' and next_at <= ${now} and destination <> all(${[...except]})
          order by destination, attempts > 0, id
        ), chosen as (
          -- Asked once more of the locked row: another process may have claimed it since "due" was read.
          select id from deliveries join due using (id) where state = 'waiting' and next_at <= ${now}
          order by retried, id limit ${max} for update of deliveries skip locked
        )
        update deliveries set next_at = ${until} from chosen where deliveries.id = chosen.id
        returning deliveries.id, user_id, destination, notice_id, payload, attempts, created_at`,
    );
    return rows.map((row) => ({
      id: String(row.id),
      userId: UserId.of(row.user_id),
      destination: row.destination,
      noticeId: row.notice_id,
      payload: row.payload,
      attempts: row.attempts,
      createdAt: timeOf(row.created_at),
    }));
  }

  async nextAt(channel: NotificationChannel, except: readonly string[]): Promise<Timestamp | null> {
    const [row] = await this.store.sql<{ next: bigint | null }[]>`
      select min(next_at) as next from deliveries
      where channel = ${channel} and state = 'waiting' and destination <> all(${[...except]})`;
    return row?.next == null ? null : timeOf(row.next);
  }

  async postpone(channel: NotificationChannel, destination: string, until: Timestamp): Promise<void> {
    await this.store.statement(
      (sql) => sql`update deliveries set next_at = ${until}
        where channel = ${channel} and destination = ${destination} and state = 'waiting' and next_at < ${until}`,
    );
  }

  async putBack(id: string, at: Timestamp): Promise<void> {
    await this.store.statement(
      (sql) => sql`update deliveries set next_at = ${at} where id = ${id}::bigint and state = 'waiting'`,
    );
  }

  async settle(id: string, settled: Settled, now: Timestamp): Promise<void> {
    await this.store.statement((sql) => {
      if (settled.kind === 'sent') {
        // What was said is not kept longer than it takes to say it.
        return sql`update deliveries set state = 'sent', attempts = attempts + 1, settled_at = ${now}, error = '',
          payload = '{}'::jsonb where id = ${id}::bigint and state = 'waiting'`;
      }
      const error = cut(settled.error, errorMax);
      if (settled.kind === 'failed') {
        return sql`update deliveries set state = 'failed', attempts = attempts + 1, settled_at = ${now},
          error = ${error} where id = ${id}::bigint and state = 'waiting'`;
      }
      const more = settled.countsAttempt ? 1 : 0;
      return sql`update deliveries set next_at = ${settled.at}, attempts = attempts + ${more}, error = ${error}
        where id = ${id}::bigint and state = 'waiting'`;
    });
  }

  async failed(userId: UserId): Promise<readonly FailedDelivery[]> {
    const rows = await this.store.sql<
      { id: bigint; channel: NotificationChannel; title: string; error: string; attempts: number; created_at: bigint }[]
    >`select id, channel, title, error, attempts, created_at from deliveries
      where user_id = ${userId} and state = 'failed' order by id desc limit ${failedShown}`;
    return rows.map(({ id, created_at, ...row }) => ({ ...row, id: String(id), createdAt: timeOf(created_at) }));
  }

  async placeOfFailed(userId: UserId, id: string): Promise<FailedPlace | null> {
    if (!idPattern.test(id)) return null;
    const [row] = await this.store.sql<FailedPlace[]>`
      select channel, destination, notice_id as "noticeId" from deliveries
      where id = ${id}::bigint and user_id = ${userId} and state = 'failed'`;
    return row ?? null;
  }

  async retry(userId: UserId, id: string, destination: string, now: Timestamp): Promise<boolean> {
    if (!idPattern.test(id)) return false;
    // Where the same message went to the present destination already, there is nothing to send again.
    const { count } = await this.store.statement(
      (sql) => sql`
        update deliveries failed
        set state = 'waiting', attempts = 0, next_at = ${now}, settled_at = null, destination = ${destination}
        where id = ${id}::bigint and user_id = ${userId} and state = 'failed' and not exists (
          select from deliveries other where other.notice_id = failed.notice_id and other.channel = failed.channel
            and other.destination = ${destination} and other.part = failed.part and other.id <> failed.id)`,
    );
    return count > 0;
  }

  async forget(userId: UserId, channel: NotificationChannel, destination: string): Promise<void> {
    await this.store.statement(
      (sql) => sql`delete from deliveries where user_id = ${userId} and channel = ${channel}
        and destination = ${destination} and state = 'waiting'`,
    );
  }

  async dueGatherings(now: Timestamp): Promise<readonly Gathering[]> {
    const rows = await this.store.sql<GatheringRow[]>`
      select user_id, channel, key, count, kinds, titles, from_at, to_at, due_at from gatherings
      where due_at <= ${now} order by due_at limit ${gatheringsAtOnce}`;
    return rows.map(gatheringOf);
  }

  async release(gathering: Gathering, deliveries: readonly NewDelivery[], now: Timestamp): Promise<void> {
    const { userId, channel, key, count } = gathering;
    await this.store.transaction(async (tx) => {
      const gone = await tx`delete from gatherings where user_id = ${userId} and channel = ${channel}
        and key = ${key} and count = ${count}`;
      if (gone.count === 0) return;
      for (const delivery of deliveries) await this.insert(tx, delivery, now);
    });
  }

  async waiting(): Promise<Readonly<Record<NotificationChannel, number>>> {
    const rows = await this.store.sql<{ channel: NotificationChannel; count: bigint }[]>`
      select channel, count(*) as count from deliveries where state = 'waiting' group by channel`;
    const counts = new Map(rows.map(({ channel, count }) => [channel, Number(count)]));
    const of = (channel: NotificationChannel) => counts.get(channel) ?? 0;
    const [telegram, email, webhook] = notificationChannels;
    return { telegram: of(telegram), email: of(email), webhook: of(webhook) };
  }

  async prune(before: Timestamp): Promise<number> {
    let forgotten = 0;
    for (let batch = 0; batch < pruneBatchesMax; batch += 1) {
      const { count } = await this.store.sql`
        delete from deliveries where id in (
          select id from deliveries where settled_at < ${before} order by settled_at limit ${pruneBatch})`;
      forgotten += count;
      if (count < pruneBatch) break;
    }
    return forgotten;
  }

  private insert(tx: Transaction, delivery: NewDelivery, now: Timestamp): Promise<void> {
    const { userId, destination, noticeId, part, title, payload } = delivery;
    return this.alone(tx, { channel: payload.channel, noticeId }, async (nested) => {
      await nested`
        insert into deliveries (user_id, channel, destination, notice_id, part, title, payload, next_at, created_at)
        values (${userId}, ${payload.channel}, ${destination}, ${noticeId}, ${part}, ${cut(title, titleMax)},
          ${nested.json(payload as unknown as JsonObject)}, ${now}, ${now})
        on conflict (notice_id, channel, destination, part) do nothing`;
    });
  }

  /** A row that Postgres refuses is lost alone, and said; the other channels' rows of the same event stay. */
  private async alone(
    tx: Transaction,
    { channel, ...what }: { readonly channel: NotificationChannel; readonly noticeId?: string; readonly key?: string },
    write: (nested: Transaction) => Promise<void>,
  ): Promise<void> {
    try {
      await tx.savepoint((nested) => write(nested as unknown as Transaction));
    } catch (error) {
      if (!isRefusedRow(error)) throw error;
      const { noticeId = '', key = '' } = what;
      this.log.error({ channel, noticeId, key, error }, 'a message could not be stored; the other channels are told');
    }
  }

  /** One row a user, channel and key; a row of the same user is written by one event at a time, because it is locked. */
  private async gather(
    tx: Transaction,
    { userId }: Decided,
    { channel, key, notice, title, dueAt }: Gather,
  ): Promise<void> {
    const [row] = await tx<GatheringRow[]>`
      select user_id, channel, key, count, kinds, titles, from_at, to_at, due_at from gatherings
      where user_id = ${userId} and channel = ${channel} and key = ${key} for update`;
    const now = gathered(row === undefined ? null : gatheringOf(row), notice, cut(title, titleMax));
    const kinds = tx.json(now.kinds as JsonObject);
    const titles = tx.json([...now.titles]);
    await tx`
      insert into gatherings (user_id, channel, key, count, kinds, titles, from_at, to_at, due_at)
      values (${userId}, ${channel}, ${key}, ${now.count}, ${kinds}, ${titles}, ${now.from}, ${now.to}, ${dueAt})
      on conflict (user_id, channel, key) do update set count = gatherings.count + 1, kinds = excluded.kinds,
        titles = excluded.titles, from_at = excluded.from_at, to_at = excluded.to_at`;
  }
}

/** Classes of SQLSTATE: the words cannot be stored (22), a rule of the table (23), too long for an index (54). */
const refusedRow = /^(22|23|54)/;

const isRefusedRow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && refusedRow.test(error.code);

const gatheringOf = (row: GatheringRow): Gathering => ({
  userId: UserId.of(row.user_id),
  channel: row.channel,
  key: row.key,
  count: row.count,
  kinds: row.kinds,
  titles: row.titles,
  from: timeOf(row.from_at),
  to: timeOf(row.to_at),
  dueAt: timeOf(row.due_at),
});

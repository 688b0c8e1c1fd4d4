import {
  type MessageHeaders,
  newMeta,
  type OutboxMessage,
  outboxMessage,
  type Stamped,
  traceHeaders,
} from '@scalpstorm/bus';
import { activityLogged, botChanged, type Contract, cycleCompleted, type Meta } from '@scalpstorm/contracts';
import { type Activity, BotId, type EventId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import {
  Gathered,
  GroupCommit,
  isConnectionFailure,
  isStoreWeather,
  type Lease,
  type Outbox,
  type Store,
  type Transaction,
} from '@scalpstorm/store';
import { type BotChange, BotStore, type BotWish, type Standing, type StoredBot } from '../ports/bot-store.js';
import { type CommandTarget, commandTargets, standingsOf } from './bot-questions.js';
import { type BotRow, botFromRow } from './bot-rows.js';
import { moveBots, putBots, putCommands, putCycles, putJournal, WrittenParts } from './bot-statements.js';
import { amendCycles } from './cycle-rows.js';

const pruneBatch = 1_000;
const pruneBatchesMax = 100;

interface Write {
  readonly change: BotChange;
  readonly commandId: string | null;
  /** Of whoever asked for it: one transaction writes for many. */
  readonly headers: MessageHeaders;
}

export interface BotStoreParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly lease: Pick<Lease, 'prove'>;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Bots, cycles and commands in the schema of strategy. Every write proves the lease, so nobody else's older one comes over it. */
export class PostgresBotStore extends BotStore {
  readonly unreadable = new Set<string>();
  private readonly writes: GroupCommit<Write>;
  private readonly targets: Gathered<string, CommandTarget | null>;
  private readonly standings: Gathered<BotWish, Standing>;
  /** A fact that is written again, because nobody knows whether it was, keeps its event id and is heard once. */
  private readonly metas = new WeakMap<object, Meta>();
  private readonly writtenParts = new WrittenParts();

  constructor(private readonly parts: BotStoreParts) {
    super();
    this.writes = new GroupCommit(parts.store, (tx, items) => this.write(tx, items));
    this.targets = new Gathered((ids) => commandTargets(parts.store.sql, ids));
    this.standings = new Gathered((wishes) => standingsOf(parts.store.sql, wishes));
  }

  async loadAll(): Promise<readonly StoredBot[]> {
    const rows = await this.parts.store.sql<
      BotRow[]
    >`select bots.*, (select max(number) from journal where bot_id = bots.id) as journalled
        from bots where deleted_at_us is null order by created_at_us`;
    return rows.flatMap((row) => this.readable(row));
  }

  async find(botId: BotId): Promise<{ readonly stored: StoredBot; readonly deleted: boolean } | null> {
    const [row] = await this.parts.store.sql<BotRow[]>`
      select bots.*, (select max(number) from journal where bot_id = bots.id) as journalled from bots where id = ${botId}`;
    return row ? { stored: botFromRow(row), deleted: row.deleted_at_us !== null } : null;
  }

  commit(change: BotChange): Promise<void> {
    return this.submit({ change, commandId: null, headers: traceHeaders() });
  }

  commitCommand(commandId: string, change: BotChange): Promise<void> {
    return this.submit({ change, commandId, headers: traceHeaders() });
  }

  async tell(activity: Activity): Promise<void> {
    const { store, lease, outbox } = this.parts;
    const event = { meta: this.metaOf(activity, null), activity };
    const message = outboxMessage(activityLogged, event, event.meta.eventId, traceHeaders());
    await store.transaction((tx) => Promise.all([lease.prove(tx), outbox.add(tx, [message])]));
  }

  commandTarget(commandId: string): Promise<CommandTarget | null> {
    return this.targets.ask(commandId);
  }

  standing(wish: BotWish): Promise<Standing> {
    return this.standings.ask(wish);
  }

  async pruneCommands(days: number): Promise<number> {
    let forgotten = 0;
    for (let batch = 0; batch < pruneBatchesMax; batch += 1) {
      const { count } = await this.parts.store.sql`
        delete from commands where command_id in (
          select command_id from commands where answered_at < now() - make_interval(days => ${days})
          order by answered_at limit ${pruneBatch})`;
      forgotten += count;
      if (count < pruneBatch) break;
    }
    return forgotten;
  }

  /** One row that is no bot must not keep the others from being loaded. */
  private readable(row: BotRow): readonly StoredBot[] {
    try {
      return [botFromRow(row)];
    } catch (error) {
      this.unreadable.add(row.id);
      this.parts.log.error({ botId: row.id, error }, 'the row of a bot can not be read; mend it and start again');
      return [];
    }
  }

  /** What can not be written is tried once more by itself: the fault may be a neighbour's in the same transaction. */
  private async submit(write: Write): Promise<void> {
    try {
      await this.writes.submit(write);
    } catch (error) {
      if (isStoreWeather(error) || isConnectionFailure(error)) throw error;
      await this.parts.store.transaction((tx) => this.write(tx, [write]));
    }
  }

  private async write(tx: Transaction, items: readonly Write[]): Promise<void> {
    // Several changes of one bot in a batch: the last one is the bot as it is now.
    const newest = [...new Map(items.map(({ change }) => [change.stored.bot.id, change])).values()];
    const isMoved = ({ stored, deleted }: BotChange): boolean => !deleted && this.writtenParts.has(stored);
    const moved = newest.filter(isMoved);
    const whole = newest.filter((change) => !isMoved(change));
    const deletedAt = this.parts.clock.now();
    const cycles = items.flatMap(({ change }) =>
      change.cycles.map((cycle) => ({ userId: change.stored.bot.userId, cycle })),
    );
    const commands = items.flatMap(({ change: { stored }, commandId }) =>
      commandId === null ? [] : [{ command_id: commandId, user_id: stored.bot.userId, bot_id: stored.bot.id }],
    );
    const messages = items.flatMap((item) => this.messagesOf(item));
    await Promise.all([
      this.parts.lease.prove(tx),
      putBots(
        tx,
        whole.map(({ stored, deleted }) => ({ stored, deletedAt: deleted ? deletedAt : null })),
      ),
      moveBots(
        tx,
        moved.map(({ stored }) => stored),
      ),
      putCycles(tx, cycles),
      amendCycles(
        tx,
        items.flatMap(({ change }) => change.amended),
      ),
      putCommands(tx, commands),
      putJournal(
        tx,
        items.map(({ change }) => ({ botId: change.stored.bot.id, rows: change.journal })),
      ),
      this.parts.outbox.add(tx, messages),
    ]);
    this.parts.store.afterCommit(tx, () => {
      for (const { stored, deleted } of whole) {
        if (deleted) this.writtenParts.forget(stored.bot.id);
        else this.writtenParts.note(stored);
      }
    });
  }

  private messagesOf({ change, headers }: Write): OutboxMessage[] {
    const { stored, visible, deleted, cycles, amended, activities, causedBy } = change;
    const { bot } = stored;
    const { userId } = bot;
    const said = <E extends Stamped>(contract: Contract<E>, event: E) =>
      outboxMessage(contract, event, event.meta.eventId, headers);
    const metaOf = (fact: object) => this.metaOf(fact, causedBy);
    return [
      ...[...cycles, ...amended].map((cycle) =>
        said(cycleCompleted, {
          meta: metaOf(cycle),
          ...{ userId, cycle, amends: amended.includes(cycle), accountId: bot.config.accountId },
        }),
      ),
      ...(visible ? [said(botChanged, { meta: metaOf(bot), bot, deleted })] : []),
      ...activities.map((activity) => said(activityLogged, { meta: metaOf(activity), activity })),
    ];
  }

  private metaOf(fact: object, causedBy: EventId | null): Meta {
    const known = this.metas.get(fact);
    if (known) return known;
    const meta = newMeta(this.parts.clock, causedBy);
    this.metas.set(fact, meta);
    return meta;
  }
}

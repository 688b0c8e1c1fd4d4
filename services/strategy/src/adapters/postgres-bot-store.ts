import { newMeta, type OutboxMessage, outboxMessage } from '@scalpstorm/bus';
import { activityLogged, botChanged, cycleCompleted, type Meta } from '@scalpstorm/contracts';
import { type Bot, BotId, type Cycle, type EventId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import {
  GroupCommit,
  isConnectionFailure,
  isPostgresError,
  type Outbox,
  type Store,
  type Transaction,
} from '@scalpstorm/store';
import { type BotChange, BotStore, type StoredBot } from '../ports/bot-store.js';
import { type BotRow, botFromRow, rowFromBot, rowFromCycle } from './bot-rows.js';
import { instrumentToJson } from './instrument-json.js';

const updatedColumns = [
  'name',
  'desired',
  'observed',
  'reason_code',
  'reason_text',
  'since_us',
  'cycles',
  'fills',
  'pnl',
  'fees',
  'held',
  'version',
  'parameters',
  'state',
  'instrument',
] as const;

const pruneBatch = 1_000;
const pruneBatchesMax = 100;

interface Write {
  readonly change: BotChange;
  readonly commandId: string | null;
}

export interface BotStoreParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Bots, cycles and commands in the schema of strategy. */
export class PostgresBotStore extends BotStore {
  readonly unreadable = new Set<string>();
  private readonly writes: GroupCommit<Write>;
  /** A fact that is written again, because nobody knows whether it was, keeps its event id and is heard once. */
  private readonly metas = new WeakMap<object, Meta>();

  constructor(private readonly parts: BotStoreParts) {
    super();
    this.writes = new GroupCommit(parts.store, (tx, items) => this.write(tx, items));
  }

  async loadAll(): Promise<readonly StoredBot[]> {
    const rows = await this.parts.store.sql<
      BotRow[]
    >`select * from bots where deleted_at_us is null order by created_at_us`;
    return rows.flatMap((row) => this.readable(row));
  }

  async find(botId: BotId): Promise<{ readonly stored: StoredBot; readonly deleted: boolean } | null> {
    const [row] = await this.parts.store.sql<BotRow[]>`select * from bots where id = ${botId}`;
    return row ? { stored: botFromRow(row), deleted: row.deleted_at_us !== null } : null;
  }

  commit(change: BotChange): Promise<void> {
    return this.submit({ change, commandId: null });
  }

  commitCommand(commandId: string, change: BotChange): Promise<void> {
    return this.submit({ change, commandId });
  }

  async commandTarget(commandId: string): Promise<{ userId: string; botId: BotId | null } | null> {
    const [row] = await this.parts.store.sql<{ user_id: string; bot_id: string | null }[]>`
      select user_id, bot_id from commands where command_id = ${commandId}`;
    return row ? { userId: row.user_id, botId: row.bot_id === null ? null : BotId.of(row.bot_id) } : null;
  }

  async nameTaken(userId: string, name: string, except: BotId | null): Promise<boolean> {
    const rows = await this.parts.store.sql`
      select 1 from bots where user_id = ${userId} and name = ${name} and deleted_at_us is null
        and id <> ${except ?? ''} limit 1`;
    return rows.length > 0;
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

  async countOf(userId: string): Promise<number> {
    const [row] = await this.parts.store.sql<{ bots: number }[]>`
      select count(*)::int as bots from bots where user_id = ${userId} and deleted_at_us is null`;
    return row?.bots ?? 0;
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

  /** What the database refuses is written once more by itself: the fault may be a neighbour's in the same transaction. */
  private async submit(write: Write): Promise<void> {
    try {
      await this.writes.submit(write);
    } catch (error) {
      if (!isPostgresError(error) || isConnectionFailure(error)) throw error;
      await this.parts.store.transaction((tx) => this.write(tx, [write]));
    }
  }

  private async write(tx: Transaction, items: readonly Write[]): Promise<void> {
    // Several changes of one bot in a batch: the last one is the bot as it is now.
    const newest = new Map(items.map(({ change }) => [change.stored.bot.id, change]));
    const rows = [...newest.values()].map((change) => this.rowOf(tx, change));
    // Whatever is written later, nobody comes back from the dead.
    const deletion = 'deleted_at_us = coalesce(bots.deleted_at_us, excluded.deleted_at_us)';
    const cycles = items.flatMap(({ change }) =>
      change.cycles.map((cycle) => this.cycleRowOf(tx, change.stored.bot, cycle)),
    );
    const commands = items.flatMap(({ change, commandId }) =>
      commandId === null
        ? []
        : [{ command_id: commandId, user_id: change.stored.bot.userId, bot_id: change.stored.bot.id }],
    );
    const updates = tx.unsafe(
      [...updatedColumns.map((column) => `${column} = excluded.${column}`), deletion].join(', '),
    );
    await Promise.all([
      tx`insert into bots ${tx(rows)} on conflict (id) do update set ${updates}`,
      cycles.length > 0 && tx`insert into cycles ${tx(cycles)} on conflict do nothing`,
      commands.length > 0 && tx`insert into commands ${tx(commands)} on conflict do nothing`,
      this.parts.outbox.add(
        tx,
        items.flatMap(({ change }) => this.messagesOf(change)),
      ),
    ]);
  }

  private rowOf(tx: Transaction, { stored, deleted }: BotChange) {
    return {
      ...rowFromBot(stored.bot),
      strategy: stored.bot.config.strategy,
      parameters: tx.json(stored.bot.config.parameters as never),
      state: tx.json(stored.state as never),
      instrument: stored.instrument && tx.json(instrumentToJson(stored.instrument) as never),
      deleted_at_us: deleted ? this.parts.clock.now() : null,
    };
  }

  private cycleRowOf(tx: Transaction, { userId }: Bot, cycle: Cycle) {
    const row = rowFromCycle(userId, cycle);
    return { ...row, fees_paid: tx.json(row.fees_paid as never), other_fees: tx.json(row.other_fees as never) };
  }

  private messagesOf({ stored, visible, deleted, cycles, activities, causedBy }: BotChange): OutboxMessage[] {
    const { bot } = stored;
    const metaOf = (fact: object) => this.metaOf(fact, causedBy);
    return [
      ...cycles.map((cycle) => outboxMessage(cycleCompleted, { meta: metaOf(cycle), userId: bot.userId, cycle })),
      ...(visible ? [outboxMessage(botChanged, { meta: metaOf(bot), bot, deleted })] : []),
      ...activities.map((activity) => outboxMessage(activityLogged, { meta: metaOf(activity), activity })),
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

import { type BotChanged, botChanged } from '@scalpstorm/contracts';
import { type AccountId, type Bot, BotId, type Cycle, Money, type UserId } from '@scalpstorm/model';
import { GroupCommit, type Store, type Transaction } from '@scalpstorm/store';
import { type DayResult, KnownBots } from '../ports/known-bots.js';

/** A deleted bot stays in memory and table as its version alone, so that a late event does not bring it back. */
interface Known {
  readonly version: number;
  readonly bot: Bot | null;
}

/** Bots in the schema of notifications, and all of them in memory; many changes share one commit. */
export class PostgresKnownBots extends KnownBots {
  private readonly bots = new Map<BotId, Known>();
  private readonly commits: GroupCommit<BotChanged>;

  constructor(private readonly store: Store) {
    super();
    this.commits = new GroupCommit<BotChanged>(store, write);
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<{ bot_id: string; version: number; event: Uint8Array }[]>`
      select bot_id, version, event from bots order by bot_id`;
    for (const { bot_id, version, event } of rows) {
      const { bot, deleted } = botChanged.decode(new Uint8Array(event));
      this.bots.set(BotId.of(bot_id), { version, bot: deleted ? null : bot });
    }
  }

  get(id: BotId): Bot | null {
    return this.bots.get(id)?.bot ?? null;
  }

  of(userId: UserId): readonly Bot[] {
    return this.living()
      .filter((bot) => bot.userId === userId)
      .sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1));
  }

  usersOf(accountId: AccountId): readonly UserId[] {
    return [
      ...new Set(this.living().flatMap(({ config, userId }) => (config.accountId === accountId ? [userId] : []))),
    ];
  }

  isNews({ bot }: BotChanged): boolean {
    return bot.version > (this.bots.get(bot.id)?.version ?? -1);
  }

  async fold(event: BotChanged): Promise<void> {
    const { bot, deleted } = event;
    await this.commits.submit(event);
    this.bots.set(bot.id, { version: bot.version, bot: deleted ? null : bot });
  }

  async countCycle(userId: UserId, cycle: Cycle, day: string): Promise<void> {
    const { botId, number, mode, net, fees, otherFees } = cycle;
    const won = net.amount > 0n ? 1 : 0;
    const unvalued = otherFees.filter(({ value }) => value === null).length;
    await this.store.statement(
      (sql) => sql`
        insert into cycle_results (bot_id, number, user_id, day, mode, currency, cycles, wins, net, fees, unvalued)
        values (${botId}, ${number}, ${userId}, ${day}, ${mode}, ${net.currency}, 1, ${won}, ${Money.format(net)},
          ${Money.format(fees)}, ${unvalued})
        on conflict (bot_id, number) do update set wins = excluded.wins, net = excluded.net, fees = excluded.fees,
          unvalued = excluded.unvalued
          where excluded.unvalued < cycle_results.unvalued`,
    );
  }

  async resultsOf(userId: UserId, day: string): Promise<readonly DayResult[]> {
    return this.store.sql<DayResult[]>`
      select mode, currency, sum(cycles)::int as cycles, sum(wins)::int as wins, sum(net) as net, sum(fees) as fees
      from cycle_results where user_id = ${userId} and day = ${day} group by mode, currency order by mode, currency`;
  }

  async pruneResults(beforeDay: string): Promise<number> {
    const { count } = await this.store.sql`delete from cycle_results where day < ${beforeDay}`;
    return count;
  }

  private living(): Bot[] {
    return [...this.bots.values()].flatMap(({ bot }) => (bot === null ? [] : [bot]));
  }
}

/** The newest version of each bot, whatever order a repeated batch has. */
async function write(tx: Transaction, events: readonly BotChanged[]): Promise<void> {
  const newest = new Map(events.map((event) => [event.bot.id, event]));
  const rows = [...newest.values()];
  await tx`
    insert into bots (bot_id, user_id, version, event)
    select bot_id, user_id, version::integer, decode(event, 'hex') from unnest(
      ${rows.map(({ bot }) => bot.id as string)}::text[], ${rows.map(({ bot }) => bot.userId as string)}::text[],
      ${rows.map(({ bot }) => String(bot.version))}::text[],
      ${rows.map((event) => Buffer.from(botChanged.encode(event)).toString('hex'))}::text[]
    ) as given (bot_id, user_id, version, event)
    on conflict (bot_id) do update set version = excluded.version, event = excluded.event
      where bots.version < excluded.version`;
}

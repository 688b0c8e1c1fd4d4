import { instrumentToJson } from '@scalpstorm/contracts';
import type { Bot, BotId, Cycle, UserId } from '@scalpstorm/model';
import type { Transaction } from '@scalpstorm/store';
import type { WrittenRow } from '@scalpstorm/strategies';
import type { StoredBot } from '../ports/bot-store.js';
import { movedRow, rowFromBot } from './bot-rows.js';
import { rowFromCycle } from './cycle-rows.js';

export interface WholeBot {
  readonly stored: StoredBot;
  /** Microseconds; null while it lives. */
  readonly deletedAt: number | null;
}

export interface CommandRow {
  readonly command_id: string;
  readonly user_id: string;
  readonly bot_id: string;
}

// Rows travel as one JSON text each statement, however many there are, so that the statement never changes and its plan is kept;
// amounts in it are texts and stay exact.
const json = (rows: readonly object[]): string => JSON.stringify(rows);

/** New bots, and those of which more than their movement changed. Whatever is written later, nobody comes back from the dead. */
export async function putBots(tx: Transaction, bots: readonly WholeBot[]): Promise<void> {
  if (bots.length === 0) return;
  const rows = bots.map(({ stored, deletedAt }) => ({
    ...rowFromBot(stored.bot),
    parameters: stored.bot.config.parameters,
    state: stored.state,
    instrument: stored.instrument && instrumentToJson(stored.instrument),
    deleted_at_us: deletedAt,
  }));
  await tx`
    insert into bots select given.* from jsonb_populate_recordset(null::bots, ${json(rows)}::text::jsonb) given
    on conflict (id) do update set
      name = excluded.name, parameters = excluded.parameters, instrument = excluded.instrument,
      desired = excluded.desired, observed = excluded.observed, reason_code = excluded.reason_code,
      reason_text = excluded.reason_text, since_us = excluded.since_us, cycles = excluded.cycles, fills = excluded.fills,
      pnl = excluded.pnl, fees = excluded.fees, held = excluded.held, version = excluded.version, state = excluded.state,
      deleted_at_us = coalesce(bots.deleted_at_us, excluded.deleted_at_us)`;
}

/** What trading changes of a bot that the record has: no index and none of its parameters is touched. */
export async function moveBots(tx: Transaction, bots: readonly StoredBot[]): Promise<void> {
  if (bots.length === 0) return;
  const rows = bots.map(({ bot, state }) => ({ ...movedRow(bot), state }));
  await tx`
    update bots set
      desired = given.desired, observed = given.observed, reason_code = given.reason_code, reason_text = given.reason_text,
      since_us = given.since_us, cycles = given.cycles, fills = given.fills, pnl = given.pnl, fees = given.fees,
      held = given.held, version = given.version, state = given.state
    from jsonb_to_recordset(${json(rows)}::text::jsonb) as given (
      id text, desired text, observed text, reason_code text, reason_text text, since_us bigint, cycles integer,
      fills integer, pnl numeric, fees numeric, held numeric, version integer, state jsonb)
    where bots.id = given.id`;
}

export async function putCycles(tx: Transaction, cycles: readonly { userId: UserId; cycle: Cycle }[]): Promise<void> {
  if (cycles.length === 0) return;
  const rows = cycles.map(({ userId, cycle }) => rowFromCycle(userId, cycle));
  await tx`
    insert into cycles select given.* from jsonb_populate_recordset(null::cycles, ${json(rows)}::text::jsonb) given
    on conflict do nothing`;
}

export async function putCommands(tx: Transaction, commands: readonly CommandRow[]): Promise<void> {
  if (commands.length === 0) return;
  await tx`
    insert into commands (command_id, user_id, bot_id)
    select given.command_id, given.user_id, given.bot_id
      from jsonb_to_recordset(${json(commands)}::text::jsonb) as given (command_id text, user_id text, bot_id text)
    on conflict do nothing`;
}

/** A row that is there already was written by an attempt of which nobody knew what became. */
export async function putJournal(
  tx: Transaction,
  journals: readonly { readonly botId: BotId; readonly rows: readonly WrittenRow[] }[],
): Promise<void> {
  const rows = journals.flatMap(({ botId, rows }) =>
    rows.map(({ number, at, begins, text }) => ({ bot_id: botId, number, at_us: at, begins, entry: text })),
  );
  if (rows.length === 0) return;
  await tx`
    insert into journal select given.* from jsonb_populate_recordset(null::journal, ${json(rows)}::text::jsonb) given
    on conflict do nothing`;
}

/**
 * Which of the bots have been written as they are but for their movement; of a bot both parts are made anew when they change.
 * As many as there are bots, and forgotten with them.
 */
export class WrittenParts {
  private readonly parts = new Map<BotId, Pick<StoredBot, 'instrument'> & Pick<Bot, 'config'>>();

  has({ bot, instrument }: StoredBot): boolean {
    const known = this.parts.get(bot.id);
    return known?.config === bot.config && known.instrument === instrument;
  }

  note({ bot, instrument }: StoredBot): void {
    this.parts.set(bot.id, { config: bot.config, instrument });
  }

  forget(botId: BotId): void {
    this.parts.delete(botId);
  }
}

import { BotId } from '@scalpstorm/model';
import type { Sql } from '@scalpstorm/store';
import type { BotWish, Standing } from '../ports/bot-store.js';

// What commands ask before they do anything: as many as come together are one question, whose text never changes.

export interface CommandTarget {
  readonly userId: string;
  readonly botId: BotId | null;
}

/** Null for a command that was never carried out. */
export async function commandTargets(sql: Sql, ids: readonly string[]): Promise<readonly (CommandTarget | null)[]> {
  const rows = await sql<{ command_id: string; user_id: string; bot_id: string | null }[]>`
    select command_id, user_id, bot_id from commands where command_id = any(${[...ids]}::text[])`;
  const known = new Map(rows.map((row) => [row.command_id, row]));
  return ids.map((id) => {
    const row = known.get(id);
    return row ? { userId: row.user_id, botId: row.bot_id === null ? null : BotId.of(row.bot_id) } : null;
  });
}

export function standingsOf(sql: Sql, wishes: readonly BotWish[]): Promise<readonly Standing[]> {
  const given = wishes.map(({ userId, name, besides }, place) => ({ place, user_id: userId, name, besides }));
  return sql<Standing[]>`
    select exists (
             select 1 from bots where user_id = given.user_id and name = given.name and deleted_at_us is null
                and id <> all(given.besides)) as "nameTaken",
           (select count(*)::int from bots where user_id = given.user_id and deleted_at_us is null
                and id <> all(given.besides)) as bots
      from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as given (
        place integer, user_id text, name text, besides text[])
     order by given.place`;
}

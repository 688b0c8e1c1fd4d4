import { Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, UserId } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import type { Intent } from '../domain/intent.js';
import { type Confirmation, Confirmations } from '../ports/confirmations.js';

/** Confirmations in the schema of notifications, so that a restart neither loses nor repeats one. */
export class PostgresConfirmations extends Confirmations {
  constructor(private readonly store: Store) {
    super();
  }

  async ask(hash: string, confirmation: Confirmation): Promise<void> {
    const { userId, chatId, telegramUserId, commandId, intent, expiresAt } = confirmation;
    await this.store.statement(
      (sql) => sql`insert into confirmations (hash, user_id, chat_id, telegram_user_id, command_id, intent, expires_at)
        values (${hash}, ${userId}, ${chatId}, ${telegramUserId}, ${commandId},
          ${sql.json(intent as unknown as JsonObject)}, ${expiresAt})`,
    );
  }

  async take(hash: string, chatId: number, telegramUserId: number, now: Timestamp): Promise<Confirmation | null> {
    const [row] = await this.store.statement(
      (sql) => sql<{ user_id: string; command_id: string; intent: Intent; expires_at: bigint }[]>`
        delete from confirmations where hash = ${hash} and chat_id = ${chatId} and telegram_user_id = ${telegramUserId}
        returning user_id, command_id, intent, expires_at`,
    );
    if (row === undefined || row.expires_at <= BigInt(now)) return null;
    const expiresAt = Timestamp.fromMicros(Number(row.expires_at));
    return {
      userId: UserId.of(row.user_id),
      chatId,
      telegramUserId,
      commandId: row.command_id,
      intent: row.intent,
      expiresAt,
    };
  }

  async prune(before: Timestamp): Promise<number> {
    const { count } = await this.store.sql`delete from confirmations where expires_at < ${before}`;
    return count;
  }
}

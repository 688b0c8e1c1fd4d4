import type { NotificationPreferences, UserRole } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, UserId } from '@scalpstorm/model';
import type { Sql, Store, Transaction } from '@scalpstorm/store';
import { defaultPreferences, type TelegramLink, type UserProfile } from '../domain/profile.js';
import { type CodeCheck, type NewLink, Profiles } from '../ports/profiles.js';

export const linksPerUserMax = 5;
const codeAttemptsMax = 5;

interface ProfileRow {
  readonly user_id: string;
  readonly role: UserRole;
  readonly preferences: NotificationPreferences;
  readonly summary_day: string;
  readonly address: string | null;
  readonly verified_at: bigint | null;
  readonly url: string | null;
  readonly set_at: bigint | null;
}
interface LinkRow {
  readonly id: string;
  readonly user_id: string;
  readonly chat_id: bigint;
  readonly telegram_user_id: bigint;
  readonly label: string;
  readonly linked_at: bigint;
}

const timeOf = (micros: bigint): Timestamp => Timestamp.fromMicros(Number(micros));
const chatKey = (chatId: number, telegramUserId: number): string => `${chatId}:${telegramUserId}`;

/** Profiles in the schema of notifications, and all of them in memory: this service is their only writer. */
export class PostgresProfiles extends Profiles {
  private readonly profiles = new Map<UserId, UserProfile>();
  private readonly chats = new Map<string, UserId>();

  constructor(private readonly store: Store) {
    super();
  }

  async load(): Promise<void> {
    const { sql } = this.store;
    const links = await sql<LinkRow[]>`select id, user_id, chat_id, telegram_user_id, label, linked_at
      from telegram_links order by linked_at, id`;
    const rows = await this.rows(sql`true`);
    for (const row of rows)
      this.keep(
        profileOf(
          row,
          links.filter(({ user_id }) => user_id === row.user_id),
        ),
      );
  }

  of(userId: UserId): UserProfile | null {
    return this.profiles.get(userId) ?? null;
  }

  all(): Iterable<UserProfile> {
    return this.profiles.values();
  }

  linkedTo(chatId: number, telegramUserId: number): UserProfile | null {
    const userId = this.chats.get(chatKey(chatId, telegramUserId));
    return userId === undefined ? null : this.of(userId);
  }

  async ensure(userId: UserId, role: UserRole): Promise<UserProfile> {
    const known = this.of(userId);
    if (known?.role === role) return known;
    await this.store.statement(
      (sql) => sql`insert into profiles (user_id, role, preferences)
        values (${userId}, ${role}, ${sql.json(defaultPreferences as unknown as JsonObject)})
        on conflict (user_id) do update set role = excluded.role`,
    );
    return this.refresh(userId);
  }

  async setPreferences(userId: UserId, preferences: NotificationPreferences): Promise<void> {
    await this.store.statement(
      (sql) => sql`update profiles set preferences = ${sql.json(preferences as unknown as JsonObject)}
        where user_id = ${userId}`,
    );
    await this.refresh(userId);
  }

  async offerLink(userId: UserId, codeHash: string, expiresAt: Timestamp): Promise<void> {
    await this.store.statement(
      (sql) => sql`insert into link_codes (user_id, hash, expires_at) values (${userId}, ${codeHash}, ${expiresAt})
        on conflict (user_id) do update set hash = excluded.hash, expires_at = excluded.expires_at`,
    );
  }

  async link(
    { codeHash, linkId, chatId, telegramUserId, label }: NewLink,
    now: Timestamp,
  ): Promise<UserProfile | null> {
    const linked = await this.store.transaction(async (tx) => {
      const [code] = await tx<{ user_id: string; expires_at: bigint }[]>`
        delete from link_codes where hash = ${codeHash} returning user_id, expires_at`;
      if (code === undefined || code.expires_at <= BigInt(now)) return null;
      if (!(await hasRoom(tx, code.user_id))) return null;
      // The chat was somebody else's before: whoever holds the code and the chat decides.
      const [before] = await tx<{ user_id: string }[]>`delete from telegram_links
        where chat_id = ${chatId} and telegram_user_id = ${telegramUserId} returning user_id`;
      await tx`insert into telegram_links (id, user_id, chat_id, telegram_user_id, label, linked_at)
        values (${linkId}, ${code.user_id}, ${chatId}, ${telegramUserId}, ${label}, ${now})`;
      return { userId: UserId.of(code.user_id), before: before === undefined ? null : UserId.of(before.user_id) };
    });
    if (linked === null) return null;
    if (linked.before !== null && linked.before !== linked.userId) await this.refresh(linked.before);
    return this.refresh(linked.userId);
  }

  async unlink(userId: UserId, linkId: string): Promise<number | null> {
    const [row] = await this.store.statement(
      (sql) => sql<{ chat_id: bigint }[]>`
        delete from telegram_links where id = ${linkId} and user_id = ${userId} returning chat_id`,
    );
    if (row === undefined) return null;
    await this.refresh(userId);
    return Number(row.chat_id);
  }

  async setEmail(
    userId: UserId,
    { address, codeHash, expiresAt }: { address: string; codeHash: string; expiresAt: Timestamp },
    now: Timestamp,
  ): Promise<void> {
    await this.store.statement(
      (sql) => sql`insert into emails (user_id, address, set_at, code_hash, code_expires_at)
        values (${userId}, ${address}, ${now}, ${codeHash}, ${expiresAt})
        on conflict (user_id) do update set address = excluded.address, set_at = excluded.set_at, verified_at = null,
          code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at, code_attempts = 0`,
    );
    await this.refresh(userId);
  }

  async verifyEmail(userId: UserId, codeHash: string, now: Timestamp): Promise<CodeCheck> {
    const check = await this.store.transaction(async (tx): Promise<CodeCheck> => {
      const [row] = await tx<{ code_hash: string | null; code_expires_at: bigint | null; code_attempts: number }[]>`
        select code_hash, code_expires_at, code_attempts from emails where user_id = ${userId} for update`;
      if (row === undefined || row.code_hash === null) return 'none';
      if ((row.code_expires_at ?? 0n) <= BigInt(now) || row.code_attempts >= codeAttemptsMax) return 'expired';
      if (row.code_hash !== codeHash) {
        await tx`update emails set code_attempts = code_attempts + 1 where user_id = ${userId}`;
        return 'wrong';
      }
      await tx`update emails set verified_at = ${now}, code_hash = null, code_expires_at = null where user_id = ${userId}`;
      return 'right';
    });
    if (check === 'right') await this.refresh(userId);
    return check;
  }

  async doubtEmail(userId: UserId, address: string): Promise<void> {
    await this.store.statement(
      (sql) => sql`update emails set verified_at = null where user_id = ${userId} and address = ${address}`,
    );
    await this.refresh(userId);
  }

  async removeEmail(userId: UserId): Promise<void> {
    await this.store.statement((sql) => sql`delete from emails where user_id = ${userId}`);
    await this.refresh(userId);
  }

  async setWebhook(
    userId: UserId,
    { url, sealedSecret }: { url: string; sealedSecret: Uint8Array },
    now: Timestamp,
  ): Promise<void> {
    await this.store.statement(
      (sql) => sql`insert into webhooks (user_id, url, sealed_secret, set_at)
        values (${userId}, ${url}, ${Buffer.from(sealedSecret)}, ${now})
        on conflict (user_id) do update set url = excluded.url, sealed_secret = excluded.sealed_secret,
          set_at = excluded.set_at`,
    );
    await this.refresh(userId);
  }

  async removeWebhook(userId: UserId): Promise<void> {
    await this.store.statement((sql) => sql`delete from webhooks where user_id = ${userId}`);
    await this.refresh(userId);
  }

  async webhookSecret(userId: UserId): Promise<Uint8Array | null> {
    const [row] = await this.store.sql<{ sealed_secret: Uint8Array }[]>`
      select sealed_secret from webhooks where user_id = ${userId}`;
    return row?.sealed_secret ?? null;
  }

  async renewSecrets(renewed: (userId: UserId, sealed: Uint8Array) => Uint8Array | null): Promise<number> {
    const rows = await this.store.sql<{ user_id: string; sealed_secret: Uint8Array }[]>`
      select user_id, sealed_secret from webhooks`;
    let count = 0;
    for (const { user_id, sealed_secret } of rows) {
      const fresh = renewed(UserId.of(user_id), sealed_secret);
      if (fresh === null) continue;
      // The user may have set another one meanwhile.
      await this.store.statement(
        (sql) => sql`update webhooks set sealed_secret = ${Buffer.from(fresh)}
          where user_id = ${user_id} and sealed_secret = ${Buffer.from(sealed_secret)}`,
      );
      count += 1;
    }
    return count;
  }

  async claimSummary(userId: UserId, day: string): Promise<boolean> {
    const { count } = await this.store.statement(
      (sql) => sql`update profiles set summary_day = ${day} where user_id = ${userId} and summary_day < ${day}`,
    );
    await this.refresh(userId);
    return count === 1;
  }

  private async refresh(userId: UserId): Promise<UserProfile> {
    const { sql } = this.store;
    const [row] = await this.rows(sql`profiles.user_id = ${userId}`);
    if (row === undefined) throw new Error('a profile that was just written is gone');
    const links = await sql<LinkRow[]>`select id, user_id, chat_id, telegram_user_id, label, linked_at
      from telegram_links where user_id = ${userId} order by linked_at, id`;
    return this.keep(profileOf(row, links));
  }

  private keep(profile: UserProfile): UserProfile {
    for (const { chatId, telegramUserId } of this.of(profile.userId)?.links ?? []) {
      const key = chatKey(chatId, telegramUserId);
      if (this.chats.get(key) === profile.userId) this.chats.delete(key);
    }
    for (const { chatId, telegramUserId } of profile.links) {
      this.chats.set(chatKey(chatId, telegramUserId), profile.userId);
    }
    this.profiles.set(profile.userId, profile);
    return profile;
  }

  private rows(where: ReturnType<Sql>) {
    return this.store.sql<ProfileRow[]>`
      select profiles.user_id, role, preferences, summary_day, address, verified_at, url, webhooks.set_at
      from profiles left join emails using (user_id) left join webhooks using (user_id) where ${where}`;
  }
}

async function hasRoom(tx: Transaction, userId: string): Promise<boolean> {
  const [row] = await tx<{ count: bigint }[]>`select count(*) as count from telegram_links where user_id = ${userId}`;
  return (row?.count ?? 0n) < BigInt(linksPerUserMax);
}

function profileOf(row: ProfileRow, links: readonly LinkRow[]): UserProfile {
  return {
    userId: UserId.of(row.user_id),
    role: row.role,
    preferences: row.preferences,
    links: links.map(linkOf),
    email:
      row.address === null
        ? null
        : { address: row.address, verifiedAt: row.verified_at === null ? null : timeOf(row.verified_at) },
    webhook: row.url === null || row.set_at === null ? null : { url: row.url, setAt: timeOf(row.set_at) },
    summaryDay: row.summary_day,
  };
}

const linkOf = (row: LinkRow): TelegramLink => ({
  id: row.id,
  chatId: Number(row.chat_id),
  telegramUserId: Number(row.telegram_user_id),
  label: row.label,
  linkedAt: timeOf(row.linked_at),
});

import { Injectable } from '@nestjs/common';
import { UserId } from '@scalpstorm/model';
import { AuditTrail, Store } from '@scalpstorm/store';
import type { AuditFact } from '../domain/audit-fact.js';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import type { Role } from '../domain/principal.js';
import { type NewUser, type User, type UserChange, UserDirectory } from '../ports/user-directory.js';

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly password_hash: string;
  readonly role: Role;
  readonly disabled: boolean;
}

/** Users in Postgres. */
@Injectable()
export class PostgresUserDirectory extends UserDirectory {
  constructor(
    private readonly store: Store,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async isEmpty(): Promise<boolean> {
    const rows = await this.store.sql`SELECT 1 FROM users LIMIT 1`;
    return rows.length === 0;
  }

  async addFirst(user: NewUser, fact: AuditFact): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      await tx`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`;
      const result = await tx`
        INSERT INTO users (id, email, password_hash, role, first)
        SELECT ${user.userId}, ${user.email.toLowerCase()}, ${user.passwordHash}, ${user.role}, true
        WHERE NOT EXISTS (SELECT 1 FROM users)`;
      if (result.count === 1) await this.audit.append(tx, fact);
      return result.count === 1;
    });
  }

  async add(user: NewUser, fact: AuditFact): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      const { count } = await tx`
        INSERT INTO users (id, email, password_hash, role)
        VALUES (${user.userId}, ${user.email.toLowerCase()}, ${user.passwordHash}, ${user.role})
        ON CONFLICT (email) DO NOTHING`;
      if (count === 1) await this.audit.append(tx, fact);
      return count === 1;
    });
  }

  async page({ limit, before }: Page): Promise<Listing<User>> {
    const { sql } = this.store;
    const rows = await sql<(UserRow & { readonly sequence: bigint })[]>`
      SELECT sequence, id, email, password_hash, role, disabled FROM users
      ${before === null ? sql`` : sql`WHERE sequence < ${before}`} ORDER BY sequence DESC LIMIT ${limit + 1}`;
    return listingOf(
      rows.map((row) => ({ sequence: row.sequence, view: userOf(row) })),
      limit,
    );
  }

  async change(userId: UserId, change: UserChange, fact: AuditFact): Promise<User | null | 'last-administrator'> {
    const { role, disabled, passwordHash } = change;
    const isLess = disabled === true || (role !== undefined && role !== 'admin');
    return this.store.transaction(async (tx) => {
      // Locked, so that two administrators who take it from each other do so one after the other.
      const administrators = isLess
        ? await tx`SELECT id FROM users WHERE role = 'admin' AND NOT disabled ORDER BY id FOR UPDATE`
        : [];
      if (administrators.length === 1 && administrators[0]?.['id'] === userId) return 'last-administrator';
      const rows = await tx<UserRow[]>`
      UPDATE users SET role = coalesce(${role ?? null}, role), disabled = coalesce(${disabled ?? null}, disabled),
        password_hash = coalesce(${passwordHash ?? null}, password_hash)
      WHERE id = ${userId} RETURNING id, email, password_hash, role, disabled`;
      if (rows[0] === undefined) return null;
      await this.audit.append(tx, fact);
      return userOf(rows[0]);
    });
  }

  async findByEmail(email: string): Promise<User | null> {
    const rows = await this.store.sql<UserRow[]>`
      SELECT id, email, password_hash, role, disabled FROM users WHERE email = ${email.toLowerCase()}`;
    return rows[0] ? userOf(rows[0]) : null;
  }

  async findById(userId: UserId): Promise<User | null> {
    const rows = await this.store.sql<
      UserRow[]
    >`SELECT id, email, password_hash, role, disabled FROM users WHERE id = ${userId}`;
    return rows[0] ? userOf(rows[0]) : null;
  }
}

const userOf = (row: UserRow): User => ({
  userId: UserId.of(row.id),
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role,
  disabled: row.disabled,
});

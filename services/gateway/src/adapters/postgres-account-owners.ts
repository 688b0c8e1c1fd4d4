import { Injectable } from '@nestjs/common';
import type { AccountId, UserId } from '@scalpstorm/model';
import { Store } from '@scalpstorm/store';
import { AccountOwners } from '../ports/account-owners.js';

/** Owners in Postgres. */
@Injectable()
export class PostgresAccountOwners extends AccountOwners {
  constructor(private readonly store: Store) {
    super();
  }

  async give(accountId: AccountId, userId: UserId): Promise<boolean> {
    const rows = await this.store.sql<{ user_id: string }[]>`
      INSERT INTO account_owners (account_id, user_id) VALUES (${accountId}, ${userId})
      ON CONFLICT (account_id) DO UPDATE SET user_id = account_owners.user_id
      RETURNING user_id`;
    return rows[0]?.user_id === userId;
  }

  async forget(accountId: AccountId): Promise<void> {
    await this.store.sql`DELETE FROM accounts WHERE account_id = ${accountId}`;
  }
}

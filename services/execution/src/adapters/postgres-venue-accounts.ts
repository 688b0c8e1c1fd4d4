import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { activityLogged, type VenueAccount } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, type Activity, type Mode, UserId, VenueId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { AuditTrail, Outbox, Store, Transaction } from '@scalpstorm/store';
import { type KeyUse, type StoredVenueAccount, VenueAccountStore } from '../ports/venue-account-store.js';

interface AccountRow {
  readonly account_id: string;
  readonly user_id: string;
  readonly label: string;
  readonly venue: string;
  readonly mode: Mode;
  readonly state: VenueAccount['state'];
  readonly envelope: Uint8Array;
  readonly key_ending: string;
  readonly checked_at_us: bigint;
  readonly may_trade: boolean;
  readonly may_withdraw: boolean | null;
  readonly warning: string;
  readonly created_at_us: bigint;
  readonly changed_at_us: bigint;
}

/** Venue accounts in the schema of execution. */
export class PostgresVenueAccounts extends VenueAccountStore {
  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
    private readonly clock: WallClock,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async all(): Promise<readonly StoredVenueAccount[]> {
    const rows = await this.store.sql<AccountRow[]>`select * from venue_accounts order by account_id`;
    return rows.map(accountOf);
  }

  async ofUser(userId: UserId): Promise<readonly StoredVenueAccount[]> {
    const rows = await this.store.sql<AccountRow[]>`
      select * from venue_accounts where user_id = ${userId} order by created_at_us desc, account_id`;
    return rows.map(accountOf);
  }

  async find(userId: UserId, accountId: AccountId): Promise<StoredVenueAccount | null> {
    const rows = await this.store.sql<AccountRow[]>`
      select * from venue_accounts where account_id = ${accountId} and user_id = ${userId}`;
    return rows[0] ? accountOf(rows[0]) : null;
  }

  async add(account: StoredVenueAccount, told: Activity): Promise<boolean> {
    return this.#write(account, told, async (tx) => {
      const { check } = account;
      const result = await tx`
        insert into venue_accounts (account_id, user_id, label, venue, mode, state, envelope, key_ending, checked_at_us,
                                    may_trade, may_withdraw, warning, created_at_us, changed_at_us)
        values (${account.accountId}, ${account.userId}, ${account.label}, ${account.venue}, ${account.mode},
                ${account.state}, ${account.envelope}, ${account.keyEnding}, ${check.checkedAt}, ${check.mayTrade},
                ${check.mayWithdraw}, ${check.warning}, ${account.createdAt}, ${account.changedAt})
        on conflict do nothing`;
      return result.count === 1;
    });
  }

  async change(account: StoredVenueAccount, told: Activity | null): Promise<void> {
    await this.#write(account, told, async (tx) => {
      const { check } = account;
      const result = await tx`
        update venue_accounts
        set label = ${account.label}, state = ${account.state}, envelope = ${account.envelope},
            key_ending = ${account.keyEnding}, checked_at_us = ${check.checkedAt}, may_trade = ${check.mayTrade},
            may_withdraw = ${check.mayWithdraw}, warning = ${check.warning}, changed_at_us = ${account.changedAt}
        where account_id = ${account.accountId} and user_id = ${account.userId}`;
      return result.count === 1;
    });
  }

  async remove(account: VenueAccount, told: Activity): Promise<void> {
    await this.#write(account, told, async (tx) => {
      const { accountId, userId } = account;
      const result = await tx`delete from venue_accounts where account_id = ${accountId} and user_id = ${userId}`;
      return result.count === 1;
    });
  }

  async keyUsed({ accountId, userId, purpose }: KeyUse): Promise<void> {
    const kind = userId === null ? 'venue-key-configured' : 'venue-key-opened';
    await this.audit.record({ kind, actor: 'execution', subject: accountId, body: { purpose, user: userId } });
  }

  /** Nothing is told of what changed nothing; what changed is in the audit, whether or not anybody is told. */
  async #write(
    { accountId, userId }: VenueAccount,
    told: Activity | null,
    work: (tx: Transaction) => Promise<boolean>,
  ): Promise<boolean> {
    const changed = await this.store.transaction(async (tx) => {
      const written = await work(tx);
      if (written && told !== null) {
        const event = { meta: newMeta(this.clock, null), activity: told };
        await this.outbox.add(tx, [outboxMessage(activityLogged, event)]);
      }
      if (written) {
        const kind = told === null ? 'venue-key-rewrapped' : told.code.toLowerCase().replaceAll('_', '-');
        const actor = told === null ? 'execution' : userId;
        await this.audit.append(tx, { kind, actor, subject: accountId, body: told?.data ?? {} });
      }
      return written;
    });
    this.outbox.wake();
    return changed;
  }
}

const time = (micros: bigint): Timestamp => Timestamp.fromMicros(Number(micros));

const accountOf = (row: AccountRow): StoredVenueAccount => ({
  accountId: AccountId.of(row.account_id),
  userId: UserId.of(row.user_id),
  label: row.label,
  venue: VenueId.of(row.venue),
  mode: row.mode,
  state: row.state,
  envelope: row.envelope,
  keyEnding: row.key_ending,
  check: {
    checkedAt: time(row.checked_at_us),
    mayTrade: row.may_trade,
    mayWithdraw: row.may_withdraw,
    warning: row.warning,
  },
  createdAt: time(row.created_at_us),
  changedAt: time(row.changed_at_us),
});

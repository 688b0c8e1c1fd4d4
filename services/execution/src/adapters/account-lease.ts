import { BrokenInvariant } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import { diedHere, placeOf, type Store, thisHolder } from '@scalpstorm/store';
import { LeaseHeld } from '../ports/ledger.js';

const leaseSeconds = 4;
const renewEveryMs = 1_000;

/**
 * The right to write for an account. Every taking gives a higher token, and every transaction proves its token,
 * so a writer that was thought dead can not commit any more (see docs/adr/0004-sending-mark-and-fencing.md).
 */
export class AccountLease {
  private timer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly store: Store,
    readonly accountId: AccountId,
    readonly token: bigint,
    private readonly onLost: (cause: Error) => void,
  ) {}

  /** @throws LeaseHeld while another living writer has it. */
  static async take(store: Store, accountId: AccountId, onLost: (cause: Error) => void): Promise<AccountLease> {
    const [held] = await store.sql<{ holder: string; fresh: boolean }[]>`
      select holder, expires_at > now() as fresh from leases where account_id = ${accountId}`;
    const alive = held?.fresh === true && !diedHere(held.holder);
    if (alive && held.holder !== thisHolder)
      throw new LeaseHeld(`account ${accountId} is written by ${placeOf(held.holder)}`);
    const [taken] = await store.sql<{ token: string }[]>`
      insert into leases (account_id, token, holder, expires_at)
      values (${accountId}, 1, ${thisHolder}, now() + ${`${leaseSeconds} seconds`}::interval)
      on conflict (account_id) do update
        set token = leases.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
        where leases.holder is not distinct from ${held?.holder ?? null}
      returning token`;
    if (!taken) throw new LeaseHeld(`account ${accountId} was taken by another writer just now`);
    const lease = new AccountLease(store, accountId, BigInt(taken.token), onLost);
    lease.timer = setInterval(() => void lease.renew(), renewEveryMs);
    return lease;
  }

  /** Holds it no longer than it was taken for. */
  abandon(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Gives the lease back, so that a successor need not wait. */
  async release(): Promise<void> {
    this.abandon();
    await this.store.sql`update leases set expires_at = now()
      where account_id = ${this.accountId} and token = ${this.token.toString()}`;
  }

  private async renew(): Promise<void> {
    try {
      const renewed = await this.store.sql`update leases set expires_at = now() + ${`${leaseSeconds} seconds`}::interval
        where account_id = ${this.accountId} and token = ${this.token.toString()} returning 1`;
      if (renewed.length === 0)
        this.onLost(new BrokenInvariant(`the lease of account ${this.accountId} was taken by another`));
    } catch {
      // A database that is away costs us nothing here: commits fail by themselves, and the token still decides.
    }
  }
}

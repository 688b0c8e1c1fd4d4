import { Injectable } from '@nestjs/common';
import type { VenueAccount, VenueAccountCheck, VenueAccountRequest } from '@scalpstorm/contracts';
import type { AccountId, Activity, UserId } from '@scalpstorm/model';
import { Log, outOfContext, WallClock } from '@scalpstorm/observability';
import { VaultFault } from '@scalpstorm/vault';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { z } from 'zod';
import { AccountRefused, accountRefusals } from '../domain/account-refusals.js';
import type { AccountSettings } from '../domain/account-settings.js';
import type { OfferedVenue } from '../domain/venue-offers.js';
import { Ledger } from '../ports/ledger.js';
import { type AccountVault, VenueAccountSettings } from '../ports/venue-account-settings.js';
import { type KeyUse, type StoredVenueAccount, VenueAccountStore } from '../ports/venue-account-store.js';
import { VenueConnections } from '../ports/venue-connections.js';
import { Venues } from '../ports/venues.js';
import { DetachAccount } from './detach-account.js';
import { Recover } from './recover.js';

const accountsPerUserMax = 20;
const keyEndingCharacters = 4;
const secretSchema = z.object({ apiKey: z.string().min(1).max(512), secret: z.string().min(1).max(8_192) });
type KeyAndSecret = z.infer<typeof secretSchema>;
type Add = Extract<VenueAccountRequest, { kind: 'add' }>;

/** Binds a ciphertext to whose and which account it is. The gateway seals for the very same. */
const contextOf = (userId: UserId, accountId: AccountId): string => `venue-account:${userId}:${accountId}`;

/** The accounts that users bring: tested before they are kept, opened and closed while the service runs. */
@Injectable()
export class VenueAccounts {
  constructor(
    private readonly settings: VenueAccountSettings,
    private readonly store: VenueAccountStore,
    private readonly connections: VenueConnections,
    private readonly venues: Venues,
    private readonly ledger: Ledger,
    private readonly recover: Recover,
    private readonly detachAccount: DetachAccount,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  get sealingKey(): Uint8Array {
    return this.vault().boxes.publicKey;
  }

  get offers(): readonly OfferedVenue[] {
    return this.settings.offers;
  }

  /** At the start, before the ledger takes the accounts. One that cannot be opened keeps no other from it. */
  async attachStored(): Promise<void> {
    for (const { id } of this.venues.accounts()) {
      await this.store.keyUsed({ accountId: id, userId: null, purpose: 'connect' });
    }
    for (const account of await this.store.all()) {
      const { accountId } = account;
      this.recover.keepBooksOf(accountId);
      try {
        const rewrapped = this.vault().vault.rewrap(account.envelope, contextOf(account.userId, accountId));
        const current = rewrapped === null ? account : { ...account, envelope: rewrapped };
        if (rewrapped !== null) await this.store.change(current, null);
        if (account.state === 'disabled') continue;
        await this.connections.attach(this.settingsOf(current, await this.open(current, 'connect')));
        this.recover.watch(accountId);
      } catch (error) {
        const known = error instanceof VaultFault || error instanceof AccountRefused;
        this.log.error({ accountId, error: known ? error.message : error }, 'a venue account could not be opened');
      }
    }
  }

  list(userId: UserId): Promise<readonly VenueAccount[]> {
    return this.store.ofUser(userId);
  }

  async add(request: Add): Promise<VenueAccount> {
    const { userId, accountId, label, venue, mode } = request;
    const repeated = await this.store.find(userId, accountId);
    if (repeated !== null) return this.connected(repeated);
    if (this.venues.venueOf(accountId) !== null) throw new AccountRefused(accountRefusals.idTaken());
    if ((await this.store.ofUser(userId)).length >= accountsPerUserMax) {
      throw new AccountRefused(accountRefusals.tooMany(accountsPerUserMax));
    }
    const now = this.clock.now();
    const base = { accountId, userId, label, venue, mode, state: 'enabled' as const, createdAt: now, changedAt: now };
    const secret = this.unseal(request);
    const check = await this.check({ ...base }, secret);
    const account: StoredVenueAccount = { ...base, ...this.kept(base, secret), check };
    if (!(await this.store.add(account, told(account, 'ADDED', 'was added')))) {
      throw new AccountRefused(accountRefusals.idTaken());
    }
    await this.attach(account, secret);
    return account;
  }

  async test(userId: UserId, accountId: AccountId): Promise<VenueAccount> {
    const account = await this.own(userId, accountId);
    const check = await this.check(account, await this.open(account, 'test'));
    return this.changed({ ...account, check }, told(account, 'TESTED', 'was tested'));
  }

  async rotate(userId: UserId, accountId: AccountId, sealed: Uint8Array): Promise<VenueAccount> {
    const account = await this.own(userId, accountId);
    this.detachAccount.requireIdle(accountId);
    const secret = this.unseal({ userId, accountId, sealed });
    const check = await this.check(account, secret);
    const next = { ...account, ...this.kept(account, secret), check, changedAt: this.clock.now() };
    await this.detachAccount.detach(accountId, () => this.changed(next, told(account, 'ROTATED', 'has a new key')));
    if (next.state === 'enabled') await this.attach(next, secret);
    return next;
  }

  async relabel(userId: UserId, accountId: AccountId, label: string): Promise<VenueAccount> {
    const account = await this.own(userId, accountId);
    const next = { ...account, label, changedAt: this.clock.now() };
    return this.changed(next, told(next, 'RELABELED', 'has a new name'));
  }

  async enable(userId: UserId, accountId: AccountId): Promise<VenueAccount> {
    const account = await this.own(userId, accountId);
    if (account.state === 'enabled') return this.connected(account);
    const secret = await this.open(account, 'connect');
    const check = await this.check(account, secret);
    const next = { ...account, check, state: 'enabled' as const, changedAt: this.clock.now() };
    await this.changed(next, told(next, 'ENABLED', 'is used again'));
    await this.attach(next, secret);
    return next;
  }

  async disable(userId: UserId, accountId: AccountId): Promise<VenueAccount> {
    const account = await this.own(userId, accountId);
    if (account.state === 'disabled') return account;
    const next = { ...account, state: 'disabled' as const, changedAt: this.clock.now() };
    await this.detachAccount.detach(accountId, () =>
      this.changed(next, told(next, 'DISABLED', 'is not used any more')),
    );
    return next;
  }

  /** Its secret is gone for good; its orders and fills stay. A repeat finds nothing and is done. */
  async delete(userId: UserId, accountId: AccountId): Promise<void> {
    const account = await this.store.find(userId, accountId);
    if (account === null) return;
    const line = told(account, 'REMOVED', 'was removed');
    await this.detachAccount.detach(accountId, () => this.store.remove(account, line));
  }

  private async own(userId: UserId, accountId: AccountId): Promise<StoredVenueAccount> {
    const account = await this.store.find(userId, accountId);
    if (account === null) throw new AccountRefused(accountRefusals.unknown(accountId));
    return account;
  }

  private async changed(account: StoredVenueAccount, line: Activity): Promise<VenueAccount> {
    await this.store.change(account, line);
    return account;
  }

  /** One that is in use and has no connection all the same: what was to connect it failed, so this try goes on there. */
  private async connected(account: StoredVenueAccount): Promise<VenueAccount> {
    const away = account.state === 'enabled' && this.venues.venueOf(account.accountId) === null;
    if (away) await this.attach(account, await this.open(account, 'connect'));
    return account;
  }

  /** The ledger takes it before anybody sees it, so that nothing is asked of an account without books. */
  private async attach(account: StoredVenueAccount, secret: KeyAndSecret): Promise<void> {
    const { accountId } = account;
    if (this.venues.venueOf(accountId) !== null) throw new AccountRefused(accountRefusals.idTaken());
    if (!this.ledger.isOpen(accountId)) await this.recover.take(accountId);
    // The connection lives longer than the request that made it.
    const attached = await outOfContext(() => this.connections.attach(this.settingsOf(account, secret)));
    outOfContext(() => this.recover.follow(attached));
  }

  private async check(
    account: Pick<VenueAccount, 'accountId' | 'label' | 'venue' | 'mode'>,
    secret: KeyAndSecret,
  ): Promise<VenueAccountCheck> {
    const { mayTrade, mayWithdraw } = await this.asked(account, secret);
    if (mayWithdraw === true) throw new AccountRefused(accountRefusals.mayWithdraw());
    const warning = mayTrade ? '' : 'This key may not trade: orders will be rejected by the venue.';
    return { checkedAt: this.clock.now(), mayTrade, mayWithdraw, warning };
  }

  private async asked(account: Pick<VenueAccount, 'accountId' | 'label' | 'venue' | 'mode'>, secret: KeyAndSecret) {
    try {
      return await this.connections.check(this.settingsOf(account, secret));
    } catch (error) {
      if (error instanceof VenueRefused) throw new AccountRefused(accountRefusals.keyRefused(error));
      if (error instanceof VenueUnreachable) throw new AccountRefused(accountRefusals.venueAway(error.message));
      throw error;
    }
  }

  private settingsOf(
    account: Pick<VenueAccount, 'accountId' | 'label' | 'venue' | 'mode'>,
    secret: KeyAndSecret,
  ): AccountSettings {
    const { accountId, label, venue, mode } = account;
    const offer = this.settings.offers.find((offered) => offered.venue === venue && offered.mode === mode);
    if (offer === undefined || mode === 'backtest') {
      throw new AccountRefused(accountRefusals.notOffered(this.settings.offers));
    }
    return { id: accountId, label, venue, mode, ...offer.addresses, ...secret };
  }

  private unseal(sealed: { userId: UserId; accountId: AccountId; sealed: Uint8Array }): KeyAndSecret {
    const { boxes } = this.vault();
    try {
      return secretSchema.parse(JSON.parse(boxes.open(sealed.sealed, contextOf(sealed.userId, sealed.accountId))));
    } catch {
      // Whatever was wrong with it, no part of it may be repeated.
      throw new AccountRefused(accountRefusals.secretUnreadable());
    }
  }

  private async open(
    { userId, accountId, envelope }: StoredVenueAccount,
    purpose: KeyUse['purpose'],
  ): Promise<KeyAndSecret> {
    await this.store.keyUsed({ accountId, userId, purpose });
    return secretSchema.parse(JSON.parse(this.vault().vault.open(envelope, contextOf(userId, accountId))));
  }

  private kept({ userId, accountId }: Pick<VenueAccount, 'userId' | 'accountId'>, { apiKey, secret }: KeyAndSecret) {
    const envelope = this.vault().vault.seal(JSON.stringify({ apiKey, secret }), contextOf(userId, accountId));
    // Of a short key the ending would be too much of it.
    const keyEnding = apiKey.length >= 4 * keyEndingCharacters ? apiKey.slice(-keyEndingCharacters) : '';
    return { envelope, keyEnding };
  }

  private vault(): AccountVault {
    if (this.settings.vault === null) throw new AccountRefused(accountRefusals.vaultMissing());
    return this.settings.vault;
  }
}

function told(
  account: Pick<VenueAccount, 'accountId' | 'userId' | 'label' | 'venue' | 'mode'>,
  code: string,
  what: string,
): Activity {
  const { accountId, userId, label, venue, mode } = account;
  return {
    level: 'INFO',
    code: `VENUE_ACCOUNT_${code}`,
    text: `The account ${label} at ${venue} ${what}.`,
    userId,
    botId: null,
    data: { account: accountId, venue, mode },
  };
}

import type { Account } from '@scalpstorm/model';
import { AccountId } from '@scalpstorm/model';
import { anAccount } from '@scalpstorm/testkit';
import type { AccountSettings } from '../src/config.js';
import { type KeyCheck, VenueConnections } from '../src/ports/venue-connections.js';
import type { FakeVenue, FakeVenues } from './fake-venue.js';

/** Connections that a test answers for. */
export class FakeConnections extends VenueConnections {
  answer: () => KeyCheck | Promise<KeyCheck> = () => ({ mayTrade: true, mayWithdraw: false });
  readonly attached = new Map<string, AccountSettings>();

  /** @param venueOf makes what a new connection leads to; without it nothing is connected */
  constructor(
    private readonly venues: FakeVenues,
    private readonly venueOf: (() => FakeVenue) | null = null,
  ) {
    super();
  }

  async check(): Promise<KeyCheck> {
    return this.answer();
  }

  async attach(settings: AccountSettings): Promise<Account> {
    this.attached.set(settings.id, settings);
    const account = anAccount({ id: AccountId.of(settings.id) });
    if (this.venueOf !== null) this.venues.attach(account, this.venueOf());
    return account;
  }

  async detach(accountId: AccountId): Promise<void> {
    this.attached.delete(accountId);
    await this.venues.detach(accountId);
  }
}

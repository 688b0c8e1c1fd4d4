import { Injectable } from '@nestjs/common';
import type { AccountId } from '@scalpstorm/model';
import { AccountRefused, accountRefusals } from '../domain/account-refusals.js';
import { Ledger } from '../ports/ledger.js';
import { VenueConnections } from '../ports/venue-connections.js';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { Reconcile } from './reconcile.js';

/**
 * Closes the connection of an account in an order that leaves nothing half done: no approval passes any more, what was admitted is
 * committed, nothing works, the reason is stored, the connection closes, whatever ran over it has ended. Only then may it be
 * connected again, and it begins as recovering. Who asks in between meets no connection, which is an outcome and no mistake.
 */
@Injectable()
export class DetachAccount {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly connections: VenueConnections,
    private readonly states: AccountStates,
    private readonly reconcile: Reconcile,
  ) {}

  /**
   * @param store makes the reason durable; when it throws the account goes on as before
   * @throws AccountRefused while orders work: they would be left alone at the venue
   */
  async detach(accountId: AccountId, store: () => Promise<unknown>): Promise<void> {
    if (this.venues.venueOf(accountId) === null) {
      await store();
      return;
    }
    this.states.close(accountId);
    try {
      await this.ledger.drain(accountId);
      this.requireIdle(accountId);
      await store();
    } catch (error) {
      this.states.reopen(accountId);
      throw error;
    }
    try {
      await this.connections.detach(accountId);
    } finally {
      // The reason is stored and nobody meets the connection any more: one that ends badly must not leave the account closing for ever.
      await this.reconcile.settled(accountId);
      this.states.forget(accountId);
    }
  }

  requireIdle(accountId: AccountId): void {
    if (this.venues.venueOf(accountId) === null) return;
    const working = this.ledger.working(accountId).length;
    if (working > 0) throw new AccountRefused(accountRefusals.inUse(working));
  }
}

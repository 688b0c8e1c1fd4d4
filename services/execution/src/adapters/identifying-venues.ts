import { type MatchByContent, matchByContent } from '@scalpstorm/engine';
import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { Account, AccountId, Balance } from '@scalpstorm/model';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import type { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { ContentVenue } from './content-venue.js';

/** The same venues, of which those that keep no ids of ours seem to: see {@link ContentVenue}. The others are left as they are. */
export class IdentifyingVenues extends Venues {
  private readonly identified = new WeakMap<ExecutionVenue, ContentVenue>();

  constructor(
    private readonly venues: Venues,
    private readonly ledger: Ledger,
    private readonly match: MatchByContent = matchByContent,
  ) {
    super();
  }

  get requestLifeMs(): number {
    return this.venues.requestLifeMs;
  }

  get readLag(): Micros {
    return this.venues.readLag;
  }

  accounts(): readonly Account[] {
    return this.venues.accounts();
  }

  venueOf(accountId: AccountId): ExecutionVenue | null {
    const venue = this.venues.venueOf(accountId);
    if (venue === null || venue.identifiesBy === 'client-order-id') return venue;
    const { ledger, match, requestLifeMs, readLag } = this;
    const known = this.identified.get(venue);
    const identified = known ?? new ContentVenue(venue, { accountId, ledger, match, requestLifeMs, readLag });
    this.identified.set(venue, identified);
    return identified;
  }

  balances(accountId: AccountId): readonly Balance[] {
    return this.venues.balances(accountId);
  }

  balancesAsOf(accountId: AccountId): Timestamp | null {
    return this.venues.balancesAsOf(accountId);
  }

  rememberBalances(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    this.venues.rememberBalances(accountId, balances, asOf);
  }

  close(): Promise<void> {
    return this.venues.close();
  }
}

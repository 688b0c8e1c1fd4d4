import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import { type Comparison, unrepaired } from '../domain/differences.js';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';
import { lookUp } from './order-at-venue.js';

/** Venues put old orders away; nobody has done so with orders of this age. */
const oldest = 60 * 24 * 3_600 * second;
/** One order may vanish; a venue that knows none of so many has forgotten all. */
const askedFor = 3;

/** Does the venue still know what it took from us? One that does not is another venue with the same address. */
@Injectable()
export class VenueMemory {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
  ) {}

  /** Null while the venue knows any of the newest orders that it took. */
  async loss({ accountId, began }: Comparison, venue: ExecutionVenue): Promise<Difference | null> {
    // What was taken just now may not be readable everywhere at the venue yet.
    const span = { from: Timestamp.plus(began, -oldest), to: Timestamp.plus(began, -this.venues.readLag) };
    const newest = await this.ledger.accepted(accountId, span, askedFor);
    for (const { order } of newest) {
      if ((await lookUp(venue, order)) !== 'not-found') return null;
    }
    const order = newest[0]?.order;
    if (!order) return null;
    const { clientOrderId, instrumentId } = order.request;
    return unrepaired('order', accountId, {
      subject: `${instrumentId} order ${clientOrderId}`,
      ours: `taken by the venue as ${order.venueOrderId}`,
      theirs: 'not found',
      decision: `${forgotOrders}: ${forgotText}`,
    });
  }
}

export const forgotOrders = 'VENUE_FORGOT_ORDERS';
export const forgotText =
  'the venue knows none of the newest orders that it took from this account, so nothing is compared, sent or canceled. ' +
  'Give the venue its data back, or check address and keys of the account; a simulated exchange that was emptied needs a ' +
  'platform that starts anew (--reset).';

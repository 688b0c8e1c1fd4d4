import { type AccountId, ClientOrderId, type Order } from '@scalpstorm/model';
import type { ExecutionVenue, VenueOrderView } from '@scalpstorm/venue-api';
import { isAmended } from '../domain/amended.js';
import type { TrackedOrder } from '../domain/order-row.js';
import type { Ledger } from '../ports/ledger.js';

/** Absent is only what the venue finds neither under our id nor under its own: whoever amends an order there gives it another client id. */
export async function lookUp(
  venue: ExecutionVenue,
  order: Pick<Order, 'request' | 'venueOrderId'>,
): Promise<VenueOrderView | 'not-found'> {
  const { clientOrderId, instrumentId } = order.request;
  const view = await venue.lookup(clientOrderId, instrumentId, order.venueOrderId);
  if (view === 'not-found' || view.clientOrderId === clientOrderId) return view;
  return isAmended(order, view) ? view : 'not-found';
}

/** Our order that the venue tells of, also after somebody amended it there. */
export async function findOurs(
  ledger: Ledger,
  accountId: AccountId,
  view: VenueOrderView,
): Promise<TrackedOrder | null> {
  const named = ClientOrderId.is(view.clientOrderId) ? await ledger.find(view.clientOrderId) : null;
  if (named !== null) return named;
  const tracked = await ledger.findByVenueId(accountId, view);
  return tracked !== null && isAmended(tracked.order, view) ? tracked : null;
}

import type { Order } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/**
 * Is it our order, that somebody amended at the venue? It gets another client id there, and a smaller quantity; the venue's own id and
 * all else stay. Compared too, because a venue's ids begin anew for each instrument, and when its data is lost.
 */
export function isAmended(
  { request, venueOrderId }: Pick<Order, 'request' | 'venueOrderId'>,
  view: VenueOrderView,
): boolean {
  if (venueOrderId === null || view.venueOrderId !== venueOrderId) return false;
  const same = (['instrumentId', 'side', 'price'] as const).every((field) => view[field] === request[field]);
  return same && view.clientOrderId !== request.clientOrderId && view.quantity <= request.quantity;
}

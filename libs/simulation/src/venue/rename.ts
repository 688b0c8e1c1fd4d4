import type { ClientOrderId } from '@scalpstorm/model';
import type { VenueBooks } from './venue-books.js';
import { type VenueOrder, viewOf } from './venue-order.js';

/**
 * At a venue that keeps no ids: the order, and its trades, go by another name from now on, and what had that name by the order's old one.
 */
export function rename({ orders, fills }: VenueBooks, order: VenueOrder, name: ClientOrderId): void {
  const { clientOrderId: before } = order.request;
  const namesake = orders.find(({ request }) => request.clientOrderId === name);
  const names = new Map([[order, name], ...(namesake === undefined ? [] : [[namesake, before] as const])]);
  for (const [one, clientOrderId] of names) {
    one.request = { ...one.request, clientOrderId };
    one.views.splice(0, one.views.length, ...one.views.map((view) => ({ ...view, clientOrderId })));
    const { venueOrderId } = viewOf(one);
    for (const [place, fill] of fills.entries())
      if (fill.venueOrderId === venueOrderId) fills[place] = { ...fill, clientOrderId };
  }
}

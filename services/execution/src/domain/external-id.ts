import { createHash } from 'node:crypto';
import { ClientOrderId, type Order } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/**
 * The id in our books of an order that was placed elsewhere, the same whenever it is asked for: the venue's own, because the venue's
 * client ids need not fit ours. `x` and 19 hexadecimal digits; no bot's id looks like it.
 */
export function externalIdOf({
  instrumentId,
  venueOrderId,
  clientOrderId,
}: Pick<VenueOrderView, 'instrumentId' | 'venueOrderId' | 'clientOrderId'>): ClientOrderId {
  const digest = createHash('sha256').update(`${instrumentId} ${venueOrderId} ${clientOrderId}`).digest('hex');
  return ClientOrderId.of(`x${digest.slice(0, 19)}`);
}

/** Is it an order that was placed elsewhere and taken into our books, as the venue has it? */
export const isTakenIn = ({ request }: Pick<Order, 'request'>, view: VenueOrderView): boolean =>
  request.botId === null && request.clientOrderId === externalIdOf(view);

import { ClientOrderId, type Order } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/** FNV-1a of 128 bits (Fowler, Noll, Vo); nobody who could choose what is hashed has anything to win. */
const fnv = { offset: 0x6c62272e07bb014262b821756295c58dn, prime: 0x1000000000000000000013bn, mask: (1n << 128n) - 1n };
const digits = 19;

/**
 * The id in our books of an order that was placed elsewhere, the same whenever it is asked for: the venue's own, because the venue's
 * client ids need not fit ours. `x` and 19 digits of base 36; no bot's id looks like it.
 */
export function externalIdOf({
  instrumentId,
  venueOrderId,
  clientOrderId,
}: Pick<VenueOrderView, 'instrumentId' | 'venueOrderId' | 'clientOrderId'>): ClientOrderId {
  return ClientOrderId.of(`x${letters(`${instrumentId} ${venueOrderId} ${clientOrderId}`, digits)}`);
}

/** So many digits of base 36 that follow from the text. */
export function letters(text: string, count: number): string {
  let hash = fnv.offset;
  for (const character of text) hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * fnv.prime) & fnv.mask;
  return hash.toString(36).padStart(count, '0').slice(-count);
}

/** Is it an order that was placed elsewhere and taken into our books, as the venue has it? */
export const isTakenIn = ({ request }: Pick<Order, 'request'>, view: VenueOrderView): boolean =>
  request.botId === null && request.clientOrderId === externalIdOf(view);

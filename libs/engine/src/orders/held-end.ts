import { type Order, type OrderEvent, Quantity } from '@scalpstorm/model';

/** Why an order that is over at the venue is still pending here. */
export const fillsAwaited = 'FILLS_AWAITED';

/** The venue has ended it, and what it counts as filled is not all booked: nothing but fills and the end can happen to it any more. */
export function awaitsFills({ status, reason }: Order): boolean {
  return status === 'pending-cancel' && reason?.code === fillsAwaited;
}

/**
 * What the end that a venue tells is for our order: the end itself, or word that it is held back, because a venue tells end and fills in
 * any order and nobody may go on from an order that is over while a part of what it did is not known.
 * @param filledAtVenue what the venue counted as filled when it told the end; null where it told no quantity
 */
export function endOrHeld(order: Order, event: OrderEvent, filledAtVenue: Quantity | null): OrderEvent {
  const ends = event.kind === 'canceled' || event.kind === 'expired' || event.kind === 'rejected';
  if (!ends || filledAtVenue === null || filledAtVenue <= order.filledQuantity) return event;
  const [theirs, ours] = [Quantity.format(filledAtVenue), Quantity.format(order.filledQuantity)];
  const text = `the venue says ${event.kind} and counts ${theirs} as filled; ${ours} are booked, and it ends here when the rest is`;
  return { kind: 'end-held', reason: { code: fillsAwaited, text } };
}

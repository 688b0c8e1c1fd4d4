import { isFinal, type Order, type OrderRequest, type Position, Quantity } from '@scalpstorm/model';

/** It ends a position when the market goes against it. */
export function isProtective({ purpose, trigger }: Pick<OrderRequest, 'purpose' | 'trigger'>): boolean {
  return purpose === 'close' && (trigger?.kind === 'stop' || trigger?.kind === 'trailing');
}

/** What of the order protects now: what is left of one that the venue holds, that waits here, or that goes off just now. */
export function protects({ request, status, filledQuantity }: Order): bigint {
  const works = ['accepted', 'triggered', 'partially-filled', 'emulated', 'released'].includes(status);
  return isProtective(request) && works ? request.quantity - filledQuantity : 0n;
}

/**
 * What the order leaves without its stop: what was left of one that ended although nobody here wanted it to, or that made room for a
 * close of what no bot holds: where that comes to nothing, nothing protects. Whoever cancels his stop, and a stop that did its work,
 * leaves nothing.
 */
export function lostBy({ request, status, filledQuantity, cancelReason }: Order): bigint {
  const madeRoom = cancelReason === 'flatten' && request.botId === null;
  const lost = isFinal(status) && status !== 'filled' && (cancelReason === null || madeRoom);
  return isProtective(request) && lost ? request.quantity - filledQuantity : 0n;
}

/**
 * What of a position has no stop, though one was asked for: no more than what was lost, and no more than the stops that are left do not
 * cover. Zero for a position on the other side, because its stop would make it larger.
 *
 * @param lost whole units, of stops on that side
 * @param working whole units that protect it now
 */
export function unprotected(
  { quantity }: Pick<Position, 'quantity'>,
  side: OrderRequest['side'],
  lost: bigint,
  working: bigint,
): Quantity {
  const held: bigint = side === 'sell' ? quantity : -quantity;
  const bare = held - working;
  const least = bare < lost ? bare : lost;
  return Quantity.fromUnits(least > 0n ? least : 0n);
}

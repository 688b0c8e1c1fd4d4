import { isFinal, type Order, type OrderRequest, type Position } from '@scalpstorm/model';

/**
 * Whether a close gives back more than its bot holds, less what works on the same side already. The gate judges by the same rule, but one
 * that was started again does not know of an approval that is still on its way to here. Of a bot that never traded here nothing is known
 * to compare with: the gate alone judges it.
 */
export function exceedsHeld(request: OrderRequest, { quantity, fills }: Position, working: Iterable<Order>): boolean {
  if (fills === 0) return false;
  let left: bigint = request.side === 'sell' ? quantity : -quantity;
  for (const { request: other, status, filledQuantity } of working) {
    const same = other.botId === request.botId && other.instrumentId === request.instrumentId;
    if (same && other.side === request.side && !isFinal(status)) left -= other.quantity - filledQuantity;
  }
  return request.quantity > left;
}

export const exceedsPosition = {
  code: 'EXCEEDS_POSITION',
  text: 'with what its bot closes already it is more than the bot holds; nothing was sent',
} as const;

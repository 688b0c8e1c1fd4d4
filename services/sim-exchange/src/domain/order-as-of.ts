import type { VenueFill, VenueOrder } from './venue-order.js';

/** The order as a copy of the books showed it at that time (milliseconds); null when it was not there yet. */
export function orderAsOf(order: VenueOrder, time: number): VenueOrder | null {
  if (order.createdAt > time) return null;
  if (order.updatedAt <= time) return order;
  // Something happened to it since. Only the last that happens to an order ends it, so it was open.
  const fills = fillsAsOf(order.fills, time);
  return {
    ...order,
    fills: [...fills],
    status: fills.length === 0 ? 'NEW' : 'PARTIALLY_FILLED',
    executed: fills.reduce((sum, fill) => sum + fill.quantity, 0),
    executedQuote: fills.reduce((sum, fill) => sum + fill.quote, 0n),
    updatedAt: fills.at(-1)?.time ?? order.createdAt,
    workingAt: order.workingAt !== null && order.workingAt <= time ? order.workingAt : null,
  };
}

export const fillsAsOf = (fills: readonly VenueFill[], time: number): readonly VenueFill[] =>
  fills.filter((fill) => fill.time <= time);

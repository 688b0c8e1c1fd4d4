import { isReached } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import { type OrderRequest, type Price, Quantity } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';

/** An order as the venue has it, with all that it ever was: its readers may lie behind. */
export interface VenueOrder {
  request: OrderRequest;
  readonly placedAt: Timestamp;
  readonly views: VenueOrderView[];
}

export const workingStatuses: ReadonlySet<VenueOrderView['status']> = new Set(['open', 'partially-filled']);
export const viewOf = ({ views }: VenueOrder): VenueOrderView => {
  const view = views.at(-1);
  if (view === undefined) throw new Error('an order without a view');
  return view;
};
export const isWorking = (order: VenueOrder): boolean => workingStatuses.has(viewOf(order).status);
export const leftOf = (order: VenueOrder): Quantity => {
  const { quantity, filledQuantity } = viewOf(order);
  return Quantity.minus(quantity, filledQuantity);
};

export function viewAt({ views }: VenueOrder, asOf: Timestamp): VenueOrderView | null {
  return views.findLast(({ updatedAt }) => updatedAt <= asOf) ?? null;
}

/** It has a trigger that the market has not reached. */
export const isWaiting = (order: VenueOrder): boolean =>
  order.request.trigger !== undefined && viewOf(order).triggered !== true;

export const wouldTrigger = ({ trigger, side }: OrderRequest, price: Price): boolean =>
  trigger !== undefined && isReached(trigger, side, price);

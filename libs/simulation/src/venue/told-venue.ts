import { Quantity } from '@scalpstorm/model';
import type { VenueWatch } from './venue-news.js';

/** The same watch, with what the venue does told in words. */
export function told(watch: VenueWatch, tell: (what: string) => void): VenueWatch {
  return {
    accepted: (order) => {
      tell(`venue takes ${order.request.clientOrderId}`);
      watch.accepted(order);
    },
    filled: (order, fill) => {
      tell(`venue fills ${order.request.clientOrderId} ${Quantity.format(fill.quantity)}`);
      watch.filled(order, fill);
    },
    leftOut: (order, fill) => {
      tell(`venue does not count trade ${fill.tradeId} of ${order.request.clientOrderId} in its end`);
      watch.leftOut(order, fill);
    },
    ended: (order) => {
      tell(`venue ends ${order.request.clientOrderId}`);
      watch.ended(order);
    },
  };
}

import type { Timestamp } from '@scalpstorm/kernel';
import type { Balance } from '@scalpstorm/model';
import type { OrderReport, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import type { VenueOrder } from './venue-order.js';

/** What a venue tells by itself. */
export type VenueNews =
  | { readonly kind: 'report'; readonly report: OrderReport }
  | { readonly kind: 'fill'; readonly fill: VenueFill; readonly order: VenueOrderView }
  | { readonly kind: 'balances'; readonly balances: readonly Balance[]; readonly at: Timestamp };

/** Who looks on whatever the venue does. */
export interface VenueWatch {
  accepted(order: VenueOrder): void;
  filled(order: VenueOrder, fill: VenueFill): void;
  /** The end that is told next does not count it. */
  leftOut(order: VenueOrder, fill: VenueFill): void;
  ended(order: VenueOrder): void;
}

import type { Order } from '@scalpstorm/model';

/** The venue has the order and works it, or waits with it for its trigger. */
export const isAtVenue = (status: Order['statusBefore']): boolean =>
  status === 'accepted' || status === 'triggered' || status === 'partially-filled';

import type { Order } from '@scalpstorm/model';

/** The venue has the order and works it, or waits with it for its trigger. */
export const isAtVenue = (status: Order['statusBefore']): boolean =>
  status === 'accepted' || status === 'triggered' || status === 'partially-filled';

/** It waits for its trigger in our books alone: the venue can not know of it. */
export const isHeldHere = ({ status, statusBefore }: Order): boolean => (statusBefore ?? status) === 'emulated';

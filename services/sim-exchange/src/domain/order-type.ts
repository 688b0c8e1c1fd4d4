export type VenueOrderType =
  | 'LIMIT'
  | 'LIMIT_MAKER'
  | 'MARKET'
  | 'STOP_LOSS'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT'
  | 'TAKE_PROFIT_LIMIT';

/** Waits for a price of the last trade before it comes into the book. */
export const isContingent = (type: VenueOrderType): boolean =>
  type.startsWith('STOP_LOSS') || type.startsWith('TAKE_PROFIT');

/** How an order meets the book, once it is there. */
export function executesAs(type: VenueOrderType): 'limit' | 'limit-maker' | 'market' {
  if (type === 'LIMIT_MAKER') return 'limit-maker';
  return type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT' ? 'market' : 'limit';
}

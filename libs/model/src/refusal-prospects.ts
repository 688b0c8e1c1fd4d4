/**
 * What whoever wanted an order can expect when he asks for it again:
 * - `again`: the very same order may pass later, without anybody changing anything;
 * - `person`: it may pass when a person has changed something at the venue;
 * - `too-little`, `too-much`: one of another size may pass;
 * - `never`: the order itself is wrong;
 * - `unclear`: the venue did not say enough to tell.
 */
export type RefusalProspect = 'again' | 'person' | 'too-little' | 'too-much' | 'never' | 'unclear';

/**
 * Every code with which execution or a venue's adapter ends an order that asked for nothing wrong in our own books: the `code` of an
 * order's `reason`. Closed; a code never changes its meaning. The denials of the risk gate are not among them.
 */
export const refusalProspects = {
  // The venue's weather, and ours.
  RATE_LIMITED: 'again',
  VENUE_OVERLOADED: 'again',
  VENUE_CIRCUIT_OPEN: 'again',
  HELD_BACK: 'again',
  CLOCK_SKEW: 'again',
  REQUEST_EXPIRED: 'again',
  NOT_CONNECTED: 'again',
  APPROVAL_EXPIRED: 'again',
  ACCOUNT_NOT_RECONCILED: 'again',
  NOT_FOUND_AFTER_EXPIRY: 'again',
  TRADING_HALTED: 'again',
  TRADING_REDUCING: 'again',
  CYCLE_IS_OVER: 'again',
  PLAN_BEHIND_VENUE: 'never',
  // The market's.
  INSTRUMENT_HALTED: 'again',
  WOULD_TAKE: 'again',
  WOULD_TRIGGER: 'again',
  PRICE_OUT_OF_BAND: 'again',
  TOO_MANY_OPEN_ORDERS: 'again',
  POSITION_ABOVE_MAXIMUM: 'again',
  AUTH_REFUSED: 'person',
  QUANTITY_BELOW_MINIMUM: 'too-little',
  MARKET_QUANTITY_BELOW_MINIMUM: 'too-little',
  NOTIONAL_BELOW_MINIMUM: 'too-little',
  QUANTITY_ABOVE_MAXIMUM: 'too-much',
  MARKET_QUANTITY_ABOVE_MAXIMUM: 'too-much',
  NOTIONAL_ABOVE_MAXIMUM: 'too-much',
  PRICE_OFF_TICK: 'never',
  PRICE_OUT_OF_RANGE: 'never',
  QUANTITY_OFF_STEP: 'never',
  MARKET_QUANTITY_OFF_STEP: 'never',
  DISPLAY_OFF_STEP: 'never',
  TRIGGER_OFF_TICK: 'never',
  TRIGGER_OUT_OF_RANGE: 'never',
  TRAILING_OUT_OF_RANGE: 'never',
  ICEBERG_PARTS_ABOVE_MAXIMUM: 'never',
  NOT_HELD_BY_VENUE: 'never',
  UNKNOWN_INSTRUMENT: 'never',
  INVALID_REQUEST: 'never',
  INSUFFICIENT_BALANCE: 'unclear',
  ORDER_REJECTED: 'unclear',
  FILTER_FAILURE: 'unclear',
  /** The venue named the filter and not which of its bounds: smallest, largest or step. */
  PRICE_FILTER_REFUSED: 'unclear',
  LOT_SIZE_REFUSED: 'unclear',
  MARKET_LOT_SIZE_REFUSED: 'unclear',
} as const satisfies Readonly<Record<string, RefusalProspect>>;

export type KnownRefusal = keyof typeof refusalProspects;

const prospects: ReadonlyMap<string, RefusalProspect> = new Map(Object.entries(refusalProspects));

/** `unclear` for a code that is not known here: another version's, or the venue's own word in a report. */
export const prospectOf = (code: string): RefusalProspect => prospects.get(code) ?? 'unclear';

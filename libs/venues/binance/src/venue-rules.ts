import {
  checkFilters,
  formatDecimal,
  type Instrument,
  Money,
  notional,
  Price,
  Quantity,
  type Side,
} from '@scalpstorm/model';
import type { VenueFilterViolation } from '@scalpstorm/venue-api';

/**
 * Two bots on one account must not trade with each other: what rests gives way, so that what has to close still does. Said with
 * every order, because what an account does without a word is a setting at the venue.
 */
export const expireMaker = 'EXPIRE_MAKER';

/** What Binance checks beyond the filters of an {@link Instrument}. Null: the venue has no such rule, or switched it off with 0. */
export interface VenueRules {
  readonly marketLot: { readonly min: Quantity; readonly max: Quantity | null; readonly step: Quantity | null } | null;
  readonly notionalMinForMarket: boolean;
  readonly notionalMax: Money | null;
  readonly notionalMaxForMarket: boolean;
  /** Multiples of the average price, in units of 10^-12. */
  readonly band: Readonly<Record<Side, { readonly down: bigint; readonly up: bigint }>> | null;
  readonly openOrdersMax: number | null;
  /** An order of ours that would trade with another of ours may end that one instead. */
  readonly expiresMaker: boolean;
}

/** The part of an order that the rules look at. */
export interface RuledOrder {
  readonly side: Side;
  /** Null for a market order. */
  readonly price: Price | null;
  readonly quantity: Quantity;
}

export interface RuledMoment {
  /** The venue's average price, not older than a minute; null when it is not known: then the venue judges alone. */
  readonly reference: Price | null;
  /** Open orders of the account in this instrument. */
  readonly openOrders: number;
}

const unit = 10n ** 12n;
/** The venue's average is a little newer than ours: what is so near to a limit is for the venue to judge. */
const referenceError = { numerator: 2n, denominator: 100n };

/** Pure: the first rule that an order breaks, in the order in which a user can mend them. Whether it trades now the venue alone knows. */
export function brokenRule(
  order: RuledOrder,
  instrument: Instrument,
  rules: VenueRules,
  moment: RuledMoment,
): VenueFilterViolation | null {
  return (
    instrumentRule(order, instrument, rules, moment.reference) ??
    (order.price === null ? marketLotRule(order.quantity, rules) : null) ??
    bandRule(order, instrument, rules, moment.reference) ??
    notionalMaxRule(order, instrument, rules, moment.reference) ??
    openOrdersRule(rules, moment.openOrders)
  );
}

function instrumentRule(
  { price, quantity }: RuledOrder,
  instrument: Instrument,
  rules: VenueRules,
  reference: Price | null,
): VenueFilterViolation | null {
  const highest = Price.floorTo(instrument.priceMax, instrument.tickSize);
  const known = rules.notionalMinForMarket && reference !== null;
  const judged = price ?? (known ? withinRange(raised(reference), instrument) : highest);
  const checked = checkFilters({ ...instrument, status: 'trading' }, judged, quantity);
  return checked.ok ? null : checked.error;
}

/** To the favour of the order: a market order is refused here only when it is clearly too small. */
const raised = (reference: Price): Price =>
  Price.fromUnits(reference + (reference * referenceError.numerator) / referenceError.denominator);

function withinRange(price: Price, { priceMin, priceMax, tickSize }: Instrument): Price {
  const floored = Price.floorTo(price, tickSize);
  if (floored < priceMin) return priceMin;
  return floored > priceMax ? Price.floorTo(priceMax, tickSize) : floored;
}

function marketLotRule(quantity: Quantity, { marketLot }: VenueRules): VenueFilterViolation | null {
  if (marketLot === null) return null;
  const { min, max, step } = marketLot;
  const value = Quantity.format(quantity);
  const broken = (code: VenueFilterViolation['code'], limit: Quantity, nearest = limit): VenueFilterViolation => ({
    code,
    field: 'quantity',
    value,
    limit: Quantity.format(limit),
    suggestion: Quantity.format(nearest),
  });
  if (quantity < min) return broken('MARKET_QUANTITY_BELOW_MINIMUM', min);
  if (max !== null && quantity > max) return broken('MARKET_QUANTITY_ABOVE_MAXIMUM', max);
  if (step !== null && !Quantity.isMultipleOf(quantity, step))
    return broken('MARKET_QUANTITY_OFF_STEP', step, Quantity.floorTo(quantity, step));
  return null;
}

function bandRule(
  { side, price }: RuledOrder,
  { tickSize }: Instrument,
  { band }: VenueRules,
  reference: Price | null,
): VenueFilterViolation | null {
  if (band === null || price === null || reference === null) return null;
  const { down, up } = band[side];
  const lowest = (reference * down) / unit;
  const highest = (reference * up) / unit;
  const slack = (reference * referenceError.numerator) / referenceError.denominator;
  if (price >= lowest - slack && price <= highest + slack) return null;
  const nearest =
    price < lowest
      ? Price.floorTo(Price.fromUnits(lowest + tickSize), tickSize)
      : Price.floorTo(Price.fromUnits(highest), tickSize);
  return {
    code: 'PRICE_OUT_OF_BAND',
    field: 'price',
    value: Price.format(price),
    limit: `${formatDecimal(lowest, 12)}..${formatDecimal(highest, 12)}`,
    suggestion: Price.format(nearest),
  };
}

function notionalMaxRule(
  { price, quantity }: RuledOrder,
  { quote, stepSize }: Instrument,
  { notionalMax, notionalMaxForMarket }: VenueRules,
  reference: Price | null,
): VenueFilterViolation | null {
  if (notionalMax === null || (price === null && !notionalMaxForMarket)) return null;
  const lowered =
    reference === null
      ? null
      : Price.fromUnits(reference - (reference * referenceError.numerator) / referenceError.denominator);
  const judged = price ?? lowered;
  if (judged === null || judged <= 0n || notional(judged, quantity, quote).amount <= notionalMax.amount) return null;
  const most = Quantity.fromUnits((notionalMax.amount * 10n ** 6n) / judged);
  return {
    code: 'NOTIONAL_ABOVE_MAXIMUM',
    field: 'quantity',
    value: Quantity.format(quantity),
    limit: `${Money.format(notionalMax)} ${notionalMax.currency}`,
    suggestion: Quantity.format(Quantity.floorTo(most, stepSize)),
  };
}

function openOrdersRule({ openOrdersMax }: VenueRules, openOrders: number): VenueFilterViolation | null {
  if (openOrdersMax === null || openOrders < openOrdersMax) return null;
  return {
    code: 'TOO_MANY_OPEN_ORDERS',
    field: 'orders',
    value: String(openOrders),
    limit: String(openOrdersMax),
    suggestion: 'wait for one to end, or cancel one',
  };
}

/** One line for people and logs. */
export const violationText = ({ code, field, value, limit, suggestion }: VenueFilterViolation): string =>
  `${code}: ${field} ${value}, limit ${limit}${suggestion === '' ? '' : `; would pass: ${suggestion}`}`;

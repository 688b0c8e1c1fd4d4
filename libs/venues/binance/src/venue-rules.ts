import {
  checkFilters,
  formatDecimal,
  type Instrument,
  Money,
  notional,
  Price,
  type Purpose,
  Quantity,
  type Side,
  type Trigger,
} from '@scalpstorm/model';
import type { VenueFilterViolation } from '@scalpstorm/venue-api';
import { type HeldTerms, termsRule } from './order-terms.js';

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
  /** Of the whole account (EXCHANGE_MAX_NUM_ORDERS). */
  readonly accountOrdersMax: number | null;
  /** Of the base asset: what is held and what open buys would still bring. */
  readonly positionMax: Quantity | null;
  /** Triggers, trailing, icebergs. */
  readonly held: HeldTerms;
  /** An order of ours that would trade with another of ours may end that one instead. */
  readonly expiresMaker: boolean;
}

/** The part of an order that the rules look at. */
export interface RuledOrder {
  readonly side: Side;
  /** Null for a market order. */
  readonly price: Price | null;
  readonly quantity: Quantity;
  readonly purpose: Purpose;
  readonly trigger?: Trigger;
  readonly displayQuantity?: Quantity;
}

export interface RuledMoment {
  /** The venue's average price, not older than a minute; null when it is not known: then the venue judges alone. */
  readonly reference: Price | null;
  /** Open orders of the account in this instrument, and in all. */
  readonly openOrders: number;
  readonly accountOrders: number;
  /** What it holds of the base asset and would still buy; null when it is not known. */
  readonly position: Quantity | null;
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
    termsRule(order, rules.held) ??
    bandRule(order, instrument, rules, moment.reference) ??
    notionalMaxRule(order, instrument, rules, moment.reference) ??
    accountRule(order, instrument, rules, moment)
  );
}

/** What the account has besides we count ourselves, and the count may be old: it never keeps an order from closing, the venue judges. */
function accountRule(
  order: RuledOrder,
  instrument: Instrument,
  rules: VenueRules,
  moment: RuledMoment,
): VenueFilterViolation | null {
  if (order.purpose === 'close') return null;
  return (
    countRule(rules.openOrdersMax, moment.openOrders) ??
    countRule(rules.accountOrdersMax, moment.accountOrders) ??
    positionRule(order, instrument, rules, moment.position)
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
  const trading = { ...instrument, status: 'trading' } as const;
  const checked = checkFilters(trading, judged, quantity);
  if (checked.ok) return null;
  if (checked.error.code !== 'NOTIONAL_BELOW_MINIMUM' || price !== null || reference === null) return checked.error;
  // Refused to the favour of the order, and mended to the venue's: what is suggested must pass there.
  const strict = checkFilters(trading, withinRange(lowered(reference), instrument), quantity);
  return strict.ok ? checked.error : strict.error;
}

/** To the favour of the order: a market order is refused here only when it is clearly too small. */
const raised = (reference: Price): Price => Price.fromUnits(reference + slackOf(reference));
const lowered = (reference: Price): Price => Price.fromUnits(reference - slackOf(reference));
const slackOf = (reference: Price): bigint => (reference * referenceError.numerator) / referenceError.denominator;

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
  const slack = slackOf(reference);
  if (price >= lowest - slack && price <= highest + slack) return null;
  // So far inside that it passes whatever the average is by then.
  const nearest =
    price < lowest
      ? Price.ceilTo(Price.fromUnits(lowest + slack), tickSize)
      : Price.floorTo(Price.fromUnits(highest - slack), tickSize);
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
  const judged = price ?? (reference === null ? null : lowered(reference));
  if (judged === null || judged <= 0n || notional(judged, quantity, quote).amount <= notionalMax.amount) return null;
  const most = Quantity.fromUnits((notionalMax.amount * 10n ** 6n) / (price ?? raised(reference ?? judged)));
  return {
    code: 'NOTIONAL_ABOVE_MAXIMUM',
    field: 'quantity',
    value: Quantity.format(quantity),
    limit: `${Money.format(notionalMax)} ${notionalMax.currency}`,
    suggestion: Quantity.format(Quantity.floorTo(most, stepSize)),
  };
}

function countRule(most: number | null, open: number): VenueFilterViolation | null {
  if (most === null || open < most) return null;
  return {
    code: 'TOO_MANY_OPEN_ORDERS',
    field: 'orders',
    value: String(open),
    limit: String(most),
    suggestion: 'wait for one to end, or cancel one',
  };
}

function positionRule(
  { side, quantity }: RuledOrder,
  { stepSize, quantityMin }: Instrument,
  { positionMax }: VenueRules,
  position: Quantity | null,
): VenueFilterViolation | null {
  if (positionMax === null || position === null || side === 'sell' || position + quantity <= positionMax) return null;
  const room = position < positionMax ? Quantity.floorTo(Quantity.fromUnits(positionMax - position), stepSize) : 0n;
  return {
    code: 'POSITION_ABOVE_MAXIMUM',
    field: 'quantity',
    value: Quantity.format(quantity),
    limit: `${Quantity.format(positionMax)}, ${Quantity.format(position)} of it taken`,
    suggestion: room > 0n && room >= quantityMin ? Quantity.format(Quantity.fromUnits(room)) : '',
  };
}

/** One line for people and logs. */
export const violationText = ({ code, field, value, limit, suggestion }: VenueFilterViolation): string =>
  `${code}: ${field} ${value}, limit ${limit}${suggestion === '' ? '' : `; would pass: ${suggestion}`}`;

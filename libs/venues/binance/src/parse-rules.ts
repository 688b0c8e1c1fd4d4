import { type Currency, formatDecimal, type Money, parseDecimal, type Quantity } from '@scalpstorm/model';
import { type Fields, fieldsOf, flag, listOf, moneyOf, quantity, text, UnreadablePayload, whole } from './fields.js';
import { parseHeldTerms } from './order-terms.js';
import { expireMaker, type VenueRules } from './venue-rules.js';

/** The filters of a symbol by their names. */
export const filtersOf = (row: Fields): ReadonlyMap<string, Fields> => namedFilters(row['filters']);

const namedFilters = (list: unknown): ReadonlyMap<string, Fields> =>
  new Map(
    listOf(list, 'filters').map((entry) => {
      const filter = fieldsOf(entry, 'filter');
      return [text(filter, 'filterType'), filter] as const;
    }),
  );

/** MARKET_LOT_SIZE, NOTIONAL or MIN_NOTIONAL, PERCENT_PRICE_BY_SIDE or PERCENT_PRICE, MAX_NUM_ORDERS, MAX_POSITION, what it holds beside plain orders, and what is allowed against trades with oneself. */
export function parseRules(row: Fields, quote: Currency, accountOrdersMax: number | null): VenueRules {
  const filters = filtersOf(row);
  const value = filters.get('NOTIONAL');
  const older = filters.get('MIN_NOTIONAL');
  return {
    marketLot: marketLotOf(filters.get('MARKET_LOT_SIZE')),
    notionalMinForMarket: flagOr(value, 'applyMinToMarket', flagOr(older, 'applyToMarket', false)),
    notionalMax: notionalMaxOf(value, quote),
    notionalMaxForMarket: flagOr(value, 'applyMaxToMarket', false),
    band: bandOf(filters.get('PERCENT_PRICE_BY_SIDE'), filters.get('PERCENT_PRICE')),
    openOrdersMax: ordersMaxOf(filters.get('MAX_NUM_ORDERS')),
    accountOrdersMax,
    positionMax: positionMaxOf(filters.get('MAX_POSITION')),
    held: parseHeldTerms(row, filters),
    expiresMaker: allows(row['allowedSelfTradePreventionModes'], expireMaker),
  };
}

const allows = (modes: unknown, mode: string): boolean => Array.isArray(modes) && modes.includes(mode);

const flagOr = (filter: Fields | undefined, name: string, otherwise: boolean): boolean =>
  filter === undefined || filter[name] === undefined ? otherwise : flag(filter, name);

const nullIfZero = (value: Quantity): Quantity | null => (value === 0n ? null : value);

function marketLotOf(filter: Fields | undefined): VenueRules['marketLot'] {
  if (filter === undefined) return null;
  return {
    min: quantity(filter, 'minQty'),
    max: nullIfZero(quantity(filter, 'maxQty')),
    step: nullIfZero(quantity(filter, 'stepSize')),
  };
}

/** Of NOTIONAL, where it is for orders at the market too. */
export const notionalMaxAtMarket = (filter: Fields | undefined, quote: Currency): Money | null =>
  flagOr(filter, 'applyMaxToMarket', false) ? notionalMaxOf(filter, quote) : null;

function notionalMaxOf(filter: Fields | undefined, quote: Currency): VenueRules['notionalMax'] {
  if (filter?.['maxNotional'] === undefined) return null;
  const most = moneyOf(filter['maxNotional'], quote, 'maxNotional');
  return most.amount === 0n ? null : most;
}

function bandOf(bySide: Fields | undefined, plain: Fields | undefined): VenueRules['band'] {
  if (bySide !== undefined)
    return {
      buy: { down: multiplier(bySide, 'bidMultiplierDown'), up: multiplier(bySide, 'bidMultiplierUp') },
      sell: { down: multiplier(bySide, 'askMultiplierDown'), up: multiplier(bySide, 'askMultiplierUp') },
    };
  if (plain === undefined) return null;
  const both = { down: multiplier(plain, 'multiplierDown'), up: multiplier(plain, 'multiplierUp') };
  return { buy: both, sell: both };
}

function multiplier(filter: Fields, name: string): bigint {
  const parsed = parseDecimal(text(filter, name), 12);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  throw new UnreadablePayload(`${name}: not a multiplier`);
}

/** What holds for the account in all markets; null: nothing. */
export const accountOrdersMaxOf = (info: Fields): number | null =>
  ordersMaxOf(
    info['exchangeFilters'] === undefined
      ? undefined
      : namedFilters(info['exchangeFilters']).get('EXCHANGE_MAX_NUM_ORDERS'),
  );

const ordersMaxOf = (filter: Fields | undefined): number | null =>
  filter === undefined ? null : whole(filter, 'maxNumOrders');

const positionMaxOf = (filter: Fields | undefined): Quantity | null =>
  filter === undefined ? null : nullIfZero(quantity(filter, 'maxPosition'));

/** A sum of rates as the exact text that the platform uses. */
export const rateText = (units: bigint): string => formatDecimal(units, 12);

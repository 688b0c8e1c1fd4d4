import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { InstrumentId, VenueId } from './ids.js';
import { type Currency, Money, notional } from './money.js';
import type { OrderType } from './order.js';
import { Price } from './price.js';
import { Quantity } from './quantity.js';

/** What a venue lets trade, and the filters it applies. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: VenueId;
  /** `BASE-QUOTE` in capitals, the one notation inside the platform. */
  readonly symbol: string;
  readonly base: Currency;
  readonly quote: Currency;
  readonly status: 'trading' | 'halted';
  readonly tickSize: Price;
  readonly priceMin: Price;
  readonly priceMax: Price;
  readonly stepSize: Quantity;
  readonly quantityMin: Quantity;
  readonly quantityMax: Quantity;
  /** Of one order at the market, never above `quantityMax`; the same where the venue has no other for them. */
  readonly marketQuantityMax: Quantity;
  /** An order at the market is in whole steps of this one too: a multiple of `stepSize`, equal to it where the venue has no other. */
  readonly marketStepSize: Quantity;
  /** Of one order at the market, never below `quantityMin`; the same where the venue has no other for them. */
  readonly marketQuantityMin: Quantity;
  readonly notionalMin: Money;
  /** The most that one order at the market may be worth, at the venue's own average price; null where nothing bounds it. */
  readonly marketNotionalMax: Money | null;
  /** Fractions as exact decimal texts, e.g. `0.001`; the venue's usual ones until an account's own are known, see `FeeRates`. */
  readonly makerFeeRate: string;
  readonly takerFeeRate: string;
}

/** What an account pays at a venue for its fills of one instrument. Fractions as exact decimal texts, e.g. `0.001`. */
export interface FeeRates {
  readonly instrumentId: InstrumentId;
  readonly makerFeeRate: string;
  readonly takerFeeRate: string;
}

/** The instrument as this account trades it: market data knows no account, so its own rates are an assumption. */
export function withFeeRates(instrument: Instrument, { makerFeeRate, takerFeeRate }: FeeRates): Instrument {
  return { ...instrument, makerFeeRate, takerFeeRate };
}

/** Why a venue's filters refuse an order, with what it would accept. */
export interface FilterViolation {
  readonly code:
    | 'PRICE_OFF_TICK'
    | 'PRICE_OUT_OF_RANGE'
    | 'QUANTITY_OFF_STEP'
    | 'QUANTITY_BELOW_MINIMUM'
    | 'QUANTITY_ABOVE_MAXIMUM'
    | 'NOTIONAL_BELOW_MINIMUM'
    | 'INSTRUMENT_HALTED';
  readonly field: 'price' | 'quantity' | 'symbol';
  readonly value: string;
  /** The bound or step that was broken. */
  readonly limit: string;
  /** The nearest value that would pass. */
  readonly suggestion: string;
}

/**
 * Checks an order against the venue's own rules, in the order in which a user can mend them.
 * @param price of an order at the market: what it is judged by
 */
export function checkFilters(
  instrument: Instrument,
  price: Price,
  quantity: Quantity,
  type: OrderType = 'limit',
): Result<null, FilterViolation> {
  return (
    statusViolation(instrument) ??
    priceViolation(instrument, price) ??
    quantityViolation(instrument, quantity, type) ??
    notionalViolation(instrument, price, quantity) ??
    ok(null)
  );
}

/** The same instrument, as its rules are for orders at the market. */
export const atMarket = (instrument: Instrument): Instrument => ({
  ...instrument,
  stepSize: instrument.marketStepSize,
  quantityMin: instrument.marketQuantityMin,
  quantityMax: Quantity.min(instrument.marketQuantityMax, instrument.quantityMax),
});

/** What is worth less than so many least orders is dust: the price may move, but not by more than this. */
const dustFactor = 2n;

/**
 * Whether so little is held that the venue takes no order of it, or would not any more after a small move of the price.
 * @param held signed or not
 * @param price null: not known, so that the quantity alone tells
 */
export function isDust(instrument: Instrument, held: Quantity, price: Price | null): boolean {
  const quantity = Quantity.fromUnits(held < 0n ? -held : held);
  if (quantity < instrument.quantityMin) return true;
  if (price === null) return false;
  return notional(price, quantity, instrument.quote).amount < dustFactor * instrument.notionalMin.amount;
}

type Violation = { readonly ok: false; readonly error: FilterViolation } | null;

function statusViolation(instrument: Instrument): Violation {
  if (instrument.status === 'trading') return null;
  return fail({
    code: 'INSTRUMENT_HALTED',
    field: 'symbol',
    value: instrument.symbol,
    limit: 'trading',
    suggestion: '',
  });
}

function priceViolation(instrument: Instrument, price: Price): Violation {
  const { tickSize, priceMin, priceMax } = instrument;
  const value = Price.format(price);
  if (price < priceMin || price > priceMax) {
    const nearest = price < priceMin ? priceMin : priceMax;
    const limit = `${Price.format(priceMin)}..${Price.format(priceMax)}`;
    return fail({ code: 'PRICE_OUT_OF_RANGE', field: 'price', value, limit, suggestion: Price.format(nearest) });
  }
  if (!Price.isMultipleOf(price, tickSize)) {
    const nearest = Price.floorTo(Price.plus(price, Price.fromUnits(tickSize / 2n)), tickSize);
    return fail({
      code: 'PRICE_OFF_TICK',
      field: 'price',
      value,
      limit: Price.format(tickSize),
      suggestion: Price.format(nearest),
    });
  }
  return null;
}

function quantityViolation(instrument: Instrument, quantity: Quantity, type: OrderType): Violation {
  const { quantityMin, quantityMax, stepSize } = type === 'market' ? atMarket(instrument) : instrument;
  const value = Quantity.format(quantity);
  if (quantity < quantityMin) {
    const limit = Quantity.format(quantityMin);
    return fail({ code: 'QUANTITY_BELOW_MINIMUM', field: 'quantity', value, limit, suggestion: limit });
  }
  if (quantity > quantityMax) {
    const limit = Quantity.format(quantityMax);
    const suggestion = Quantity.format(Quantity.floorTo(quantityMax, stepSize));
    return fail({ code: 'QUANTITY_ABOVE_MAXIMUM', field: 'quantity', value, limit, suggestion });
  }
  if (!Quantity.isMultipleOf(quantity, stepSize)) {
    const nearest = Quantity.max(Quantity.floorTo(quantity, stepSize), quantityMin);
    return fail({
      code: 'QUANTITY_OFF_STEP',
      field: 'quantity',
      value,
      limit: Quantity.format(stepSize),
      suggestion: Quantity.format(nearest),
    });
  }
  return null;
}

function notionalViolation(instrument: Instrument, price: Price, quantity: Quantity): Violation {
  const { notionalMin, stepSize, quote } = instrument;
  if (notional(price, quantity, quote).amount >= notionalMin.amount) return null;
  // ceil(minimum / price) to the next step, in units of 10^-12
  const exact = (notionalMin.amount * 10n ** 6n + price - 1n) / price;
  const steps = (exact + stepSize - 1n) / stepSize;
  return fail({
    code: 'NOTIONAL_BELOW_MINIMUM',
    field: 'quantity',
    value: Quantity.format(quantity),
    limit: `${Money.format(notionalMin)} ${notionalMin.currency}`,
    suggestion: Quantity.format(Quantity.fromUnits(steps * stepSize)),
  });
}

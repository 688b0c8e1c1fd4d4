import {
  atMarket,
  ClientOrderId,
  type Instrument,
  type OrderType,
  Price,
  prospectOf,
  Quantity,
} from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { isTradable } from './books.js';
import type { Draft } from './draft.js';
import { averageError, highestAverage } from './pricing.js';

// A venue may take far less of one order at the market than of one with a price, in other steps, and only up to a value. What is
// held beyond that is closed in parts, one order after the other, each of what the books hold by then.

/** What decides how much goes in one order. */
export interface PartBounds {
  readonly instrument: Instrument;
  /** What the order would be worth by: its own price, or the market's; null: not known. */
  readonly price: Price | null;
  /** The least that the venue has called too much; null: nothing. */
  readonly refused: Quantity | null;
}

/** The next part of `quantity` at the market, in whole steps of there; zero when nothing of it can go there, so that it is dust. */
export function marketPart(quantity: Quantity, bounds: PartBounds): Quantity {
  const rules = atMarket(bounds.instrument);
  const whole = Quantity.floorTo(quantity, rules.stepSize);
  if (!isTradable(whole, rules, highestAverage(bounds.price))) return Quantity.zero;
  return partOf(whole, { ...rules, quantityMax: mostAtMarket(bounds) }, bounds.price);
}

/** The next part of `quantity` with a price: all of it, unless the venue has called that too much. */
export function limitPart(quantity: Quantity, { instrument, refused, price }: PartBounds): Quantity {
  return partOf(quantity, { ...instrument, quantityMax: smaller(instrument.quantityMax, refused) }, price);
}

/**
 * As few orders as there can be, and all of one size: whatever was cut off first would leave the last of them with too little to
 * trade. @param whole in whole steps
 */
function partOf(whole: Quantity, rules: Instrument, price: Price | null): Quantity {
  const { stepSize, quantityMin } = rules;
  const most = Quantity.floorTo(rules.quantityMax, stepSize);
  // A maximum below the minimum takes nothing at all: what the venue means by it, it has to say itself.
  if (whole <= most || most < quantityMin || most === 0n) return whole;
  const orders = ordersOf(whole, most);
  const steps = whole / stepSize;
  const smallest = Quantity.fromUnits((steps / orders) * stepSize);
  // Somewhere a rest must be too little: then the least of it.
  if (!isTradable(smallest, rules, price)) return most;
  return Quantity.fromUnits(((steps + orders - 1n) / orders) * stepSize);
}

/** The least that the venue has called too much of such an order in this cycle; null: nothing. */
export function refusedQuantity({ state }: Draft, type: OrderType): Quantity | null {
  return state.orders.reduce<Quantity | null>((least, order) => {
    const over = order.status === 'rejected' || order.status === 'denied';
    const ours = order.leg !== 'entry' && ClientOrderId.slotOf(order.id)?.cycle === state.cycle;
    if (!over || !ours || order.type !== type || prospectOf(order.reasonCode) !== 'too-much') return least;
    const quantity = Quantity.of(order.quantity);
    return least === null ? quantity : Quantity.min(least, quantity);
  }, null);
}

/** True when what was too much of such an order can be asked for by half. */
export function canBeHalved(quantity: Quantity, type: OrderType, instrument: Instrument): boolean {
  const { stepSize, quantityMin } = type === 'market' ? atMarket(instrument) : instrument;
  const half = Quantity.floorTo(Quantity.fromUnits(quantity / 2n), stepSize);
  return half > 0n && half >= quantityMin;
}

/** A quantity that is closed in more than one order, should it be closed at the market. */
export function closesInParts(
  quantity: Quantity,
  instrument: Instrument,
  price: Price | null = null,
): readonly ParameterFault[] {
  const most = mostAtMarket({ instrument, price, refused: null });
  if (quantity <= most || most === 0n) return [];
  const [limit, base] = [Quantity.format(most), instrument.base];
  return [
    {
      code: 'CLOSES_IN_PARTS',
      field: '/quantity',
      text: `The venue takes at most ${limit} ${base} in one order at the market: a stop or a flatten closes ${Quantity.format(quantity)} in ${ordersOf(quantity, most)} orders.`,
      allowed: `at most ${limit}`,
      next: 'Lower the quantity, if one order is to close it.',
    },
  ];
}

function mostAtMarket({ instrument, price, refused }: PartBounds): Quantity {
  const { quantityMax, stepSize } = atMarket(instrument);
  const most = smaller(Quantity.min(quantityMax, worthAtMost(instrument, price)), refused);
  return Quantity.floorTo(most, stepSize);
}

/** Half of what was too much: how much less would pass is told by nobody when it hangs on a price that only the venue knows. */
const smaller = (most: Quantity, refused: Quantity | null): Quantity =>
  refused === null ? most : Quantity.min(most, Quantity.fromUnits(refused / 2n));

function worthAtMost({ marketNotionalMax, quantityMax }: Instrument, price: Price | null): Quantity {
  if (marketNotionalMax === null || price === null || price <= Price.zero) return quantityMax;
  const { numerator, denominator } = averageError;
  return Quantity.fromUnits((marketNotionalMax.amount * 10n ** 6n * denominator) / (price * numerator));
}

const ordersOf = (quantity: Quantity, most: Quantity): bigint => (quantity + most - 1n) / most;

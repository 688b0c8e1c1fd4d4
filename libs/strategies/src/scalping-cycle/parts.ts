import { type Instrument, Quantity } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/strategy.js';
import { type Books, isTradable } from './books.js';

// A venue may take far less of one order at the market than of one with a price. What is held beyond that is closed in parts,
// one order after the other, each of what the books hold by then.

/**
 * The next part of `quantity`, which is in whole steps. As few orders as there can be, and all of one size: whatever was cut
 * off first would leave the last of them with too little to trade.
 */
export function marketPart(quantity: Quantity, books: Books, instrument: Instrument): Quantity {
  const most = mostAtMarket(instrument);
  // A maximum below the minimum takes nothing at all: what the venue means by it, it has to say itself.
  if (quantity <= most || most < instrument.quantityMin || most === 0n) return quantity;
  const { stepSize } = instrument;
  const orders = ordersOf(quantity, most);
  const steps = quantity / stepSize;
  const smallest = Quantity.fromUnits((steps / orders) * stepSize);
  // Somewhere a rest must be too little: then the least of it.
  if (!isTradable(smallest, books, instrument)) return most;
  return Quantity.fromUnits(((steps + orders - 1n) / orders) * stepSize);
}

/** A quantity that is closed in more than one order, should it be closed at the market. */
export function closesInParts(quantity: Quantity, instrument: Instrument): readonly ParameterFault[] {
  const most = mostAtMarket(instrument);
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

const mostAtMarket = ({ marketQuantityMax, quantityMax, stepSize }: Instrument): Quantity =>
  Quantity.floorTo(Quantity.min(marketQuantityMax, quantityMax), stepSize);

const ordersOf = (quantity: Quantity, most: Quantity): bigint => (quantity + most - 1n) / most;

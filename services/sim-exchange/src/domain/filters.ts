import { type BookOrder, type Ticks, tickLotsMax } from '@scalpstorm/matching';
import type { Account } from './account.js';
import { baseAmount, quoteAmount, tickLotAmount } from './market-spec.js';
import { executesAs, isContingent } from './order-type.js';
import { wouldTrigger } from './trigger.js';
import { type VenueError, venueErrors } from './venue-error.js';
import { isOpen, type NewOrder } from './venue-order.js';

/** Open orders an account may have in one symbol (MAX_NUM_ORDERS). */
export const openOrdersMax = 5_000;

/** Of these, orders that wait for their price (MAX_NUM_ALGO_ORDERS). The real venue allows fewer. */
export const algoOrdersMax = 500;
/** Basis points (TRAILING_DELTA). */
export const trailingDeltaRange = { min: 10, max: 2_000 };

/** The venue's checks in its own order: filters, then duplicates, then funds. Null when the order may be placed. */
export function checkOrder(account: Account, wish: NewOrder, order: BookOrder): VenueError | null {
  return (
    filterRefusal(account, wish, order) ??
    duplicateRefusal(account, wish) ??
    (isContingent(wish.type) && wouldTrigger(wish, wish.market.lastPrice) ? venueErrors.wouldTrigger() : null) ??
    fundsRefusal(account, wish, order)
  );
}

/**
 * What a lot locks while the order rests or waits, in ticks. A purchase at the market that waits holds its stop price, and one
 * that only trails the last price: the venue cannot know yet what it will pay.
 */
export function lockPriceOf(wish: NewOrder): Ticks {
  if (executesAs(wish.type) !== 'market') return wish.price;
  if (!isContingent(wish.type)) return 0;
  const { spec, lastPrice } = wish.market;
  return wish.stopPrice || (lastPrice ?? Math.max(1, Math.round((spec.referencePrice * 1e8) / spec.tickUnits)));
}

/** What the venue checks by the order alone and by how many there are. */
export function filterRefusal(account: Account, wish: NewOrder, order: BookOrder): VenueError | null {
  const { spec } = wish.market;
  const isAtMarket = executesAs(wish.type) === 'market';
  if (!isAtMarket && isPriceOff(wish, wish.price)) return venueErrors.filter('PRICE_FILTER');
  if (wish.stopPrice !== 0 && isPriceOff(wish, wish.stopPrice)) return venueErrors.filter('PRICE_FILTER');
  if (wish.quoteQuantity === 0n && (wish.quantity < 1 || wish.quantity > spec.quantityMax))
    return venueErrors.filter(isAtMarket ? 'MARKET_LOT_SIZE' : 'LOT_SIZE');
  const { trailingDelta } = wish;
  const isTrailOff = trailingDelta < trailingDeltaRange.min || trailingDelta > trailingDeltaRange.max;
  if (trailingDelta !== 0 && isTrailOff) return venueErrors.filter('TRAILING_DELTA');
  if (isNotionalOff(wish, order)) return venueErrors.filter('NOTIONAL');
  return countRefusal(account, wish);
}

function countRefusal(account: Account, wish: NewOrder): VenueError | null {
  if (isContingent(wish.type) && wish.market.waiting.of(account.id) >= algoOrdersMax)
    return venueErrors.filter('MAX_NUM_ALGO_ORDERS');
  if (account.open.size < openOrdersMax) return null;
  const sameMarket = [...account.open.values()].filter((open) => open.market === wish.market).length;
  return sameMarket < openOrdersMax ? null : venueErrors.filter('MAX_NUM_ORDERS');
}

const isPriceOff = (wish: NewOrder, price: Ticks): boolean => price < 1 || price > wish.market.spec.priceMax;

function isNotionalOff(wish: NewOrder, order: BookOrder): boolean {
  const { spec, book } = wish.market;
  const lockPrice = lockPriceOf(wish);
  if (lockPrice !== 0) return quoteAmount(spec, lockPrice, wish.quantity) < spec.notionalMin;
  if (wish.quoteQuantity !== 0n) {
    const outOfRange = wish.quoteQuantity / tickLotAmount(spec) > BigInt(tickLotsMax);
    return wish.quoteQuantity < spec.notionalMin || wish.quoteQuantity < tickLotAmount(spec) || outOfRange;
  }
  // A market order is valued at what it would cost; without anything to take there is nothing to value.
  const { quote, quantity } = book.estimate(order);
  return quantity === wish.quantity && quote * tickLotAmount(spec) < spec.notionalMin;
}

function duplicateRefusal(account: Account, wish: NewOrder): VenueError | null {
  const same = account.ordersWith(wish.clientOrderId);
  // Only open orders count, as at the real venue: a finished id may be used again.
  return same.some((order) => order.market === wish.market && isOpen(order)) ? venueErrors.duplicateOrder() : null;
}

function fundsRefusal(account: Account, wish: NewOrder, order: BookOrder): VenueError | null {
  const { spec, book } = wish.market;
  if (wish.side === 'sell') {
    const lots = wish.quoteQuantity === 0n ? wish.quantity : book.estimate(order).quantity;
    return account.balance(spec.base).free < baseAmount(spec, lots) ? venueErrors.insufficientBalance() : null;
  }
  const lockPrice = lockPriceOf(wish);
  const cost =
    lockPrice !== 0
      ? quoteAmount(spec, lockPrice, wish.quantity)
      : wish.quoteQuantity === 0n
        ? book.estimate(order).quote * tickLotAmount(spec)
        : wish.quoteQuantity;
  return account.balance(spec.quote).free < cost ? venueErrors.insufficientBalance() : null;
}

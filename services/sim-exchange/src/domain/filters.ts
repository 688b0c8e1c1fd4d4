import { type BookOrder, tickLotsMax } from '@scalpstorm/matching';
import type { Account } from './account.js';
import { baseAmount, quoteAmount, tickLotAmount } from './market-spec.js';
import { type VenueError, venueErrors } from './venue-error.js';
import { isOpen, type NewOrder } from './venue-order.js';

/** Open orders an account may have in one symbol (MAX_NUM_ORDERS). */
export const openOrdersMax = 5_000;

/** The venue's checks in its own order: filters, then duplicates, then funds. Null when the order may be placed. */
export function checkOrder(account: Account, wish: NewOrder, order: BookOrder): VenueError | null {
  return filterRefusal(account, wish, order) ?? duplicateRefusal(account, wish) ?? fundsRefusal(account, wish, order);
}

function filterRefusal(account: Account, wish: NewOrder, order: BookOrder): VenueError | null {
  const { spec } = wish.market;
  if (wish.type !== 'MARKET' && (wish.price < 1 || wish.price > spec.priceMax))
    return venueErrors.filter('PRICE_FILTER');
  if (wish.quoteQuantity === 0n) {
    const filter = wish.type === 'MARKET' ? 'MARKET_LOT_SIZE' : 'LOT_SIZE';
    if (wish.quantity < 1 || wish.quantity > spec.quantityMax) return venueErrors.filter(filter);
  }
  if (isNotionalOff(wish, order)) return venueErrors.filter('NOTIONAL');
  if (account.open.size < openOrdersMax) return null;
  const sameMarket = [...account.open.values()].filter((open) => open.market === wish.market).length;
  return sameMarket < openOrdersMax ? null : venueErrors.filter('MAX_NUM_ORDERS');
}

function isNotionalOff(wish: NewOrder, order: BookOrder): boolean {
  const { spec, book } = wish.market;
  if (wish.type !== 'MARKET') return quoteAmount(spec, wish.price, wish.quantity) < spec.notionalMin;
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
  const cost =
    wish.type !== 'MARKET'
      ? quoteAmount(spec, wish.price, wish.quantity)
      : wish.quoteQuantity === 0n
        ? book.estimate(order).quote * tickLotAmount(spec)
        : wish.quoteQuantity;
  return account.balance(spec.quote).free < cost ? venueErrors.insufficientBalance() : null;
}

import { type BookOrder, type Ticks, tickLotsMax } from '@scalpstorm/matching';
import type { Account } from './account.js';
import type { Amount } from './amounts.js';
import { bandUnit, trailingDeltaRange } from './market-filters.js';
import { baseAmount, quoteAmount, tickLotAmount } from './market-spec.js';
import { executesAs, isContingent } from './order-type.js';
import { wouldTrigger } from './trigger.js';
import { type AccountFilterName, type OrderFilterName, type VenueError, venueErrors } from './venue-error.js';
import { isOpen, type NewOrder } from './venue-order.js';

/** An order that somebody wants to place. */
export interface Candidate {
  readonly account: Account;
  readonly wish: NewOrder;
  /** What would come into the book of it. */
  readonly entry: BookOrder;
  readonly now: number;
}

/** The venue's checks in its own order: filters, then duplicates, then funds. Null when the order may be placed. */
export function checkOrder(candidate: Candidate): VenueError | null {
  const { wish } = candidate;
  return (
    filterRefusal(candidate) ??
    duplicateRefusal(candidate) ??
    (isContingent(wish.type) && wouldTrigger(wish, wish.market.lastPrice) ? venueErrors.wouldTrigger() : null) ??
    fundsRefusal(candidate)
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

/**
 * What the venue checks by the order alone, and by what the account has already. Source: filters.md of binance-spot-api-docs,
 * 2026-07-21.
 */
export function filterRefusal(candidate: Candidate): VenueError | null {
  const byItself = orderFilter(candidate);
  if (byItself !== null) return venueErrors.filter(byItself);
  const byAccount = accountFilter(candidate);
  return byAccount === null ? null : venueErrors.accountFilter(byAccount);
}

function orderFilter(candidate: Candidate): OrderFilterName | null {
  const { wish } = candidate;
  const { spec, filters } = wish.market;
  const isAtMarket = executesAs(wish.type) === 'market';
  if (!isAtMarket && isPriceOff(wish, wish.price)) return 'PRICE_FILTER';
  if (wish.stopPrice !== 0 && isPriceOff(wish, wish.stopPrice)) return 'PRICE_FILTER';
  if (!isAtMarket && isOutOfBand(candidate)) return 'PERCENT_PRICE_BY_SIDE';
  if (wish.quoteQuantity === 0n && (wish.quantity < 1 || wish.quantity > spec.quantityMax)) return 'LOT_SIZE';
  if (isAtMarket && wish.quantity > filters.marketQuantityMax) return 'MARKET_LOT_SIZE';
  const { trailingDelta } = wish;
  const isTrailOff = trailingDelta < trailingDeltaRange.min || trailingDelta > trailingDeltaRange.max;
  if (trailingDelta !== 0 && isTrailOff) return 'TRAILING_DELTA';
  return isNotionalOff(candidate) ? 'NOTIONAL' : null;
}

const isPriceOff = (wish: NewOrder, price: Ticks): boolean => price < 1 || price > wish.market.spec.priceMax;

function isOutOfBand({ wish, now }: Candidate): boolean {
  const { market, side, price } = wish;
  const average = market.averagePrice(now);
  if (average === null) return false;
  const { down, up } = market.filters.band[side];
  const scaled = BigInt(price) * BigInt(market.spec.tickUnits) * bandUnit;
  return scaled < average * down || scaled > average * up;
}

function isNotionalOff(candidate: Candidate): boolean {
  const { wish } = candidate;
  const { spec, filters } = wish.market;
  const { quoteQuantity } = wish;
  const tickLot = tickLotAmount(spec);
  if (quoteQuantity !== 0n && (quoteQuantity < tickLot || quoteQuantity / tickLot > BigInt(tickLotsMax))) return true;
  const worth = worthOf(candidate);
  if (worth === null) return false;
  const isAtMarket = executesAs(wish.type) === 'market';
  if ((!isAtMarket || filters.minToMarket) && worth < filters.notionalMin) return true;
  return (!isAtMarket || filters.maxToMarket) && worth > filters.notionalMax;
}

/** A market order is worth what it names, else its quantity at the average price; null before anything traded. */
function worthOf({ wish, now }: Candidate): Amount | null {
  const { market, quantity, quoteQuantity } = wish;
  if (quoteQuantity !== 0n) return quoteQuantity;
  const price = lockPriceOf(wish);
  if (price !== 0) return quoteAmount(market.spec, price, quantity);
  const average = market.averagePrice(now);
  return average === null ? null : average * BigInt(quantity) * BigInt(market.spec.lotUnits);
}

function accountFilter(candidate: Candidate): AccountFilterName | null {
  const { account, wish } = candidate;
  const { waiting, filters } = wish.market;
  if (isContingent(wish.type) && waiting.of(account.id) >= filters.algoOrdersMax) return 'MAX_NUM_ALGO_ORDERS';
  if (hasTooMany(candidate)) return 'MAX_NUM_ORDERS';
  const { positionMax } = filters;
  if (positionMax === null || wish.side === 'sell') return null;
  return positionWith(candidate) > positionMax ? 'MAX_POSITION' : null;
}

function hasTooMany({ account, wish }: Candidate): boolean {
  const { ordersMax } = wish.market.filters;
  if (account.open.size < ordersMax) return false;
  return [...account.open.values()].filter((open) => open.market === wish.market).length >= ordersMax;
}

/** What the account would have of the base asset if everything that it buys were filled, this order too. */
function positionWith({ account, wish, entry }: Candidate): Amount {
  const { spec, book } = wish.market;
  const { free, locked } = account.balance(spec.base);
  const lots = wish.quoteQuantity === 0n ? wish.quantity : book.estimate(entry).quantity;
  let position = free + locked + baseAmount(spec, lots);
  for (const { side, market, quantity, executed } of account.open.values())
    if (side === 'buy' && market.spec.base === spec.base) position += baseAmount(market.spec, quantity - executed);
  return position;
}

function duplicateRefusal({ account, wish }: Candidate): VenueError | null {
  const same = account.ordersWith(wish.clientOrderId);
  // Only open orders count, as at the real venue: a finished id may be used again.
  return same.some((order) => order.market === wish.market && isOpen(order)) ? venueErrors.duplicateOrder() : null;
}

function fundsRefusal({ account, wish, entry }: Candidate): VenueError | null {
  const { spec, book } = wish.market;
  if (wish.side === 'sell') {
    const lots = wish.quoteQuantity === 0n ? wish.quantity : book.estimate(entry).quantity;
    return account.balance(spec.base).free < baseAmount(spec, lots) ? venueErrors.insufficientBalance() : null;
  }
  const lockPrice = lockPriceOf(wish);
  const cost =
    lockPrice !== 0
      ? quoteAmount(spec, lockPrice, wish.quantity)
      : wish.quoteQuantity === 0n
        ? book.estimate(entry).quote * tickLotAmount(spec)
        : wish.quoteQuantity;
  return account.balance(spec.quote).free < cost ? venueErrors.insufficientBalance() : null;
}

import { assert } from '@scalpstorm/kernel';
import { opposite, type Side } from '@scalpstorm/model';
import type { BookEvent } from './book-event.js';
import { type BookOrder, type Lots, lotsMax, type OwnerId, type Ticks, tickLotsMax, ticksMax } from './book-order.js';
import type { Estimate } from './matching-book.js';

/** What taking needs to know of a book. */
export interface Liquidity {
  best(side: Side): Ticks | null;
  /**
   * Takes up to `lots` from the best level of the other side, in time order, and says so in `events`.
   * Ends when `lots` are taken or the level is gone: that is what lets the sweep end.
   */
  takeBest(taker: BookOrder, lots: Lots, events: BookEvent[]): Lots;
  /** Visits levels from the best, with the lots that are not `except`'s, until `visit` says false. */
  walk(side: Side, except: OwnerId | null, visit: (price: Ticks, lots: Lots) => boolean): void;
  rest(order: BookOrder & { readonly price: Ticks }, lots: Lots): void;
}

/** Price-time priority for one incoming order: refuse, take, then rest or expire. */
export function placeOrder(book: Liquidity, order: BookOrder): BookEvent[] {
  assertBounds(order);
  const crosses = reaches(order, book.best(opposite(order.side)));
  if (order.type === 'limit-maker' && crosses) return [{ kind: 'rejected', id: order.id, reason: 'WOULD_TAKE' }];
  const events: BookEvent[] = [{ kind: 'accepted', id: order.id }];
  const killed =
    order.type === 'limit' && order.timeInForce === 'FOK' && estimateOrder(book, order).quantity < order.quantity;
  const left = killed ? order.quantity : sweep(book, order, events);
  if (left === 0) return events;
  if (order.type === 'limit-maker' || (order.type === 'limit' && order.timeInForce === 'GTC')) book.rest(order, left);
  else events.push({ kind: 'expired', id: order.id, quantity: left, reason: 'UNFILLED' });
  return events;
}

/** What the order would get, walking the book without touching it. */
export function estimateOrder(book: Liquidity, order: BookOrder): Estimate {
  let quantity = 0;
  let quote = 0n;
  let budget = order.type === 'market-by-quote' ? order.quoteAmount : 0;
  const except = order.selfTradePrevention === 'expire-maker' ? order.owner : null;
  book.walk(opposite(order.side), except, (price, available) => {
    if (!reaches(order, price)) return false;
    const want = order.type === 'market-by-quote' ? Math.floor(budget / price) : order.quantity - quantity;
    const taken = Math.min(want, available);
    quantity += taken;
    quote += BigInt(price) * BigInt(taken);
    if (order.type === 'market-by-quote') budget -= price * taken;
    return taken === available;
  });
  return { quantity, quote };
}

/** Takes what it can; gives the lots that are left of an order by quantity. An order by quote says itself how it ended. */
function sweep(book: Liquidity, order: BookOrder, events: BookEvent[]): Lots {
  const isByQuote = order.type === 'market-by-quote';
  let left = isByQuote ? order.quoteAmount : order.quantity;
  while (left > 0) {
    const price = book.best(opposite(order.side));
    if (price === null || !reaches(order, price)) break;
    // A quote amount pays for whole lots only; price × lots never exceeds what is left, so it stays exact.
    const lots = isByQuote ? Math.floor(left / price) : left;
    if (lots === 0) break;
    const taken = book.takeBest(order, lots, events);
    left -= isByQuote ? taken * price : taken;
  }
  if (!isByQuote) return left;
  const hasMore = left > 0 && book.best(opposite(order.side)) === null;
  events.push(
    hasMore ? { kind: 'expired', id: order.id, quantity: 0, reason: 'UNFILLED' } : { kind: 'spent', id: order.id },
  );
  return 0;
}

function reaches(order: BookOrder, price: Ticks | null): boolean {
  if (price === null) return false;
  if (order.type === 'market' || order.type === 'market-by-quote') return true;
  return order.side === 'buy' ? order.price >= price : order.price <= price;
}

function assertBounds(order: BookOrder): void {
  const whole = (value: number, max: number): boolean => Number.isInteger(value) && value > 0 && value <= max;
  assert(whole(order.id, Number.MAX_SAFE_INTEGER), `order id out of bounds: ${order.id}`);
  if ('price' in order) assert(whole(order.price, ticksMax), `price out of bounds: ${order.price} ticks`);
  if ('quantity' in order) assert(whole(order.quantity, lotsMax), `quantity out of bounds: ${order.quantity} lots`);
  else assert(whole(order.quoteAmount, tickLotsMax), `quote amount out of bounds: ${order.quoteAmount}`);
}

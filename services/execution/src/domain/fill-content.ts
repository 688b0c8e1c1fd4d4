import { type Currency, type Fill, Money, notional, Price, Quantity } from '@scalpstorm/model';
import { baseOf, quoteOf } from './order-row.js';

/**
 * What of a fill may never differ between two tellings of it, for machines and people: its order, side, quantity, price and
 * fee. Its time and liquidity may, because an answer to a placement knows them less well than the stream.
 */
export function contentOf({ clientOrderId, side, quantity, price, fee }: Fill): string {
  const cost = fee.amount === 0n ? 'no fee' : `fee ${Money.format(fee)} ${fee.currency}`;
  return `${clientOrderId} ${side} ${Quantity.format(quantity)} at ${Price.format(price)}, ${cost}`;
}

/** A venue counts its trades by instrument. */
export function tradeKey({ instrumentId, tradeId }: Pick<Fill, 'instrumentId' | 'tradeId'>): string {
  return `${instrumentId}|${tradeId}`;
}

/** What a fill moves in the balances of its account, currency by currency, in units of 10^-18. */
export function flowsOf({ instrumentId, side, price, quantity, fee }: Fill): readonly (readonly [Currency, bigint])[] {
  const [base, quote] = [baseOf(instrumentId), quoteOf(instrumentId)];
  const sign = side === 'buy' ? 1n : -1n;
  return [
    [base, sign * Money.fromQuantity(quantity, base).amount],
    [quote, -sign * notional(price, quantity, quote).amount],
    [fee.currency, -fee.amount],
  ];
}

import { type Currency, type Instrument, Price, Quantity, type Side } from '@scalpstorm/model';
import { type Amount, noAmount, plus, quantityScale, read, write } from './amounts.js';
import { oncePer } from './once.js';

type Volume = { readonly base: Amount; readonly quote: Amount };
type AmountsByCurrency = { readonly [currency: string]: Amount };

/**
 * What the bot holds and what the running cycle has earned.
 *
 * - The pool is what entries brought and exits have not yet given back: so much base, at so much cost (for a short
 *   pool: at such proceeds). Dust stays in it at its cost and leaves with a later exit.
 * - A fee taken in base is valued at the price of its own fill. It counts as a fee, and the base that it took is neither
 *   bought nor sold: the pool gets, or loses, price × the rest.
 * - gross = proceeds − cost of the share of the pool that an exit took. net = gross − fees.
 *
 * So that over any time Σ net of all cycles = change of cash + change of the pool's cost (− for a short pool), to the
 * last digit: the rounding of a share stays in the pool.
 */
export type Books = {
  readonly poolSide: Side;
  readonly poolBase: Amount;
  readonly poolValue: Amount;
  readonly gross: Amount;
  /** In quote. */
  readonly fees: Amount;
  /** In neither base nor quote; never valued. */
  readonly otherFees: AmountsByCurrency;
  /** All fees as they were charged. */
  readonly paid: AmountsByCurrency;
  readonly buys: Volume;
  readonly sells: Volume;
};

/** Newly filled: quantities and money in 10^-18. */
export interface Traded {
  readonly side: Side;
  readonly base: bigint;
  readonly quote: bigint;
  readonly fees: readonly { readonly amount: bigint; readonly currency: Currency }[];
}

const noVolume: Volume = { base: noAmount, quote: noAmount };

export const emptyBooks: Books = {
  poolSide: 'buy',
  poolBase: noAmount,
  poolValue: noAmount,
  gross: noAmount,
  fees: noAmount,
  otherFees: {},
  paid: {},
  buys: noVolume,
  sells: noVolume,
};

/** The next cycle begins with nothing but the pool. */
export const nextCycleBooks = ({ poolSide, poolBase, poolValue }: Books): Books => ({
  ...emptyBooks,
  poolSide,
  poolBase,
  poolValue,
});

/** The books after a trade. The caller books each part of an order once. */
export function book(books: Books, traded: Traded, instrument: Instrument): Books {
  const { side, base, quote } = traded;
  let baseFee = 0n;
  let quoteFee = 0n;
  let { otherFees, paid } = books;
  for (const fee of traded.fees) {
    paid = { ...paid, [fee.currency]: plus(paid[fee.currency] ?? noAmount, fee.amount) };
    if (fee.currency === instrument.base) baseFee += fee.amount;
    else if (fee.currency === instrument.quote) quoteFee += fee.amount;
    else otherFees = { ...otherFees, [fee.currency]: plus(otherFees[fee.currency] ?? noAmount, fee.amount) };
  }
  const baseFeeValue = base === 0n ? 0n : (baseFee * quote) / base;
  const moved = side === 'buy' ? base - baseFee : base + baseFee;
  const worth = side === 'buy' ? quote - baseFeeValue : quote + baseFeeValue;
  const pooled = movePool(books, side, moved, worth);
  const volume = side === 'buy' ? books.buys : books.sells;
  const grown = { base: plus(volume.base, base), quote: plus(volume.quote, quote) };
  return {
    ...books,
    ...pooled.pool,
    gross: plus(books.gross, pooled.gained),
    fees: plus(books.fees, baseFeeValue + quoteFee),
    otherFees,
    paid,
    ...(side === 'buy' ? { buys: grown } : { sells: grown }),
  };
}

type Pool = Pick<Books, 'poolSide' | 'poolBase' | 'poolValue'>;

function movePool(books: Books, side: Side, moved: bigint, worth: bigint): { pool: Pool; gained: bigint } {
  const base = read(books.poolBase);
  const value = read(books.poolValue);
  const pool = (poolSide: Side, nextBase: bigint, nextValue: bigint): Pool => ({
    poolSide,
    poolBase: write(nextBase),
    poolValue: write(nextValue),
  });
  if (base === 0n || books.poolSide === side) return { pool: pool(side, base + moved, value + worth), gained: 0n };
  if (moved <= base) {
    const share = (value * moved) / base;
    return { pool: pool(books.poolSide, base - moved, value - share), gained: gain(side, worth, share) };
  }
  // More than the pool held: it turns round, and the rest enters at its own price.
  const used = (worth * base) / moved;
  return { pool: pool(side, moved - base, worth - used), gained: gain(side, used, value) };
}

const gain = (exit: Side, worth: bigint, cost: bigint): bigint => (exit === 'sell' ? worth - cost : cost - worth);

/**
 * What of the pool the venue would let us trade: whole steps, not below its minimums; else zero, and the pool is dust.
 * @param price at which it would be traded; null: not known, and the venue has to say
 */
export function tradable(books: Books, instrument: Instrument, price: Price | null): Quantity {
  const base = read(books.poolBase);
  if (base <= 0n) return Quantity.zero;
  const held = Quantity.floorTo(Quantity.fromUnits(base / quantityScale), instrument.stepSize);
  const quantity = Quantity.min(held, Quantity.floorTo(instrument.quantityMax, instrument.stepSize));
  return isTradable(quantity, instrument, price) ? quantity : Quantity.zero;
}

/** Whether so much reaches the venue's minimums at the price; one that is not known does not keep it from trying. */
export function isTradable(quantity: Quantity, { quantityMin, notionalMin }: Instrument, price: Price | null): boolean {
  if (quantity < quantityMin) return false;
  // An average price has more decimals than an order's, so the product is compared as it is: 10^-24.
  return price === null || price * quantity >= notionalMin.amount * quantityScale;
}

/** What is held: signed, 10^-18. */
export const signedBase = ({ poolSide, poolBase }: Books): bigint =>
  poolSide === 'buy' ? read(poolBase) : -read(poolBase);

/** What is held: signed, rounded towards zero to a quantity. */
export const held = (books: Books): Quantity => Quantity.fromUnits(signedBase(books) / quantityScale);

/** Quote per base; null without volume. */
export function averagePrice(volume: Volume): Price | null {
  const base = read(volume.base);
  return base <= 0n ? null : Price.fromUnits((read(volume.quote) * 10n ** 12n) / base);
}

/** The average price of the fills that opened what is held. */
export const entryPrice = oncePer((books: Books): Price | null => {
  const entries = books.poolSide === 'buy' ? books.buys : books.sells;
  return averagePrice(entries) ?? averagePrice({ base: books.poolBase, quote: books.poolValue });
});

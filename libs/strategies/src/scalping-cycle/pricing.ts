import { Price, type Side } from '@scalpstorm/model';
import { hundredPercent } from '../sdk/reader.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { offsetDecimals, type PriceSource } from './parameters.js';
import type { Priced } from './priced.js';

/**
 * The price of an order placed now, on the venue's tick and within its range, or why there is none. A computed buy is rounded
 * down and a sell up, never towards a worse deal. It is not chased afterwards.
 *
 * price = from + offset × unit, where a unit is a tick, a basis point (10^-4) of `from`, or an average true range.
 */
export function priceFor(source: PriceSource, side: Side, context: StrategyContext, entry: Price | null): Priced {
  if (source.kind === 'fixed') return { kind: 'price', price: source.price };
  const from = startOf(source.from, context, entry);
  const unknown = source.unit === 'atr' && context.atr === null;
  if (from === null || unknown) {
    const lacking = [from === null ? startNames[source.from] : null, unknown ? ('ATR' as const) : null];
    return { kind: 'waits', lacking: lacking.filter((what) => what !== null) };
  }
  return onTick(Price.fromUnits(from + distanceOf(source, from, context)), side, context);
}

/** Rounded down for a buy and up for a sell. */
export function onTick(wanted: Price, side: Side, { instrument }: StrategyContext): Priced {
  const { tickSize, priceMin: min, priceMax: max } = instrument;
  const price = side === 'buy' ? Price.floorTo(wanted, tickSize) : Price.ceilTo(wanted, tickSize);
  if (price >= min && price <= max) return { kind: 'price', price };
  return { kind: 'out-of-range', side, value: price, limits: { min, max } };
}

/**
 * The price that is worth so much more (`better`) or less for whoever closes with an order of this side: a sell earns on a
 * higher price, a buy on a lower one.
 * @param percent in 10^-4 percent
 */
export function moved(price: Price, percent: bigint, better: boolean, closes: Side): Price {
  const up = better === (closes === 'sell');
  const factor = up ? hundredPercent + percent : hundredPercent - percent;
  return Price.fromUnits((price * factor) / hundredPercent);
}

/** Is a price at least as good as another for whoever closes with an order of this side? */
export const isAsGood = (price: Price, other: Price, closes: Side): boolean =>
  closes === 'sell' ? price >= other : price <= other;

/** What an order at the market would get now: the bid for a sell, the ask for a buy; the last trade where no quote is heard. */
export function markOf({ quote, trade }: StrategyContext, side: Side): Price | null {
  if (quote !== null) return side === 'sell' ? quote.bidPrice : quote.askPrice;
  return trade?.price ?? null;
}

/** By how much the venue's average price, by which it judges the value of an order at the market, may lie above what we know. */
export const averageError = { numerator: 105n, denominator: 100n };

/** The highest that it may be: what is too little even then need not be asked for. */
export const highestAverage = (mark: Price | null): Price | null =>
  mark === null ? null : Price.fromUnits((mark * averageError.numerator) / averageError.denominator);

const startNames = { last: 'trade', mid: 'quote', vwap: 'VWAP', entry: 'entry' } as const;

function startOf(
  from: Extract<PriceSource, { kind: 'offset' }>['from'],
  context: StrategyContext,
  entry: Price | null,
): Price | null {
  switch (from) {
    case 'entry':
      return entry;
    case 'last':
      return context.trade?.price ?? null;
    case 'vwap':
      return context.vwap;
    case 'mid':
      return context.quote === null ? null : Price.fromUnits((context.quote.bidPrice + context.quote.askPrice) / 2n);
  }
}

function distanceOf(
  { offset, unit }: Extract<PriceSource, { kind: 'offset' }>,
  from: Price,
  { instrument, atr }: StrategyContext,
): bigint {
  const scale = 10n ** BigInt(offsetDecimals);
  switch (unit) {
    case 'ticks':
      return (offset * instrument.tickSize) / scale;
    case 'bps':
      return (offset * from) / (10_000n * scale);
    case 'atr':
      return (offset * (atr ?? 0n)) / scale;
  }
}

import { Price, type Side } from '@scalpstorm/model';
import type { StrategyContext } from '../sdk/strategy.js';
import { offsetDecimals, type PriceSource } from './parameters.js';

/**
 * The price of an order placed now, on the venue's tick and within its range; null while the price that it counts from is
 * not known. A computed buy is rounded down and a sell up, never towards a worse deal. It is not chased afterwards.
 */
export function priceFor(source: PriceSource, side: Side, context: StrategyContext, entry: Price | null): Price | null {
  if (source.kind === 'fixed') return source.price;
  const { instrument } = context;
  const from = startOf(source.from, context, entry);
  if (from === null) return null;
  const scale = 10n ** BigInt(offsetDecimals);
  const distance =
    source.unit === 'ticks'
      ? (source.offset * instrument.tickSize) / scale
      : (source.offset * from) / (10_000n * scale);
  const wanted = Price.fromUnits(from + distance);
  const onTick =
    side === 'buy' ? Price.floorTo(wanted, instrument.tickSize) : Price.ceilTo(wanted, instrument.tickSize);
  return onTick < instrument.priceMin || onTick > instrument.priceMax ? null : onTick;
}

function startOf(from: 'last' | 'mid' | 'entry', context: StrategyContext, entry: Price | null): Price | null {
  if (from === 'entry') return entry;
  if (from === 'last') return context.trade?.price ?? null;
  return context.quote === null ? null : Price.fromUnits((context.quote.bidPrice + context.quote.askPrice) / 2n);
}

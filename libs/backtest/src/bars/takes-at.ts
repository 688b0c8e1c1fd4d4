import type { BarColumns } from '@scalpstorm/strategies';
import type { BarMarket } from './bar-market.js';

const bps = 10_000;

/**
 * The price that an order at the market gets: half the spread and the slippage against it. What is known of the market is the bar before
 * the fill, so that an order does not know the range and the volume of the bar that it is filled in.
 * @param from the price that it meets
 * @param quantity negative for a sale
 */
export function takesAt(bars: BarColumns, bar: number, from: number, quantity: number, market: BarMarket): number {
  const share = market.spreadBps / (2 * bps) + slippageOf(bars, bar - 1, Math.abs(quantity), market);
  return quantity > 0 ? from * (1 + share) : from * Math.max(0, 1 - share);
}

function slippageOf(bars: BarColumns, before: number, quantity: number, { slippage }: BarMarket): number {
  switch (slippage.kind) {
    case 'none':
      return 0;
    case 'fixed':
      return slippage.bps / bps;
    case 'volatility':
      return slippage.factor * rangeOf(bars, before);
    case 'square-root': {
      const volume = bars.volume[before] ?? 0;
      return volume > 0 ? slippage.factor * rangeOf(bars, before) * Math.sqrt(quantity / volume) : 0;
    }
  }
}

const rangeOf = ({ high, low, close }: BarColumns, bar: number): number =>
  bar < 0 ? 0 : ((high[bar] as number) - (low[bar] as number)) / (close[bar] as number);

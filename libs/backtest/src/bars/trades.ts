import type { BarColumns } from '@scalpstorm/strategies';
import type { BarFill, FillReason, Fills } from './fills.js';

/** From flat to flat: what was bought and what it was sold for. */
export interface BarTrade {
  readonly openedBar: number;
  readonly closedBar: number;
  /** Microseconds since the epoch, when the bar opened. */
  readonly openedAt: number;
  readonly closedAt: number;
  readonly quantity: number;
  /** Weighted by quantity. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly fees: number;
  /** What it brought after fees, in the quote asset. */
  readonly net: number;
  /** net ÷ what was paid for it, the fee included. */
  readonly netShare: number;
  readonly exitReason: FillReason;
  readonly entryTag: string;
  readonly exitTag: string;
}

/** Round trips that are over. What is still held at the end is none. */
export const tradesOf = (fills: Fills, bars: BarColumns): readonly BarTrade[] => tripsOf(fills, bars).trades;

export interface Trips {
  readonly trades: readonly BarTrade[];
  /** Bars from the first fill of what is still held at the end; 0 where nothing is. */
  readonly openBars: number;
}

/** The same, with how long the position has been there that is none yet. */
export function tripsOf(fills: Fills, bars: BarColumns): Trips {
  const trades: BarTrade[] = [];
  let open: BarFill[] = [];
  let held = 0;
  for (let index = 0; index < fills.length; index += 1) {
    const fill = fills.at(index);
    open.push(fill);
    held += fill.side === 'buy' ? fill.quantity : -fill.quantity;
    if (fill.side === 'buy' || !isClosed(held, fill.quantity)) continue;
    trades.push(tradeOf(open, bars));
    open = [];
    held = 0;
  }
  const [first] = open;
  return { trades, openBars: first === undefined ? 0 : bars.length - first.bar };
}

/** Whether nothing but what rounding leaves is held after this was sold. */
export const isClosed = (held: number, sold: number): boolean => held <= sold * 1e-12;

function tradeOf(fills: readonly BarFill[], bars: BarColumns): BarTrade {
  const bought = fills.filter(({ side }) => side === 'buy');
  const sold = fills.filter(({ side }) => side === 'sell');
  const [first, last] = [bought[0] as BarFill, sold.at(-1) as BarFill];
  const cost = sum(bought, ({ price, quantity, fee }) => price * quantity + fee);
  const proceeds = sum(sold, ({ price, quantity, fee }) => price * quantity - fee);
  const quantity = sum(bought, (fill) => fill.quantity);
  return {
    openedBar: first.bar,
    closedBar: last.bar,
    openedAt: bars.openedAt[first.bar] as number,
    closedAt: bars.openedAt[last.bar] as number,
    quantity,
    entryPrice: sum(bought, (fill) => fill.price * fill.quantity) / quantity,
    exitPrice: sum(sold, (fill) => fill.price * fill.quantity) / sum(sold, (fill) => fill.quantity),
    fees: sum(fills, ({ fee }) => fee),
    net: proceeds - cost,
    netShare: (proceeds - cost) / cost,
    exitReason: last.reason,
    entryTag: first.tag,
    exitTag: last.tag,
  };
}

const sum = (fills: readonly BarFill[], of: (fill: BarFill) => number): number =>
  fills.reduce((total, fill) => total + of(fill), 0);

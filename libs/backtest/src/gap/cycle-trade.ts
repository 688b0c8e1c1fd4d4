import { ClientOrderId, type Fill, type Instrument, Money, Price, Quantity } from '@scalpstorm/model';

/** What a cycle of a bot bought and sold, out of its fills: the same of a live session and of a backtest. */
export interface CycleTrade {
  /** Of the bot; of a backtest not that of the live one. */
  readonly cycle: number;
  readonly side: 'long' | 'short';
  readonly entry: Leg;
  /** Null: it was not closed. */
  readonly exit: Leg | null;
  /** In the quote asset; a fee in base at the price of its fill. What was paid in a third asset is not in it. */
  readonly fees: Money;
}

/** The fills of one side. */
export interface Leg {
  readonly orders: readonly ClientOrderId[];
  /** Of the first and of the last fill. */
  readonly from: number;
  readonly to: number;
  readonly quantity: Quantity;
  /** Σ price × quantity ÷ Σ quantity, rounded down. */
  readonly price: Price;
  readonly fills: number;
  readonly taker: boolean;
}

/** Money counts 10^-18 and a price 10^-12. */
const priceUnits = 10n ** 12n;

/** One for each cycle whose entry filled anything, in their order: what was held before the first fill here is none. */
export function cycleTradesOf(fills: readonly Fill[], instrument: Instrument): readonly CycleTrade[] {
  const cycles = new Map<number, Fill[]>();
  for (const fill of fills) {
    const cycle = ClientOrderId.slotOf(fill.clientOrderId)?.cycle;
    if (cycle === undefined) continue;
    cycles.set(cycle, [...(cycles.get(cycle) ?? []), fill]);
  }
  return [...cycles]
    .filter(([, ofCycle]) => ofCycle.some(isEntry))
    .map(([cycle, ofCycle]) => tradeOf(cycle, ofCycle, instrument))
    .toSorted((left, right) => left.entry.from - right.entry.from);
}

function tradeOf(cycle: number, fills: readonly Fill[], instrument: Instrument): CycleTrade {
  const side = (fills.find(isEntry) as Fill).side;
  const exits = fills.filter((fill) => fill.side !== side);
  const entries = fills.filter((fill) => fill.side === side);
  return {
    cycle,
    side: side === 'buy' ? 'long' : 'short',
    entry: legOf(entries),
    exit: exits.length === 0 ? null : legOf(exits),
    fees: fills.map((fill) => feeOf(fill, instrument)).reduce(Money.plus, Money.zero(instrument.quote)),
  };
}

const isEntry = ({ clientOrderId }: Fill): boolean => ClientOrderId.slotOf(clientOrderId)?.leg === 'entry';

function legOf(fills: readonly Fill[]): Leg {
  const quantity = fills.reduce((sum, fill) => sum + fill.quantity, 0n);
  const value = fills.reduce((sum, fill) => sum + fill.price * fill.quantity, 0n);
  const times = fills.map(({ occurredAt }) => occurredAt);
  return {
    orders: [...new Set(fills.map(({ clientOrderId }) => clientOrderId))],
    from: Math.min(...times),
    to: Math.max(...times),
    quantity: Quantity.fromUnits(quantity),
    price: Price.fromUnits(value / quantity),
    fills: fills.length,
    taker: fills.some(({ liquidity }) => liquidity === 'taker'),
  };
}

function feeOf({ fee, price }: Fill, { base, quote }: Instrument): Money {
  if (fee.currency === quote) return fee;
  if (fee.currency !== base) return Money.zero(quote);
  return { amount: (fee.amount * price) / priceUnits, currency: quote };
}

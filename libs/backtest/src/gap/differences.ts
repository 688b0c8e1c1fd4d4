import { Money, type Price } from '@scalpstorm/model';
import type { CycleTrade, Leg } from './cycle-trade.js';

/** Of a trade that both have; positive is worse live. Null: one of them did not close it. */
export interface Differences {
  readonly entryBps: number;
  readonly exitBps: number | null;
  /** Positive: later live. */
  readonly entrySeconds: number;
  readonly exitSeconds: number | null;
  readonly fees: Money;
}

export function differencesOf(live: CycleTrade, backtest: CycleTrade): Differences {
  const way = live.side === 'long' ? 1 : -1;
  const exits = live.exit !== null && backtest.exit !== null ? { live: live.exit, backtest: backtest.exit } : null;
  return {
    entryBps: way * bpsOf(live.entry.price, backtest.entry.price),
    exitBps: exits === null ? null : -way * bpsOf(exits.live.price, exits.backtest.price) + 0,
    entrySeconds: secondsOf(live.entry, backtest.entry),
    exitSeconds: exits === null ? null : secondsOf(exits.live, exits.backtest),
    fees: Money.minus(live.fees, backtest.fees),
  };
}

/** To a thousandth of a basis point. */
const bpsOf = (price: Price, than: Price): number => Number(((price - than) * 10_000_000n) / than) / 1_000;
const secondsOf = (live: Leg, backtest: Leg): number => (live.from - backtest.from) / 1e6;

import type { Timestamp } from '@scalpstorm/kernel';
import { isFinal, Price } from '@scalpstorm/model';
import { type OrderFact, type ScalpingState, unheard } from '../scalping-cycle/state.js';

/** Asked for within a second; a whole ladder at once would eat the budget of orders. */
const freshMax = 10;
const freshFor = 1_000_000;

export interface Opening {
  readonly now: Timestamp;
  /** Orders that may be alive. */
  readonly most: number;
  readonly price: Price;
}

/**
 * Whether one rung may ask for an entry: so many orders may be alive, and while the gate or the venue refuses one entry, no other
 * is tried until it is its time again. So that one rung waits, and the others do not knock at the same closed door. A sale of another
 * rung that the purchase would meet has the first turn: the gate lets no account trade with itself.
 */
export function mayOpen(rungs: readonly ScalpingState[], index: number, { now, most, price }: Opening): boolean {
  let alive = 0;
  let fresh = 0;
  for (const [other, rung] of rungs.entries()) {
    if (other === index) continue;
    if (rung.failures > 0 && rung.retryAt !== null && rung.retryAt > now && isEntering(rung)) return false;
    const live = liveOf(rung);
    if (live === undefined) continue;
    if (rung.failures > 0 && live.leg === 'entry' && live.version === unheard) return false;
    if (live.side === 'sell' && (live.price === null || Price.of(live.price) <= price)) return false;
    alive += 1;
    if (live.leg === 'entry' && live.placedAt > now - freshFor) fresh += 1;
  }
  return alive < most && fresh < freshMax;
}

export function liveOf({ live, orders }: ScalpingState): OrderFact | undefined {
  const fact = live === null ? undefined : orders.find(({ id }) => id === live);
  return fact && !isFinal(fact.status) ? fact : undefined;
}

/** What it asked for last is an entry; what it holds may be too little to be sold. */
const isEntering = ({ orders }: ScalpingState): boolean => orders.at(-1)?.leg === 'entry';

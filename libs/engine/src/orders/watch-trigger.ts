import type { Price, Side, Trigger } from '@scalpstorm/model';
import { isReached } from './trigger.js';

/** What a price does to an order that waits. */
export interface Watched {
  readonly goesOff: boolean;
  /** The best price since it follows; null: it does not follow, or not yet. */
  readonly best: Price | null;
}

const whole = 10_000n;

/**
 * One look of an emulated trigger at its price. One that trails follows the best price from its activation on (from its first look
 * without one), and goes off when the price has come back by its distance: as a venue does that holds it.
 *
 * @param best as the look before left it
 */
export function watchTrigger(trigger: Trigger, side: Side, price: Price, best: Price | null): Watched {
  if (trigger.kind !== 'trailing') return { goesOff: isReached(trigger, side, price), best: null };
  const { activation, distanceBps } = trigger;
  if (best === null) {
    const follows = activation === null || (side === 'sell' ? price >= activation : price <= activation);
    return { goesOff: false, best: follows ? price : null };
  }
  if (side === 'sell' ? price > best : price < best) return { goesOff: false, best: price };
  const distance = BigInt(distanceBps);
  const goesOff =
    side === 'sell' ? price * whole <= best * (whole - distance) : price * whole >= best * (whole + distance);
  return { goesOff, best };
}

import { type OrderRequest, Price, type Side, type Trigger, type TriggerSource } from '@scalpstorm/model';

/** What is known of a market; null: not known. */
export interface Prices {
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly last: Price | null;
}

/** The price that a trigger looks at; null: not known. The mark of a market without one of its own is the median of bid, ask and last. */
export function sourcePrice({ bid, ask, last }: Prices, source: TriggerSource): Price | null {
  if (source === 'last') return last;
  if (bid === null || ask === null) return null;
  if (source === 'mid') return Price.fromUnits((bid + ask) / 2n);
  if (last === null) return null;
  return last < bid ? bid : last > ask ? ask : last;
}

/** Does the market rise to where it goes off? A loss is stopped on the way against the order, a profit taken on the way with it. */
const risesTo = (kind: 'stop' | 'take-profit', side: Side): boolean => (kind === 'stop') === (side === 'buy');

const whole = 10_000n;

/** Would it go off at once at this price? One that trails can not: the price must come back first. */
export function isReached(trigger: Trigger, side: Side, price: Price): boolean {
  if (trigger.kind === 'trailing') return false;
  return risesTo(trigger.kind, side) ? price >= trigger.price : price <= trigger.price;
}

/**
 * Where the order comes to the market, as far as that can be known before: of one that trails the worst for who pays, because the
 * level only moves to his favour from there on.
 * @param market what it is counted from where it follows from its placement on; null: not known
 */
export function triggerLevel(
  { trigger, side }: Pick<OrderRequest, 'trigger' | 'side'>,
  market: Price | null,
): Price | null {
  if (trigger === undefined) return null;
  if (trigger.kind !== 'trailing') return trigger.price;
  const { activation, distanceBps } = trigger;
  const start = startOf(side, activation, market);
  if (start === null) return null;
  const distance = (start * BigInt(distanceBps)) / whole;
  return Price.fromUnits(side === 'buy' ? start + distance : start - distance);
}

/** An activation that the market has passed already is none. */
function startOf(side: Side, activation: Price | null, market: Price | null): Price | null {
  if (activation === null || market === null) return activation ?? market;
  if (side === 'buy') return activation < market ? activation : market;
  return activation > market ? activation : market;
}

/** The most that one unit may come to cost, or is worth: the limit, or where the trigger is and as much worse as the collar lets. */
export function worstPrice(request: OrderRequest, market: Price | null, collarBps: number): Price | null {
  if (request.price !== null) return request.price;
  const level = triggerLevel(request, market);
  if (level === null || request.side === 'sell') return level;
  return Price.fromUnits(level + (level * BigInt(collarBps)) / whole);
}

/** The same wish: same kind, level and source. */
export function isSameTrigger(left: Trigger | null, right: Trigger | null): boolean {
  if (left === null || right === null) return left === right;
  if (left.source !== right.source) return false;
  if (left.kind === 'trailing' || right.kind === 'trailing')
    return (
      left.kind === 'trailing' &&
      right.kind === 'trailing' &&
      left.distanceBps === right.distanceBps &&
      left.activation === right.activation
    );
  return left.kind === right.kind && left.price === right.price;
}

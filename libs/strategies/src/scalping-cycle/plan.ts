import type { Timestamp } from '@scalpstorm/kernel';
import type { Price, Quantity, Side } from '@scalpstorm/model';
import type { StrategyContext } from '../sdk/strategy.js';
import type { Priced, Unpriced } from './priced.js';

/** What the running cycle of a bot that buys first has come to, as it is booked. */
export interface Holding {
  /** Bought in this cycle, 10^-12; what was sold since is not taken off. */
  readonly entered: bigint;
  /** What is held, with what earlier cycles have left; signed, 10^-18. */
  readonly base: bigint;
  /** What it was bought at on average; null: nothing is held. */
  readonly average: Price | null;
  /** What the first entry of the cycle was filled at on average; null: nothing was bought in it. */
  readonly first: Price | null;
}

/** An order of the cycle that is alive. */
export interface Resting {
  readonly leg: 'entry' | 'exit';
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly placedAt: Timestamp;
}

export interface PlannedEntry {
  readonly kind: 'entry';
  readonly price: Price;
  readonly quantity: Quantity;
}

/**
 * Entries and exits that a strategy reckons itself, for a bot that buys first. It tells what is due; the machine sees to it that it is
 * ordered once. Each answer is a function of what is booked and of the market, never of what was ordered, so that a restart from an
 * older state leads to the same orders.
 */
export interface CyclePlan {
  /** Whether an order that rests has to be looked at whenever the market moves. */
  readonly follows: boolean;
  /** The entry that is due now; null: none is. */
  entry(holding: Holding, context: StrategyContext): PlannedEntry | Unpriced | null;
  /** The entry that is due on top of what is held: the exit is canceled for it. None when absent. */
  adds?(holding: Holding, context: StrategyContext): PlannedEntry | null;
  /** Where the exit rests; by the price source when absent. */
  exit?(holding: Holding, context: StrategyContext): Priced;
  /** Whether an order that rests should rest no longer; what is due then is asked for anew. Never when absent. */
  replaces?(order: Resting, holding: Holding, context: StrategyContext): boolean;
  /** Whether an entry that rests is as these parameters, just edited, would make it. Always when absent. */
  keeps?(order: Resting): boolean;
}

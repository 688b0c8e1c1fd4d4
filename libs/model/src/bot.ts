import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, BotId, InstrumentId, UserId } from './ids.js';
import type { Money } from './money.js';
import type { Mode, Reason } from './order.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What the user asked for. */
export const desiredStates = ['running', 'paused', 'stopped'] as const;
export type DesiredState = (typeof desiredStates)[number];

/** What the bot is doing. */
export const observedStates = [
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
  'flattening',
  'stopped',
  'error',
] as const;
export type ObservedState = (typeof observedStates)[number];

/** The verbs, the same on every surface. */
export const botVerbs = ['start', 'pause', 'resume', 'stop', 'flatten'] as const;
export type BotVerb = (typeof botVerbs)[number];

/** What a user configured. */
export interface BotConfig {
  readonly name: string;
  /** Strategy id, e.g. `scalping-cycle`. */
  readonly strategy: string;
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly instrumentId: InstrumentId;
  /** Checked against the strategy's own schema before it is stored. */
  readonly parameters: JsonObject;
}

/** Running totals of one bot, in the quote currency of its instrument. */
export interface BotTotals {
  readonly cycles: number;
  readonly fills: number;
  /** Σ net PnL of the completed cycles. */
  readonly pnl: Money;
  /** Σ fees of the completed cycles, valued in the quote currency; one whose price is not known is missing. */
  readonly fees: Money;
  /** What the bot holds now, from its own fills. */
  readonly held: Quantity;
}

export interface Bot {
  readonly id: BotId;
  readonly userId: UserId;
  readonly config: BotConfig;
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly reason: Reason;
  readonly since: Timestamp;
  readonly totals: BotTotals;
  /** Counts every change; a consumer ignores a version that it has already seen. */
  readonly version: number;
  readonly createdAt: Timestamp;
}

/** Why a cycle was closed. */
export const cycleExits = ['target', 'take-profit', 'trailing', 'stop-loss', 'flatten', 'signal', 'time'] as const;
export type CycleExit = (typeof cycleExits)[number];

/** What one of a currency was worth in another, and when: when it was traded, or when it was told where nobody says that. */
export interface Priced {
  readonly price: Price;
  readonly at: Timestamp;
}

/** A fee in neither base nor quote. */
export interface OtherFee {
  readonly fee: Money;
  /** In quote, at `priced`; null until a price is known, which may be after the cycle was completed. */
  readonly value: Money | null;
  /** Null with a value that was made before prices were kept. */
  readonly priced: Priced | null;
}

/** A buy and a sell stored as a pair, with what was earned. */
export interface Cycle {
  readonly botId: BotId;
  /** Counts from 0, as orders' ids do; people are told {@link countedCycle}. */
  readonly number: number;
  readonly instrumentId: InstrumentId;
  readonly mode: Mode;
  readonly quantity: Quantity;
  /** Volume-weighted; for display. The PnL is computed from exact sums, not from this. */
  readonly buyPrice: Price;
  readonly sellPrice: Price;
  /** What each leg traded, before fees. */
  readonly buyQuantity: Quantity;
  readonly sellQuantity: Quantity;
  /** sell − buy, before fees. */
  readonly gross: Money;
  /** In quote; one in base at the price of its own fill, one in a third currency at its `value`. */
  readonly fees: Money;
  /** gross − fees. */
  readonly net: Money;
  /** All fees as the venue charged them, one entry a currency. */
  readonly feesPaid: readonly Money[];
  /** Those of `feesPaid` in neither base nor quote; `fees` and `net` contain the ones with a `value`, and no other. */
  readonly otherFees: readonly OtherFee[];
  /** Left over and too small to trade; goes on into the next cycle at its cost. Negative: sold too much. */
  readonly dust: Quantity;
  readonly exit: CycleExit;
  readonly startedAt: Timestamp;
  readonly completedAt: Timestamp;
}

/** How people count cycles, wherever one is shown or told: the first is 1. */
export const countedCycle = (number: number): number => number + 1;

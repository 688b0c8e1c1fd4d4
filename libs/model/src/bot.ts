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
  /** Σ fees of the completed cycles, valued in the quote currency at the fill's own price. */
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

/** A buy and a sell stored as a pair, with what was earned. */
export interface Cycle {
  readonly botId: BotId;
  /** Counts from 0. */
  readonly number: number;
  readonly instrumentId: InstrumentId;
  readonly mode: Mode;
  readonly quantity: Quantity;
  /** Volume-weighted; for display. The PnL is computed from exact sums, not from this. */
  readonly buyPrice: Price;
  readonly sellPrice: Price;
  /** sell − buy, before fees. */
  readonly gross: Money;
  readonly fees: Money;
  readonly net: Money;
  readonly startedAt: Timestamp;
  readonly completedAt: Timestamp;
}

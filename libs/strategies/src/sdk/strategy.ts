import type { PairFunds } from '@scalpstorm/engine';
import type { Result, Timestamp } from '@scalpstorm/kernel';
import type {
  ActivityLevel,
  BotId,
  CancelReason,
  Candle,
  ClientOrderId,
  Cycle,
  Fill,
  Instrument,
  JsonObject,
  Mode,
  Order,
  OrderSlot,
  OrderType,
  Position,
  Prediction,
  Price,
  Purpose,
  Quantity,
  Quote,
  Reason,
  Side,
  TimeInForce,
  Trade,
} from '@scalpstorm/model';
import type { ConfiguredBarStrategy } from '../bars/bar-strategy.js';
import type { MeasureWish } from './measures.js';
import type { ParameterFault } from './parameter-fault.js';
import type { Withheld } from './withheld.js';

/** What a strategy hears. At least once, in any order across orders; it must do the right thing all the same. */
export type StrategyEvent =
  /** The user starts it, for the first time or again. */
  | { readonly kind: 'started' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' }
  /** Cancel own orders, keep the position. `reason` goes on the cancels. */
  | { readonly kind: 'stop-asked'; readonly reason: CancelReason }
  /** Cancel own orders, then close what is held. */
  | { readonly kind: 'flatten-asked' }
  /** Its parameters were changed while it lives; orders that they would not make any more are replaced. */
  | { readonly kind: 'reconfigured' }
  /** A halt is over: what was denied may be asked for again at once. */
  | { readonly kind: 'released' }
  /** The process was restarted and the state loaded: ask again for what has no answer yet. Never the first event. */
  | { readonly kind: 'restored' }
  | { readonly kind: 'quote'; readonly quote: Quote }
  | { readonly kind: 'trade'; readonly trade: Trade }
  /** Of the model that its `measures` name; it is in the context already. */
  | { readonly kind: 'prediction' }
  /** A bar of the timeframe that its `measures` name has closed, or its history is known now; in the context already. */
  | { readonly kind: 'bar' }
  /** The whole order; `fill` when this change is one. A strategy sees only its own bot's orders. */
  | { readonly kind: 'order-changed'; readonly order: Order; readonly fill: Fill | null }
  | { readonly kind: 'order-denied'; readonly clientOrderId: ClientOrderId; readonly reason: Reason }
  /** The time that a `wait-until` asked for, and every few seconds besides. */
  | { readonly kind: 'tick' };

export interface StrategyContext {
  readonly botId: BotId;
  readonly mode: Mode;
  readonly instrument: Instrument;
  readonly now: Timestamp;
  /** Newest market data, or null before the first; the caller hands over no stale ones. */
  readonly quote: Quote | null;
  readonly trade: Trade | null;
  /** What the strategy's `measures` asked for; null while it is not known. */
  readonly vwap: Price | null;
  readonly atr: Price | null;
  /** The newest of the model that its `measures` name; null while there is none that is still valid. */
  readonly prediction: Prediction | null;
  /**
   * Closed bars of the timeframe that the `measures` name, oldest first, without a hole, at most `barsKept`; null while they are not known.
   * Always there where they are wanted. A bar may be corrected after it was heard.
   */
  readonly bars?: readonly Candle[] | null;
  /** What its account holds of both assets; null where the `measures` do not ask for it, and while it is not known for sure. */
  readonly funds: PairFunds | null;
  /** What the bot's own fills add up to, where the caller knows it. */
  readonly position: Position | null;
}

/** The order that a strategy wants; the caller adds user, account, mode and instrument. */
export interface WantedOrder {
  /** The client order id is a pure function of it: the same slot is the same order, however often it is asked for. */
  readonly slot: OrderSlot;
  readonly clientOrderId: ClientOrderId;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly timeInForce: TimeInForce;
  readonly purpose: Purpose;
}

/** Where a strategy has arrived; the caller feeds it to the bot's life (`engine/bots`). */
export type Milestone =
  | 'started'
  | 'paused'
  | 'stopped'
  | 'finished'
  | 'auto-stopped'
  | 'failed'
  /** It runs, and stands still for want of something; the code of the reason begins with `WAITS_`. Saying it again is harmless. */
  | 'waits'
  /** It has what it waited for. Harmless when it did not wait. */
  | 'goes-on'
  /** The gate denies what it wants because trading is halted, or takes it again. Harmless when that was said already. */
  | 'halted'
  | 'released';

export type Effect =
  /** `ask` counts from 0: how often this id was asked for before. */
  | { readonly kind: 'place'; readonly order: WantedOrder; readonly ask: number }
  | { readonly kind: 'cancel'; readonly clientOrderId: ClientOrderId; readonly reason: CancelReason }
  /** Nothing here says what a fee in a third currency is worth: the caller fills `otherFees.value` in, where it knows. */
  | { readonly kind: 'cycle-completed'; readonly cycle: Cycle }
  | {
      readonly kind: 'log';
      readonly level: ActivityLevel;
      readonly code: string;
      readonly text: string;
      readonly data: JsonObject;
    }
  /** A tick is wanted at this time; a later one replaces it. */
  | { readonly kind: 'wait-until'; readonly at: Timestamp }
  | { readonly kind: 'reached'; readonly milestone: Milestone; readonly reason: Reason };

export interface StrategyStep<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Checked<Parameters> {
  readonly parameters: Parameters;
  /** Allowed, but probably not meant. */
  readonly warnings: readonly ParameterFault[];
}

/**
 * A strategy is data and three pure functions, the same in backtest, paper and live. `State` is plain JSON (exact
 * numbers as decimal texts), so that it survives a restart by being written down. `step` gives back the very same state
 * object when nothing changed; the caller writes nothing then.
 */
export interface StrategyDefinition<Parameters, State extends JsonObject> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema (2020-12) of the parameters. */
  readonly schema: JsonObject;
  /** Cycles with the same remainder by this number come one after the other, those of others at any time between; 1 when absent. */
  readonly lanes?: number;
  /** @param lastPrice of the instrument, where somebody is there to be told; null when a stored bot is run again */
  check(
    parameters: JsonObject,
    instrument: Instrument,
    lastPrice: Price | null,
  ): Result<Checked<Parameters>, readonly ParameterFault[]>;
  /** What it wants to know of the market over time; nothing when absent. */
  measures?(parameters: Parameters): MeasureWish;
  /** The rule over bars that decides, where there is one; absent: it hears events only. */
  rule?(parameters: Parameters): ConfiguredBarStrategy;
  /** The same parameters of a bot that may not open; absent: it always may. */
  withhold?(parameters: Parameters, withheld: Withheld): Parameters;
  init(parameters: Parameters): State;
  /**
   * False: in this state a step on a quote or a trade would give back the same state and no effects, whatever the prices are, so
   * the caller leaves it out. Always true when absent.
   */
  heedsMarket?(state: State, parameters: Parameters): boolean;
  step(state: State, event: StrategyEvent, context: StrategyContext, parameters: Parameters): StrategyStep<State>;
}
